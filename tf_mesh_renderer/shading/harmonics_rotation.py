"""Nine coefficients of light in another frame: the light turns, the axes stay."""

import tensorflow as tf

from tf_mesh_renderer.arguments import check_shape, float_tensors
from tf_mesh_renderer.geometry.vectors import (
    matrix_from_rows,
    matrix_product,
    matrix_times_vectors,
    normalize,
)
from tf_mesh_renderer.shading.spherical_harmonics import NUM_COEFFICIENTS, SH_CONSTANTS

_, _, _C2, _C3, _C4 = SH_CONSTANTS


def rotate_harmonics(coefficients: tf.Tensor, rotation: tf.Tensor) -> tf.Tensor:
    """Coefficients of the same light after a rotation.

    The second band is a vector and the third a symmetric matrix without trace, and they turn as
    such: exactly, and without Wigner's matrices.

    Args:
      coefficients: [B, 9] float, projections on `sh_basis`.
      rotation: [B, 3, 3] float, orthonormal, for column vectors: what came from the direction d
        comes from rotation d afterwards.
    Returns:
      [B, 9].
    Gradients:
      Exact to both.
    Raises:
      ValueError: a wrong shape.
    """
    coefficients, rotation = float_tensors(coefficients, rotation)
    check_shape("rotate_harmonics", "coefficients", value=coefficients, shape=[NUM_COEFFICIENTS])
    check_shape("rotate_harmonics", "rotation", value=rotation, shape=[3, 3])
    bands = tf.unstack(coefficients, num=NUM_COEFFICIENTS, axis=-1)
    vector = matrix_times_vectors(rotation, _to_vector(bands)[:, tf.newaxis])[:, 0]
    x, y, z = tf.unstack(vector, axis=-1)
    turned = matrix_product(rotation, _to_matrix(bands[4:]))
    matrix = matrix_product(turned, tf.linalg.matrix_transpose(rotation))
    return tf.stack([bands[0], -y, z, -x, *_from_matrix(matrix)], axis=-1)


def harmonics_direction(coefficients: tf.Tensor) -> tf.Tensor:
    """Where most of the light comes from, by the linear band.

    Args:
      coefficients: [..., 9] float, projections on `sh_basis`.
    Returns:
      [..., 3], unit length; 0 where the band is 0.
    Gradients:
      Exact.
    """
    return normalize(_to_vector(tf.unstack(coefficients, num=NUM_COEFFICIENTS, axis=-1)))


def _to_vector(bands):
    return tf.stack([-bands[3], -bands[1], bands[2]], axis=-1)


def _to_matrix(band):
    """[B, 3, 3] whose quadratic form is the third band, of its five coefficients [B]."""
    xy, yz, zz, xz, difference = band
    xy, yz, xz = _C2 / 2 * xy, -_C2 / 2 * yz, -_C2 / 2 * xz
    xx, yy = _C4 * difference - _C3 * zz, -_C4 * difference - _C3 * zz
    return matrix_from_rows([xx, xy, xz], [xy, yy, yz], [xz, yz, 2 * _C3 * zz])


def _from_matrix(matrix):
    """The five coefficients that `_to_matrix` was given."""
    xx, yy, zz = tf.unstack(tf.linalg.diag_part(matrix), axis=-1)
    xy, yz, xz = matrix[..., 0, 1], matrix[..., 1, 2], matrix[..., 0, 2]
    difference = (xx - yy) / (2 * _C4)
    return 2 / _C2 * xy, -2 / _C2 * yz, zz / (2 * _C3), -2 / _C2 * xz, difference
