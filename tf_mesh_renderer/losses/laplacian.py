"""Loss on how far vertices are from the middle of their neighbours."""

from typing import Any

import tensorflow as tf

from tf_mesh_renderer.geometry.adjacency import Adjacency
from tf_mesh_renderer.losses.vertex_values import vertex_values


def laplacian_loss(values: Any, adjacency: Adjacency) -> tf.Tensor:
    """Sum over vertices of |x - mean of x over the neighbours|².

    SoftRas gives it the positions, which makes every surface smooth and small; DIB-R gives it the
    displacement from a template, which leaves the template's own curvature alone.

    Args:
      values: [..., V, D] float, of vertices: positions, a displacement, texture coordinates.
      adjacency: of the mesh. A vertex without neighbours adds nothing.
    Returns:
      [...] in squared units of the values, float32 for half precision.
    Gradients:
      Exact, of any order.
    Raises:
      TypeError: `adjacency` is something else.
      ValueError: a static shape is wrong.
    Source:
      Liu et al., "Soft Rasterizer", ICCV 2019, sec. 5.1; Chen et al., "DIB-R", NeurIPS 2019, sec. 5.1.
    """
    values = vertex_values("laplacian_loss", "values", value=values, adjacency=adjacency)
    dynamic = tf.shape(values)
    flat = tf.reshape(values, [-1, adjacency.num_vertices, values.shape[-1] or dynamic[-1]])
    by_vertex = tf.transpose(flat, [1, 0, 2])  # [V, B, D]
    difference = by_vertex - _mean_of_neighbours(by_vertex, adjacency)
    return tf.reshape(tf.reduce_sum(tf.square(difference), axis=(0, 2)), dynamic[:-2])


def _mean_of_neighbours(values, adjacency):
    """[V, B, D] like `values`; of a vertex without neighbours its own value."""
    a, b = adjacency.edges.T
    ends, others = tf.concat([a, b], axis=0), tf.concat([b, a], axis=0)

    @tf.custom_gradient
    def sum_of_neighbours(x):
        total = tf.math.unsorted_segment_sum(tf.gather(x, others), ends, adjacency.num_vertices)
        # Being a neighbour is mutual, so the derivative is the function itself.
        return total, sum_of_neighbours

    degrees = tf.math.bincount(ends, minlength=adjacency.num_vertices)[:, tf.newaxis, tf.newaxis]
    has_neighbours = degrees > 0
    total = sum_of_neighbours(values)
    return tf.where(has_neighbours, total / tf.cast(tf.maximum(degrees, 1), values.dtype), values)
