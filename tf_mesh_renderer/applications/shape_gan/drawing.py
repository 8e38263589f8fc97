"""Pictures of samples for people: sheets, and one sample turning into another."""

import dataclasses
import math

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.datasets.canonical_views import canonical_cameras
from tf_mesh_renderer.geometry import Mesh
from tf_mesh_renderer.models import MeshGenerator
from tf_mesh_renderer.rendering import render
from tf_mesh_renderer.shading import AmbientLight, DirectionalLight
from tf_mesh_renderer.textures import VertexColors
from tf_mesh_renderer.visualization import sheet

_WHITE = 1.0
_GREY = 0.6  # can be told from the white around it
_LIGHTS = (
    AmbientLight(intensity=0.55),
    DirectionalLight(intensity=0.55, direction=(0.3, 1.0, 0.4)),
)
_BATCH = 16


def sample_meshes(generator: MeshGenerator, noise: np.ndarray, *, textured: bool) -> Mesh:
    """What a generator makes of noise.

    Args:
      generator: of either stage.
      noise: [N, Z] float32.
      textured: with the textures of the generator, else grey.
    Returns:
      `Mesh` of a batch of N.
    """
    made = generator(noise)
    grey = VertexColors(np.full(generator.template.shape, _GREY, np.float32))
    texture = generator.texture_of(made["textures"]) if textured else grey
    return Mesh(made["vertices"], generator.faces, texture)


def sample_sheet(
    generator: MeshGenerator, noise: np.ndarray, *, textured: bool, side: int
) -> np.ndarray:
    """A column for each sample: the four views, lit, and its texture if it has one.

    Args:
      generator: of either stage.
      noise: [N, Z] float32.
      textured: whether to show textures.
      side: of the pictures in pixels.
    Returns:
      [H, W, 3] float32 in [0, 1].
    """
    rows = list(draw_lit(sample_meshes(generator, noise, textured=textured), side=side))
    if textured:
        maps = tf.image.resize(generator(noise)["textures"], (side, side), method="nearest")
        rows.append(maps.numpy())
    return sheet(rows)


def draw_lit(mesh: Mesh, *, side: int, views: tuple[int, ...] = (0, 1, 2, 3)) -> np.ndarray:
    """Meshes before white.

    Args:
      mesh: a batch of N.
      side: of the pictures in pixels.
      views: which of the four canonical views.
    Returns:
      [views, N, side, side, 3] float32 in [0, 1].
    """
    cameras = canonical_cameras()
    matrices = tf.gather(cameras.world_to_view, views)
    drawn = [
        render(
            mesh,
            dataclasses.replace(cameras, world_to_view=matrix),
            image_size=(side, side),
            lights=_LIGHTS,
            material="lambert",
            background=_WHITE,
        )
        for matrix in tf.unstack(matrices)
    ]
    return np.clip(tf.stack(drawn)[..., :3].numpy(), 0.0, 1.0)


def interpolated_noise(corners: np.ndarray, frames: int) -> np.ndarray:
    """Noise on the way from each corner to the next, and from the last back to the first.

    On great circles, so that what lies between is as long as noise usually is.

    Args:
      corners: [N, Z] float, N > 1, none of them zero.
      frames: number of steps between two corners.
    Returns:
      [N * frames, Z] float32; row i * frames is corner i.
    Source:
      Shoemake, "Animating rotation with quaternion curves", SIGGRAPH 1985: slerp.
    """
    path = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        cosine = np.dot(start, end) / (np.linalg.norm(start) * np.linalg.norm(end))
        angle = max(math.acos(np.clip(cosine, -1.0, 1.0)), 1e-6)
        for t in np.arange(frames) / frames:
            weights = math.sin((1 - t) * angle), math.sin(t * angle)
            path.append((weights[0] * start + weights[1] * end) / math.sin(angle))
    return np.asarray(path, np.float32)


def interpolation(
    generator: MeshGenerator, noise: np.ndarray, *, textured: bool, side: int
) -> np.ndarray:
    """Frames of samples, each from two sides.

    Args:
      generator: of either stage.
      noise: [N, Z] float32, of `interpolated_noise`.
      textured: whether to show textures.
      side: of a picture in pixels.
    Returns:
      [N, side, 2 side, 3] float32 in [0, 1].
    """
    pages = []
    for start in range(0, len(noise), _BATCH):
        part = noise[start : start + _BATCH]
        mesh = sample_meshes(generator, part, textured=textured)
        pages.append(np.concatenate(draw_lit(mesh, side=side, views=(0, 1)), axis=2))
    return np.concatenate(pages)
