"""Weak perspective: parallel rays, a scale and a shift, as structure from motion fits to keypoints.

The image coordinates of a point p are u = s (R p)_xy + t, with u = (-1, -1) at the top left corner
of a square image and (1, 1) at the bottom right one: x right, y DOWN. The axes of R p are those of
OpenCV (x right, y down, z away from the viewer): the world is right-handed where R is a rotation.

Source:
  Kanazawa et al., "Learning Category-Specific Mesh Reconstruction from Image Collections" (CMR),
  ECCV 2018, sec. 2.1.
"""

from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import check_shape, float_tensors
from tf_mesh_renderer.cameras.projection import check_depth_range
from tf_mesh_renderer.geometry.transforms import rigid_matrix, rotation_from_quaternion
from tf_mesh_renderer.geometry.vectors import matrix_from_rows, matrix_times_vectors

# From axes with y down and z away from the viewer to those of right-handed view space, by rows.
_TO_VIEW = (1.0, -1.0, -1.0)


def weak_perspective(points: Any, scale: Any, translation: Any, quaternion: Any) -> tf.Tensor:
    """Image coordinates of points, u = s (R p)_xy + t.

    Args:
      points: [B, N, 3] or [N, 3] float, world space.
      scale: [] or [B] float: s, in units of half an image per world unit.
      translation: [2] or [B, 2] float: t, where the origin of the world appears.
      quaternion: [4] or [B, 4] float (w, x, y, z) of R; its length does not matter.
    Returns:
      [B, N, 2] (without B where no input has it): x right, y down, the image spans [-1, 1].
    Gradients:
      Exact to all four.
    Raises:
      ValueError: a wrong shape.
    """
    points, scale, translation, quaternion = float_tensors(points, scale, translation, quaternion)
    check_shape("weak_perspective", "points", value=points, shape=[None, 3])
    check_shape("weak_perspective", "translation", value=translation, shape=[2])
    turned = matrix_times_vectors(rotation_from_quaternion(quaternion), points)
    factor = scale[..., tf.newaxis, tf.newaxis]
    return factor * turned[..., :2] + translation[..., tf.newaxis, :]


def weak_perspective_view(quaternion: Any, distance: Any) -> tf.Tensor:
    """World-to-view matrix diag(1, -1, -1) (R p + (0, 0, distance)): x right, y up, z backwards.

    Args:
      quaternion: [4] or [B, 4] float (w, x, y, z) of R; its length does not matter.
      distance: [] or [B] float: depth of the origin of the world, in world units.
    Returns:
      [4, 4] or [B, 4, 4].
    Gradients:
      Exact to both.
    Raises:
      ValueError: a wrong shape.
    """
    quaternion, distance = float_tensors(quaternion, distance)
    zero = tf.zeros_like(distance)
    shift = tf.stack([zero, zero, -distance], axis=-1)
    to_view = tf.constant(_TO_VIEW, quaternion.dtype)[:, tf.newaxis]
    return rigid_matrix(to_view * rotation_from_quaternion(quaternion), shift)


def weak_perspective_matrix(
    scale: Any, translation: Any, *, aspect: Any = 1.0, near: float = 0.1, far: float = 100.0
) -> tf.Tensor:
    """View-to-clip matrix of a weak-perspective camera.

    Args:
      scale: [] or [B] float: s, in units of half the height of the image per world unit.
      translation: [2] or [B, 2] float: t (x right, y down), in the same units.
      aspect: [] or [B] float: width / height of the image, for square pixels.
      near: depth that gets z = -1; may be negative.
      far: depth > near that gets z = 1; finite.
    Returns:
      [4, 4] or [B, 4, 4], for right-handed view space (x right, y up, z towards the viewer).
    Gradients:
      Exact to `scale`, `translation` and `aspect`.
    Raises:
      ValueError: a wrong shape or depth range.
    """
    check_depth_range("weak_perspective_matrix", near=near, far=far, perspective=False)
    scale, translation, aspect = float_tensors(scale, translation, aspect)
    check_shape("weak_perspective_matrix", "translation", value=translation, shape=[2])
    across, down = tf.unstack(translation, axis=-1)
    zero = tf.zeros_like(scale * across * aspect)  # has the batch, whoever brings it
    return matrix_from_rows(
        [zero + scale / aspect, zero, zero, zero + across / aspect],
        [zero, zero + scale, zero, zero - down],
        [zero, zero, zero - 2 / (far - near), zero - (far + near) / (far - near)],
        [zero, zero, zero, zero + 1],
    )
