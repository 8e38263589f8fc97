"""N3MR's lighting: texture cubes are multiplied by the light on their face before drawing."""

import tensorflow as tf

from tf_mesh_renderer.cameras.view import N3MR_EPSILON
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.neural_renderer.camera import N3mrCamera
from tf_mesh_renderer.neural_renderer.triples import mesh_of_triples
from tf_mesh_renderer.shading.face_light import INNER, face_irradiance, seen_irradiance
from tf_mesh_renderer.shading.lights import AmbientLight, DirectionalLight

_WHITE = (1, 1, 1)
_UP = (0, 1, 0)


def lighting(
    faces,
    textures,
    intensity_ambient=0.5,
    intensity_directional=0.5,
    color_ambient=_WHITE,
    color_directional=_WHITE,
    direction=_UP,
) -> tf.Tensor:
    """Lights the texture cubes of faces; n = normalised (v0 - v1) x (v2 - v1).

    Args:
      faces: [B, F, 3, 3] float, corners in world space.
      textures: [B, F, T, T, T, 3] float.
      intensity_ambient: float.
      intensity_directional: float.
      color_ambient: [3] or [B, 3] float.
      color_directional: [3] or [B, 3] float.
      direction: [3] or [B, 3] float, towards the light; its length multiplies the light.
    Returns:
      [B, F, T, T, T, 3]: textures * (ambient + directional * max(n . direction, 0)).
    Gradients:
      Exact to all; zero for degenerate faces.
    """
    lights = n3mr_lights(
        intensity_ambient, intensity_directional, color_ambient, color_directional, direction
    )
    mesh = mesh_of_triples(faces)
    irradiance = face_irradiance(mesh.vertices, mesh.faces, lights, normal_epsilon=N3MR_EPSILON)
    return _multiply(textures, irradiance[..., INNER, :])


def n3mr_lights(
    intensity_ambient, intensity_directional, color_ambient, color_directional, direction
) -> tuple:
    """The two lights of N3MR, in its order of arguments.

    Args:
      intensity_ambient: [] or [B] float.
      intensity_directional: [] or [B] float.
      color_ambient: [3] or [B, 3] float, linear.
      color_directional: [3] or [B, 3] float, linear.
      direction: [3] or [B, 3] float, towards the light; its length multiplies the light.
    Returns:
      `AmbientLight` and `DirectionalLight`.
    """
    return (
        AmbientLight(color_ambient, intensity_ambient),
        DirectionalLight(
            color_directional, intensity_directional, direction, normalize_direction=False
        ),
    )


def light_cubes(mesh: Mesh, textures, camera: N3mrCamera, lights) -> tf.Tensor:
    """Lights the cubes of a mesh for the sides that the camera sees.

    Where the original lights a reversed copy of every face, this lights the side that will show.

    Args:
      mesh: vertices [B, V, 3] world space.
      textures: [B, F, T, T, T, 3], [1, F, ...] or [F, ...] float.
      camera: decides which side of a face is seen.
      lights: lights of `shading`.
    Returns:
      [B, F, T, T, T, 3].
    Gradients:
      Exact to textures and lights, and to vertices through the normals.
    """
    irradiance = face_irradiance(mesh.vertices, mesh.faces, lights, normal_epsilon=N3MR_EPSILON)
    clip = camera.project(mesh.vertices)
    seen = seen_irradiance(irradiance, clip, mesh.faces, mirrors=camera.mirrors)
    return _multiply(textures, seen)


def _multiply(textures, irradiance: tf.Tensor) -> tf.Tensor:
    """Cubes [B, F, T, T, T, 3] times one light [B, F, 3] per face."""
    light = irradiance[:, :, tf.newaxis, tf.newaxis, tf.newaxis, :]
    return tf.cast(textures, light.dtype) * light
