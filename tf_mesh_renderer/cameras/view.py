"""Where the camera stands and where it looks: world space to view space.

The handedness is that of the WORLD coordinates. "right" (OpenGL, Blender, most mesh files): view
space has x right, y up and z towards the viewer. "left" (N3MR): z points into the scene; the same
numbers give the mirror image, in which counter-clockwise faces appear clockwise.
"""

from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import check_choice, check_shape, float_tensors
from tf_mesh_renderer.geometry.transforms import radians, rigid_matrix
from tf_mesh_renderer.geometry.vectors import cross, dot, matrix_times_vectors, normalize

HANDEDNESS = ("right", "left")
# Chainer's F.normalize divides by |v| + 1e-5; the axes of N3MR's cameras are that much too short.
N3MR_EPSILON = 1e-5
# sin of the angle between `up` and the view direction below which `up` says nothing about the roll.
_PARALLEL_SINE = {tf.float32: 1e-6, tf.float64: 1e-14}


def look_at_matrix(
    eye: Any,
    at: Any = (0.0, 0.0, 0.0),
    up: Any = (0.0, 1.0, 0.0),
    *,
    handedness: str = "right",
    epsilon: float = 0.0,
) -> tf.Tensor:
    """World-to-view matrix of a camera at `eye` that looks at the point `at`.

    Args:
      eye: [3] or [B, 3] float, world space.
      at: [3] or [B, 3] float, the point that appears in the centre.
      up: [3] or [B, 3] float, the direction that appears upwards; need not be unit or orthogonal.
      handedness: "right" or "left", see the module.
      epsilon: added to the lengths the axes are divided by; 0 gives a rotation. N3MR has
        `N3MR_EPSILON`.
    Returns:
      [4, 4] or [B, 4, 4] for column vectors. Where `up` is parallel to the view direction another
      axis takes its place; where `eye` equals `at` the result is singular but finite.
    Gradients:
      Exact to `eye`, `at`, `up`; finite everywhere.
    Raises:
      ValueError: a wrong shape or handedness.
    """
    eye, at, up = float_tensors(eye, at, up)
    return look_matrix(eye, at - eye, up, handedness=handedness, epsilon=epsilon)


def look_matrix(
    eye: Any,
    direction: Any = (0.0, 0.0, 1.0),
    up: Any = (0.0, 1.0, 0.0),
    *,
    handedness: str = "right",
    epsilon: float = 0.0,
) -> tf.Tensor:
    """World-to-view matrix of a camera at `eye` that looks along `direction`.

    Args:
      eye: [3] or [B, 3] float, world space.
      direction: [3] or [B, 3] float, from the camera into the scene; any length.
      up: [3] or [B, 3] float, as in `look_at_matrix`.
      handedness: "right" or "left", see the module.
      epsilon: as in `look_at_matrix`.
    Returns:
      [4, 4] or [B, 4, 4] for column vectors.
    Gradients:
      Exact to all three; finite everywhere.
    Raises:
      ValueError: a wrong shape or handedness.
    """
    eye, direction, up = float_tensors(eye, direction, up)
    rotation = _view_rotation(direction, up, handedness=handedness, epsilon=epsilon)
    moved = matrix_times_vectors(rotation, -eye[..., tf.newaxis, :])  # [(B,) 1, 3]
    return rigid_matrix(rotation, tf.squeeze(moved, axis=-2))


def look_at(
    vertices: Any,
    eye: Any,
    at: Any = (0.0, 0.0, 0.0),
    up: Any = (0.0, 1.0, 0.0),
    *,
    epsilon: float = N3MR_EPSILON,
) -> tf.Tensor:
    """N3MR's `look_at`: vertices seen from `eye`, left-handed, z into the scene.

    Args:
      vertices: [B, V, 3] or [V, 3] float, world space.
      eye: [3] or [B, 3] float.
      at: [3] or [B, 3] float.
      up: [3] or [B, 3] float.
      epsilon: added to the lengths the axes are divided by; 0 gives exact unit axes.
    Returns:
      [B, V, 3] camera coordinates (without B where no input has it).
    Gradients:
      Exact to all; finite everywhere.
    Raises:
      ValueError: a wrong shape.
    """
    vertices, eye, at, up = float_tensors(vertices, eye, at, up)
    return look(vertices, eye, at - eye, up, epsilon=epsilon)


