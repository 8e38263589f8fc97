"""From view space to clip space: perspective and orthographic projections.

All matrices are for column vectors and give clip coordinates with x right, y up and z / w growing
from -1 at `near` to 1 at `far`. Perspective ones give w = camera depth, orthographic ones w = 1.
View space looks along -z with handedness "right" and along +z with "left" (see `cameras.view`).
"""

import math
from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, check_choice, float_tensors
from tf_mesh_renderer.cameras.view import HANDEDNESS
from tf_mesh_renderer.geometry.transforms import radians
from tf_mesh_renderer.geometry.vectors import matrix_from_rows

# The value N3MR uses; it moves image coordinates by 3e-6 of the image.
N3MR_PI = 3.1416


def perspective_matrix(
    *,
    fov_y_degrees: Any = None,
    half_angle_degrees: Any = None,
    aspect: Any = 1.0,
    near: float = 0.1,
    far: float = 100.0,
    handedness: str = "right",
    pi: float = math.pi,
) -> tf.Tensor:
    """View-to-clip matrix of a pinhole camera with the centre of the image on its axis.

    Args:
      fov_y_degrees: [] or [B] float in (0, 180): angle between the top and the bottom of the image.
      half_angle_degrees: half of it, N3MR's viewing angle; exactly one of the two must be given.
      aspect: [] or [B] float: width / height of the image, for square pixels.
      near: depth > 0 that gets z / w = -1. Only z depends on it: w stays the depth in world units.
      far: depth > near that gets z / w = 1; may be infinite.
      handedness: "right" or "left".
      pi: N3MR uses `N3MR_PI`.
    Returns:
      [4, 4] or [B, 4, 4].
    Gradients:
      Exact to the angle and to `aspect`.
    Raises:
      ValueError: none or both angles, a wrong depth range or handedness.
    """
    if (fov_y_degrees is None) == (half_angle_degrees is None):
        raise argument_error(
            "perspective_matrix",
            "fov_y_degrees",
            expected="exactly one of `fov_y_degrees` and `half_angle_degrees`",
            received=f"{fov_y_degrees} and {half_angle_degrees}",
            hint="give the full vertical angle or half of it",
        )
    given = half_angle_degrees if fov_y_degrees is None else fov_y_degrees
    angle, aspect = float_tensors(given, aspect)
    half_angle = angle if fov_y_degrees is None else angle / 2
    scale_y = 1 / tf.tan(radians(half_angle, pi))
    scale_x = scale_y / aspect
    forward = _forward_sign(handedness)
    z_of_depth, z_of_one = perspective_depth_row(near, far)
    zero = tf.zeros_like(scale_x)
    return matrix_from_rows(
        [scale_x, zero, zero, zero],
        [zero, scale_y + zero, zero, zero],
        [zero, zero, zero + forward * z_of_depth, zero + z_of_one],
        [zero, zero, zero + forward, zero],
    )


def orthographic_matrix(
    *,
    half_height: Any = 1.0,
    aspect: Any = 1.0,
    near: float = 0.1,
    far: float = 100.0,
    handedness: str = "right",
) -> tf.Tensor:
    """View-to-clip matrix of a parallel projection.

    Args:
      half_height: [] or [B] float > 0: world units from the centre of the image to its top.
      aspect: [] or [B] float: width / height of the image.
      near: depth that gets z = -1; may be negative (behind the camera's position).
      far: depth > near that gets z = 1; finite.
      handedness: "right" or "left".
    Returns:
      [4, 4] or [B, 4, 4].
    Gradients:
      Exact to `half_height` and `aspect`.
    Raises:
      ValueError: a wrong depth range or handedness.
    """
    check_depth_range("orthographic_matrix", near=near, far=far, perspective=False)
    half_height, aspect = float_tensors(half_height, aspect)
    scale_y = 1 / half_height
    scale_x = scale_y / aspect
    forward = _forward_sign(handedness)
    zero = tf.zeros_like(scale_x)
    return matrix_from_rows(
        [scale_x, zero, zero, zero],
        [zero, scale_y + zero, zero, zero],
        [zero, zero, zero + forward * 2 / (far - near), zero - (far + near) / (far - near)],
        [zero, zero, zero, zero + 1],
    )


def perspective(vertices: Any, half_angle_degrees: Any = 30.0, *, pi: float = math.pi) -> tf.Tensor:
    """N3MR's `perspective`: camera coordinates to screen triples (x / (z tan), y / (z tan), z).

    Kept for scripts written for N3MR. Screen triples cannot express what lies beside or behind the
    camera; `perspective_matrix` can.

    Args:
      vertices: [B, V, 3] or [V, 3] float camera coordinates, z into the scene.
      half_angle_degrees: [] or [B] float: half of the angle of view.
      pi: N3MR uses `N3MR_PI`.
    Returns:
      The same shape. Vertices with z = 0 get x = y = 0.
    Gradients:
      Exact to both; zero for x and y where z = 0.
    """
    vertices, angle = float_tensors(vertices, half_angle_degrees)
    slope = tf.tan(radians(angle, pi))[..., tf.newaxis, tf.newaxis]
    depth = vertices[..., 2:]
    plane = tf.math.divide_no_nan(vertices[..., :2], depth * slope)
    return tf.concat([plane, depth + tf.zeros_like(plane[..., :1])], axis=-1)


def perspective_depth_row(near: float, far: float) -> tuple[float, float]:
    """(a, b) such that clip z = a * depth + b has z / depth = -1 at `near` and 1 at `far`.

    Args:
      near: depth > 0.
      far: depth > near, may be infinite.
    Returns:
      Two Python floats.
    Raises:
      ValueError: not 0 < near < far.
    """
    check_depth_range("perspective_depth_row", near=near, far=far, perspective=True)
    if math.isinf(far):
        return 1.0, -2.0 * near
    return (far + near) / (far - near), -2.0 * far * near / (far - near)


def check_depth_range(where: str, *, near: float, far: float, perspective: bool) -> None:
    """Refuses depths between which no projection can be made.

    Args:
      where: calling function, for the error.
      near: depth in world units; must be > 0 for a perspective projection.
      far: depth > near in world units; must be finite for a parallel projection.
      perspective: which of the two projections is wanted.
    Raises:
      ValueError: a depth is out of order or out of range.
    """
    in_order = near < far and math.isfinite(near)
    if not (in_order and (near > 0 if perspective else math.isfinite(far))):
        raise argument_error(
            where,
            "near, far",
            expected="0 < near < far" if perspective else "finite near < far",
            received=f"near {near}, far {far}",
            hint="both are distances from the camera along its axis, in world units",
        )


def _forward_sign(handedness: str) -> float:
    """The sign of view z in front of the camera."""
    check_choice("projection", "handedness", value=handedness, choices=HANDEDNESS)
    return 1.0 if handedness == "left" else -1.0
