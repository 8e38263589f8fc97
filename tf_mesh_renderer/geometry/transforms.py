"""Rotations, rigid and affine transforms of points, and N3MR's normalisation of a mesh."""

import math
from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, check_shape, float_tensors
from tf_mesh_renderer.geometry.vectors import (
    matrix_from_rows,
    matrix_product,
    matrix_times_vectors,
    normalize,
)

# Below this x^2 the series of sin(x)/x to the fourth order is exact in float64.
_SINC_SERIES_BELOW = 1e-4


def rotation_from_vector(rotation_vector: Any) -> tf.Tensor:
    """Rotation about an axis through the origin (Rodrigues' formula).

    Args:
      rotation_vector: [..., 3] float: the axis times the angle in radians, right-hand rule.
    Returns:
      [..., 3, 3], for column vectors: p' = R p.
    Gradients:
      Exact everywhere, also at the zero rotation; a good parameter to optimise.
    Raises:
      ValueError: the last dimension is not 3.
    Source:
      Murray, Li & Sastry, "A Mathematical Introduction to Robotic Manipulation", 1994, eq. 2.14.
    """
    (vector,) = float_tensors(rotation_vector)
    check_shape("rotation_from_vector", "rotation_vector", value=vector, shape=[3])
    squared = tf.reduce_sum(vector * vector, axis=-1)[..., tf.newaxis, tf.newaxis]
    skew = _skew(vector)
    # (1 - cos a) / a^2 written with half angles: the subtraction would cancel for small angles.
    versine = 0.5 * tf.square(_sinc_of_square(0.25 * squared))
    identity = tf.eye(3, dtype=vector.dtype)
    return identity + _sinc_of_square(squared) * skew + versine * matrix_product(skew, skew)


def rotation_from_axis_angle(axis: Any, angle_degrees: Any) -> tf.Tensor:
    """Rotation about `axis` by an angle in degrees, right-hand rule.

    Args:
      axis: [..., 3] float of unit length.
      angle_degrees: [...] float.
    Returns:
      [..., 3, 3], for column vectors.
    Gradients:
      Exact, to both.
    """
    axis, angle = float_tensors(axis, angle_degrees)
    return rotation_from_vector(axis * radians(angle)[..., tf.newaxis])


def rotation_from_euler(angles_degrees: Any, *, order: str = "xyz") -> tf.Tensor:
    """Rotation by three successive turns about fixed coordinate axes.

    Args:
      angles_degrees: [..., 3] float, in the order of `order`.
      order: axis letters, first turn first; "xyz" gives R = Rz Ry Rx.
    Returns:
      [..., 3, 3], for column vectors.
    Gradients:
      Exact.
    Raises:
      ValueError: `order` is not three letters of x, y, z, or the shape is wrong.
    """
    if len(order) != 3 or set(order) - set("xyz"):
        raise argument_error(
            "rotation_from_euler",
            "order",
            expected="three letters of 'x', 'y', 'z'",
            received=repr(order),
            hint="use for instance 'xyz'",
        )
    (angles,) = float_tensors(angles_degrees)
    check_shape("rotation_from_euler", "angles_degrees", value=angles, shape=[3])
    axes = tf.eye(3, dtype=angles.dtype)
    turns = [
        rotation_from_axis_angle(axes["xyz".index(letter)], angles[..., index])
        for index, letter in enumerate(order)
    ]
    return matrix_product(turns[2], matrix_product(turns[1], turns[0]))


def rotation_from_quaternion(quaternion: Any) -> tf.Tensor:
    """Rotation of a quaternion, whose length does not matter.

    Args:
      quaternion: [..., 4] float (w, x, y, z), the real part first; q and -q are one rotation.
    Returns:
      [..., 3, 3], for column vectors; the identity where the quaternion is 0.
    Gradients:
      Exact; along the quaternion itself there is none, as its length does not matter.
    Raises:
      ValueError: the last dimension is not 4.
    """
    (quaternion,) = float_tensors(quaternion)
    check_shape("rotation_from_quaternion", "quaternion", value=quaternion, shape=[4])
    unit = normalize(quaternion)
    skew = _skew(unit[..., 1:])
    real = unit[..., 0, tf.newaxis, tf.newaxis]
    identity = tf.eye(3, dtype=quaternion.dtype)
    return identity + 2 * real * skew + 2 * matrix_product(skew, skew)


def quaternion_from_rotation(rotation: Any) -> tf.Tensor:
    """The unit quaternion of a rotation; the inverse of `rotation_from_quaternion`.

    Args:
      rotation: [..., 3, 3] float, orthonormal with determinant 1.
    Returns:
      [..., 4] (w, x, y, z), one of q and -q: that whose largest component is positive.
    Gradients:
      Exact, but where two components are the largest.
    Raises:
      ValueError: the last dimensions are not 3, 3.
    Source:
      Shepperd, "Quaternion from Rotation Matrix", Journal of Guidance and Control 1(3), 1978.
    """
    (rotation,) = float_tensors(rotation)
    check_shape("quaternion_from_rotation", "rotation", value=rotation, shape=[3, 3])
    (a, b, c), (d, e, f), (g, h, i) = (
        tf.unstack(row, axis=-1) for row in tf.unstack(rotation, axis=-2)
    )
    # 4 q q^T: each row is the quaternion times one of its components.
    products = matrix_from_rows(
        [1 + a + e + i, h - f, c - g, d - b],
        [h - f, 1 + a - e - i, b + d, c + g],
        [c - g, b + d, 1 - a + e - i, f + h],
        [d - b, c + g, f + h, 1 - a - e + i],
    )
    largest = tf.argmax(tf.linalg.diag_part(products), axis=-1)
    return normalize(tf.gather(products, largest, axis=-2, batch_dims=largest.shape.rank))


