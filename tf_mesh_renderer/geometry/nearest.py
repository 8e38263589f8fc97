"""Distances from one cloud of points to another."""

import functools
import threading

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, check_shape, float_tensors
from tf_mesh_renderer.geometry.vectors import length


def squared_distances_to_nearest(points: tf.Tensor, others: tf.Tensor) -> tf.Tensor:
    """Squared distance from every point to the nearest of the others.

    All N M pairs are compared, one item of the batch at a time. XLA compiles that once for every
    size of the clouds, so keep N and M the same from call to call.

    Args:
      points: [..., N, D] float.
      others: [..., M, D] float, same space, M > 0.
    Returns:
      [..., N], float32 for half precision.
    Gradients:
      Exact to both, for the nearest points as they are; among equally near ones the first is taken.
    Raises:
      ValueError: a static shape is wrong.
    """
    return tf.reduce_sum(tf.square(_to_nearest(points, others)), axis=-1)


def distances_to_nearest(points: tf.Tensor, others: tf.Tensor) -> tf.Tensor:
    """Distance from every point to the nearest of the others.

    Args:
      points: [..., N, D] float.
      others: [..., M, D] float, same space, M > 0.
    Returns:
      [..., N], float32 for half precision.
    Gradients:
      As `squared_distances_to_nearest`; zero where two points coincide.
    Raises:
      ValueError: a static shape is wrong.
    """
    return length(_to_nearest(points, others))


def _to_nearest(points, others):
    """[..., N, D] vectors to every point from the nearest of the others."""
    points, others = float_tensors(points, others)
    _check_points(points, others)
    flat = tf.reshape(points, [-1, *_last_two(points)])  # [B, N, D]
    flat_others = tf.reshape(others, [-1, *_last_two(others)])  # [B, M, D]
    nearest = tf.map_fn(
        lambda pair: _index_of_nearest(*pair),
        (tf.stop_gradient(flat), tf.stop_gradient(flat_others)),
        fn_output_signature=tf.TensorSpec([points.shape[-2]], tf.int32),
    )
    difference = flat - tf.gather(flat_others, nearest, batch_dims=1)
    return tf.ensure_shape(tf.reshape(difference, tf.shape(points)), points.shape)


def _index_of_nearest(points, others):
    """[N] int32 for points [N, D] and others [M, D]."""
    with _FIRST_CALL:
        search = _compiled_search(points.dtype)
    return search(points, others)


# Threads that meet an untraced function would each trace it.
_FIRST_CALL = threading.Lock()


@functools.cache
def _compiled_search(dtype):
    """Compiled, the distances of all pairs are never stored, which also takes less time."""

    def search(points, others):
        # Differences, not |a|² - 2 a b + |b|², whose cancellation decides between near neighbours.
        pairs = tf.math.squared_difference(points[:, tf.newaxis], others)  # [N, M, D]
        return tf.argmin(tf.reduce_sum(pairs, axis=-1), axis=-1, output_type=tf.int32)

    spec = tf.TensorSpec([None, None], dtype)
    with tf.init_scope():  # it outlives the graph that asks for it first
        return tf.function(search, [spec, spec], jit_compile=True).get_concrete_function()


def _check_points(points, others):
    for name, value in (("points", points), ("others", others)):
        check_shape("nearest points", name, value=value, shape=[None, None])
    batch, size = points.shape[:-2], points.shape[-1]
    if not others.shape.is_compatible_with([*batch, others.shape[-2], size]):
        raise argument_error(
            "nearest points",
            "others",
            expected=f"the same batch and dimension as `points`, {points.shape}",
            received=f"shape {others.shape}",
            hint="nothing is broadcast; repeat one of them",
        )
    if 0 in (points.shape[-2], others.shape[-2]):
        raise argument_error(
            "nearest points",
            "points" if points.shape[-2] == 0 else "others",
            expected="at least one point",
            received="none",
            hint="a distance to nothing has no value",
        )


def _last_two(tensor):
    dynamic = tf.shape(tensor)
    return [tensor.shape[i] if tensor.shape[i] is not None else dynamic[i] for i in (-2, -1)]