def look(
    vertices: Any,
    eye: Any,
    direction: Any = (0.0, 0.0, 1.0),
    up: Any = (0.0, 1.0, 0.0),
    *,
    epsilon: float = N3MR_EPSILON,
) -> tf.Tensor:
    """N3MR's `look`: as `look_at` with a view direction instead of a target.

    Args:
      vertices: [B, V, 3] or [V, 3] float, world space.
      eye: [3] or [B, 3] float.
      direction: [3] or [B, 3] float.
      up: [3] or [B, 3] float.
      epsilon: as in `look_at`.
    Returns:
      [B, V, 3] camera coordinates (without B where no input has it).
    Gradients:
      Exact to all; finite everywhere.
    Raises:
      ValueError: a wrong shape.
    """
    vertices, eye, direction, up = float_tensors(vertices, eye, direction, up)
    check_shape("look", "vertices", value=vertices, shape=[None, 3])
    check_shape("look", "eye", value=eye, shape=[3])
    rotation = _view_rotation(direction, up, handedness="left", epsilon=epsilon)
    # Subtracting first is more precise than a 4x4 matrix and is the reference's order.
    return matrix_times_vectors(rotation, vertices - eye[..., tf.newaxis, :])


def get_points_from_angles(
    distance: Any, elevation: Any, azimuth: Any, *, degrees: bool = True
) -> tf.Tensor:
    """Camera positions on a sphere: (d cos e sin a, d sin e, -d cos e cos a).

    Azimuth 0 stands on the negative z axis and looks along +z.

    Args:
      distance: [...] float, a scalar or a tensor.
      elevation: [...] float.
      azimuth: [...] float; the three broadcast.
      degrees: whether the angles are in degrees (else radians).
    Returns:
      [..., 3].
    Gradients:
      Exact, to all three.
    """
    distance, elevation, azimuth = float_tensors(distance, elevation, azimuth)
    if degrees:
        elevation, azimuth = radians(elevation), radians(azimuth)
    level = distance * tf.cos(elevation)
    # Adding 0 * level broadcasts without asking for shapes.
    height = distance * tf.sin(elevation) + tf.zeros_like(level * azimuth)
    x, z = level * tf.sin(azimuth), -level * tf.cos(azimuth)
    return tf.stack([x, height, z], axis=-1)


def _view_rotation(
    direction: tf.Tensor, up: tf.Tensor, *, handedness: str, epsilon: float
) -> tf.Tensor:
    """Rows are the view axes x (right), y (up), z in world coordinates; [..., 3, 3]."""
    check_choice("look_at", "handedness", value=handedness, choices=HANDEDNESS)
    check_shape("look_at", "direction", value=direction, shape=[3])
    check_shape("look_at", "up", value=up, shape=[3])
    batch = tf.zeros_like(direction + up)
    inward = normalize(direction + batch, epsilon)
    z = inward if handedness == "left" else -inward
    x = normalize(cross(_usable_up(up + batch, z), z), epsilon)
    y = normalize(cross(z, x), epsilon)
    return tf.stack([x, y, z], axis=-2)


def _usable_up(up: tf.Tensor, z: tf.Tensor) -> tf.Tensor:
    """`up`, replaced by a coordinate axis far from z where it is parallel to z."""
    fixed_up, fixed_z = tf.stop_gradient(normalize(up)), tf.stop_gradient(normalize(z))
    sine = cross(fixed_up, fixed_z)
    parallel = dot(sine, sine) < _PARALLEL_SINE[up.dtype] ** 2
    other = tf.one_hot(tf.argmin(tf.abs(fixed_z), axis=-1), 3, dtype=up.dtype)
    return tf.where(parallel, other, up)
