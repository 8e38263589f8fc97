"""The Chainer package's camera functions, with its argument names, defaults and roundings."""

import tensorflow as tf

from tf_mesh_renderer import cameras
from tf_mesh_renderer.cameras.projection import N3MR_PI

_ORIGIN = (0.0, 0.0, 0.0)
_FORWARD = (0.0, 0.0, 1.0)
_UP = (0.0, 1.0, 0.0)


def look_at(vertices, eye, at=None, up=None) -> tf.Tensor:
    """Vertices seen from `eye` by a left-handed camera that looks at a point.

    Args:
      vertices: [B, V, 3] float, world space.
      eye: [3] or [B, 3] float.
      at: [3] or [B, 3] float; None for the origin.
      up: [3] or [B, 3] float; None for +y.
    Returns:
      [B, V, 3] camera coordinates, z into the scene.
    Gradients:
      Exact to all.
    """
    return cameras.look_at(vertices, eye, _ORIGIN if at is None else at, _UP if up is None else up)


def look(vertices, eye, direction=None, up=None) -> tf.Tensor:
    """Vertices seen from `eye` by a left-handed camera that looks along `direction`.

    Args:
      vertices: [B, V, 3] float, world space.
      eye: [3] or [B, 3] float.
      direction: [3] or [B, 3] float; None for +z.
      up: [3] or [B, 3] float; None for +y.
    Returns:
      [B, V, 3] camera coordinates, z into the scene.
    Gradients:
      Exact to all.
    """
    return cameras.look(
        vertices, eye, _FORWARD if direction is None else direction, _UP if up is None else up
    )


def perspective(vertices, angle=30.0) -> tf.Tensor:
    """Camera coordinates to screen coordinates (x / (z tan), y / (z tan), z).

    Args:
      vertices: [B, V, 3] float camera coordinates.
      angle: [] or [B] float, HALF of the angle of view in degrees.
    Returns:
      [B, V, 3] float; x = y = 0 where z = 0.
    Gradients:
      Exact to both.
    """
    return cameras.perspective(vertices, angle, pi=N3MR_PI)


def get_points_from_angles(distance, elevation, azimuth, degrees=True):
    """Camera positions on a sphere: (d cos e sin a, d sin e, -d cos e cos a).

    Args:
      distance: number or [N] float.
      elevation: number or [N] float.
      azimuth: number or [N] float.
      degrees: whether angles are in degrees (else radians).
    Returns:
      A tuple of three numbers if all arguments are Python numbers, else a tensor [N, 3].
    Gradients:
      Exact to all.
    """
    if not all(isinstance(value, (int, float)) for value in (distance, elevation, azimuth)):
        return cameras.get_points_from_angles(distance, elevation, azimuth, degrees=degrees)
    with tf.init_scope():  # numbers stay numbers, also while a function is traced
        points = cameras.get_points_from_angles(distance, elevation, azimuth, degrees=degrees)
        return tuple(float(value) for value in points)