def rigid_matrix(rotation: tf.Tensor, translation: tf.Tensor) -> tf.Tensor:
    """The 4x4 matrix of p' = R p + t.

    Args:
      rotation: [..., 3, 3] float; any linear map.
      translation: [..., 3] float; batch dimensions broadcast.
    Returns:
      [..., 4, 4], for column vectors.
    Gradients:
      Exact, to both.
    """
    column = translation[..., tf.newaxis]  # [..., 3, 1]
    batch = tf.broadcast_dynamic_shape(tf.shape(rotation)[:-2], tf.shape(column)[:-2])
    top = tf.concat(
        [
            tf.broadcast_to(rotation, tf.concat([batch, [3, 3]], axis=0)),
            tf.broadcast_to(column, tf.concat([batch, [3, 1]], axis=0)),
        ],
        axis=-1,
    )
    last = tf.constant([[0, 0, 0, 1]], top.dtype)
    return tf.concat([top, tf.broadcast_to(last, tf.concat([batch, [1, 4]], axis=0))], axis=-2)


def translation_matrix(offset: Any) -> tf.Tensor:
    """The 4x4 matrix of p' = p + offset.

    Args:
      offset: [..., 3] float, in the units of the points.
    Returns:
      [..., 4, 4], for column vectors.
    Gradients:
      Exact.
    Raises:
      ValueError: the last dimension is not 3.
    """
    (offset,) = float_tensors(offset)
    check_shape("translation_matrix", "offset", value=offset, shape=[3])
    return rigid_matrix(tf.eye(3, dtype=offset.dtype), offset)


def scale_matrix(factors: Any) -> tf.Tensor:
    """The 4x4 matrix of p' = factors * p.

    Args:
      factors: [..., 3] float, one for each axis; negative ones mirror.
    Returns:
      [..., 4, 4], for column vectors.
    Gradients:
      Exact.
    Raises:
      ValueError: the last dimension is not 3.
    """
    (factors,) = float_tensors(factors)
    check_shape("scale_matrix", "factors", value=factors, shape=[3])
    return rigid_matrix(tf.linalg.diag(factors), tf.zeros([3], factors.dtype))


def homogeneous_transform(points: tf.Tensor, matrix: tf.Tensor) -> tf.Tensor:
    """Applies 4x4 matrices to points and keeps the fourth coordinate.

    Args:
      points: [..., N, 3] float, taken as (x, y, z, 1).
      matrix: [..., 4, 4] float of the same dtype, for column vectors; batch dimensions broadcast.
    Returns:
      [..., N, 4].
    Gradients:
      Exact, to both.
    """
    offset = matrix[..., tf.newaxis, :, 3]  # [..., 1, 4]
    return matrix_times_vectors(matrix[..., :3], points) + offset


def transform_points(points: Any, matrix: Any) -> tf.Tensor:
    """Applies an affine transform to points.

    Args:
      points: [..., N, 3] float.
      matrix: [..., 4, 4] float with last row (0, 0, 0, 1), for column vectors; broadcasts.
    Returns:
      [..., N, 3].
    Gradients:
      Exact, to both.
    Raises:
      ValueError: a static shape is wrong.
    """
    points, matrix = float_tensors(points, matrix)
    check_shape("transform_points", "points", value=points, shape=[None, 3])
    check_shape("transform_points", "matrix", value=matrix, shape=[4, 4])
    return homogeneous_transform(points, matrix)[..., :3]


def normalize_to_unit_box(vertices: tf.Tensor) -> tf.Tensor:
    """Centres the bounding box at 0 and scales its longest side to [-1, 1], as N3MR's loader does.

    Args:
      vertices: [..., V, 3] float; every batch item is normalised by itself.
    Returns:
      [..., V, 3]. A mesh without extent goes to 0.
    Gradients:
      Exact, also through the box, which moves with its extreme vertices.
    Source:
      Neural 3D Mesh Renderer, load_obj: v -= min(v); v = 2 v / max|v|; v -= max(v) / 2.
    """
    shifted = vertices - tf.reduce_min(vertices, axis=-2, keepdims=True)
    extent = tf.reduce_max(tf.abs(shifted), axis=[-2, -1], keepdims=True)
    scaled = 2 * tf.math.divide_no_nan(shifted, extent)
    return scaled - tf.reduce_max(scaled, axis=-2, keepdims=True) / 2


def radians(angle_degrees: tf.Tensor, pi: float = math.pi) -> tf.Tensor:
    """Degrees to radians.

    Args:
      angle_degrees: [...] float.
      pi: the value to compute with; programs that round it are matched by their own.
    Returns:
      [...] in the dtype of the angle.
    Gradients:
      Exact.
    """
    return angle_degrees * (pi / 180)


def _skew(vector: tf.Tensor) -> tf.Tensor:
    """The matrix K with K p = vector x p; [..., 3] to [..., 3, 3]."""
    x, y, z = tf.unstack(vector, axis=-1)
    zero = tf.zeros_like(x)
    return matrix_from_rows([zero, -z, y], [z, zero, -x], [-y, x, zero])


def _sinc_of_square(squared: tf.Tensor) -> tf.Tensor:
    """sin(x) / x as a function of x^2, smooth at 0."""
    small = squared < _SINC_SERIES_BELOW
    x = tf.sqrt(tf.where(small, tf.ones_like(squared), squared))
    series = 1 - squared / 6 * (1 - squared / 20)
    return tf.where(small, series, tf.sin(x) / x)
