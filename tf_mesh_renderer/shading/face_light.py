"""Flat Lambertian shading: one light value for each side of each face."""

from collections.abc import Sequence

import tensorflow as tf

from tf_mesh_renderer.geometry.normals import face_normals
from tf_mesh_renderer.geometry.topology import gather_face_vertices
from tf_mesh_renderer.shading.lights import Light
from tf_mesh_renderer.shading.sides import outer_is_seen

# Position of each side in the results of `face_irradiance`.
OUTER, INNER = 0, 1


def face_irradiance(
    vertices_world: tf.Tensor,
    faces: tf.Tensor,
    lights: Sequence[Light],
    *,
    normal_epsilon: float = 0.0,
) -> tf.Tensor:
    """Light that falls on both sides of every face: the sum over all lights.

    Args:
      vertices_world: [B, V, 3] float.
      faces: [F, 3] or [B, F, 3] int32, -1 rows are padding.
      lights: any number of lights; without any, faces are fully lit (all ones, C = 1). A point
        light is taken as seen from the centre of a face.
      normal_epsilon: as `epsilon` of `face_normals`; N3MR's lighting has 1e-5.
    Returns:
      [B, F, 2, C]: at `OUTER` the side from which the face is counter-clockwise (right-hand rule),
      at `INNER` the other one. N3MR lights a face as given by `INNER`, and the reversed copy its
      fill_back makes by `OUTER`.
    Gradients:
      Exact to vertices (through the normals) and lights; zero for degenerate faces.
    Raises:
      ValueError: a static shape is wrong.
    """
    normals = face_normals(vertices_world, faces, epsilon=normal_epsilon)  # [B, F, 3]
    if not lights:
        return tf.ones_like(normals[..., tf.newaxis, :1]) * tf.ones([2, 1], normals.dtype)
    centres = _centres(vertices_world, faces, normals)
    sides = (normals, -normals)
    return tf.stack([total_irradiance(lights, side, positions=centres) for side in sides], axis=-2)


def seen_irradiance(
    irradiance: tf.Tensor,
    vertices_clip: tf.Tensor,
    faces: tf.Tensor,
    *,
    mirrors: tf.Tensor | bool = False,
) -> tf.Tensor:
    """The light on that side of every face which the camera sees.

    A face has one visible side, the same in all its pixels, also when it crosses the camera plane.

    Args:
      irradiance: [B, F, 2, C] float from `face_irradiance`.
      vertices_clip: [B, V, 4] float.
      faces: [F, 3] or [B, F, 3] int32.
      mirrors: [] or [B] bool, `Camera.mirrors`.
    Returns:
      [B, F, C]; `geometry.gather_at_pixels` looks it up for every pixel.
    Gradients:
      To `irradiance` of the side seen.
    """
    outer_seen = outer_is_seen(vertices_clip, faces, mirrors=mirrors)  # [B, F]
    sides = tf.unstack(irradiance, num=2, axis=-2)
    return tf.where(outer_seen[..., tf.newaxis], sides[OUTER], sides[INNER])


def total_irradiance(
    lights: Sequence[Light], normals: tf.Tensor, *, positions: tf.Tensor
) -> tf.Tensor:
    """Light that falls on a surface: the sum over the lights.

    Args:
      lights: one light or more.
      normals: [B, ..., 3] float, unit length, world space.
      positions: [B, ..., 3] float, world space.
    Returns:
      [B, ..., C].
    Gradients:
      Exact to normals, positions and lights.
    """
    batch = tf.zeros_like(normals[..., :1])  # ambient light alone has no batch
    return sum((light.irradiance(normals, positions) for light in lights), start=batch)


def _centres(vertices_world: tf.Tensor, faces: tf.Tensor, normals: tf.Tensor) -> tf.Tensor:
    """Centres of the faces, [B, F, 3] as their normals."""
    corners = gather_face_vertices(tf.cast(vertices_world, normals.dtype), faces)
    return tf.reduce_mean(corners, axis=-2)
