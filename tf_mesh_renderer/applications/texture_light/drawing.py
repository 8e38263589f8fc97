"""Pictures of predictions: texture and light apart, under other lights, from other sides."""

import math
from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.cameras import Camera, get_points_from_angles
from tf_mesh_renderer.datasets.views import DISTANCE, ELEVATION_DEGREES, FOV_DEGREES
from tf_mesh_renderer.geometry import Mesh
from tf_mesh_renderer.models.texture_light import TextureLightNetwork, TextureLightTrainer
from tf_mesh_renderer.rendering import render
from tf_mesh_renderer.textures import UvTexture
from tf_mesh_renderer.visualization import sheet

_RGB = 3
# By how much the light is turned about the vertical axis to show an object in another one.
_TURNS = (90.0, 180.0)


def relighting_sheet(trainer: TextureLightTrainer, batch: Mapping[str, tf.Tensor]) -> np.ndarray:
    """A row for each object: what was seen, and what was made of it, as in the paper's figures.

    Columns: the picture; the prediction; the texture without light and its truth; the light on a
    white surface and its truth; the prediction under its light turned by 90 degrees about the
    vertical, and its truth; both by 180 degrees; the prediction from the camera of the second
    picture, and that picture.

    Args:
      trainer: of the network.
      batch: as of `datasets.textured`, with at least two views.
    Returns:
      [H', W', 3] float32 in [0, 1].
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer" (DIB-R), NeurIPS 2019, figures 6 to 8.
    """
    predicted = trainer.predict_all(batch)
    first = {name: value[:, :1] for name, value in predicted.items()}
    white = {**first, "textures": tf.ones_like(first["textures"])}
    true_light = {**white, "lights": batch["lights"][:, tf.newaxis]}
    truth = {name: batch[name][:, tf.newaxis] for name in ("vertices", "textures", "lights")}
    relit = [_turned(trainer, one, angle) for angle in _TURNS for one in (first, truth)]
    lit = trainer.draw(batch, first)[:, 0]
    columns = [
        batch["images"][:, 0],
        lit[:, 0],
        trainer.draw(batch, first, lit=False)[:, 0, 0],
        batch["albedos"][:, 0],
        trainer.draw(batch, white)[:, 0, 0],
        trainer.draw(batch, true_light)[:, 0, 0],
        *(trainer.draw(batch, one)[:, 0, 0] for one in relit),
        lit[:, 1],
        batch["images"][:, 1],
    ]
    pictures = [np.clip(column, 0.0, 1.0) for column in columns]
    return sheet([[picture[row] for picture in pictures] for row in range(len(pictures[0]))])


def relit_turntable(
    mesh: Mesh, network: TextureLightNetwork, lights: tf.Tensor, *, frames: int, side: int
) -> np.ndarray:
    """A mesh from all around while its light goes around it the other way, before white.

    Args:
      mesh: without batch axis, textured, within the unit cube.
      network: says what the numbers of the light mean.
      lights: [1, K] float, in world space.
      frames: number of pictures.
      side: of the pictures in pixels.
    Returns:
      [frames, side, side, 3] float in [0, 1].
    """
    turns = np.arange(frames, dtype=np.float32) * np.float32(360.0 / frames)
    eye = get_points_from_angles(DISTANCE, ELEVATION_DEGREES, turns)
    numbers = network.illumination.rotated(
        tf.repeat(lights, frames, axis=0), about_vertical(2 * turns)
    )
    image = render(
        mesh,
        Camera.look_at(eye, fov_y_degrees=FOV_DEGREES),
        image_size=(side, side),
        lights=network.illumination.lights(numbers),
        material=network.illumination.material(numbers),
        background=1.0,
    )
    return np.clip(image[..., :_RGB], 0.0, 1.0)


def textured_mesh(network: TextureLightNetwork, vertices, texture) -> Mesh:
    """A mesh with a predicted texture.

    Args:
      network: has its faces and texture coordinates.
      vertices: [V, 3] float, world space.
      texture: [h, w, 3] float in [0, 1].
    Returns:
      `Mesh` without batch axis.
    """
    picture = UvTexture(np.asarray(texture), network.uv, network.uv_faces)
    return Mesh(np.asarray(vertices), network.faces, picture)


def about_vertical(degrees) -> tf.Tensor:
    """Rotations about the y axis.

    Args:
      degrees: [B] float.
    Returns:
      [B, 3, 3] float32, for column vectors.
    """
    angle = np.asarray(degrees, np.float32) * math.pi / 180
    cosine, sine = np.cos(angle), np.sin(angle)
    zero, one = np.zeros_like(angle), np.ones_like(angle)
    rows = [[cosine, zero, sine], [zero, one, zero], [-sine, zero, cosine]]
    return tf.constant(np.moveaxis(np.array(rows), -1, 0))


def _turned(trainer, predicted, degrees):
    lights = predicted["lights"]  # [B, 1, K]
    turn = tf.repeat(about_vertical([degrees]), tf.shape(lights)[0], axis=0)
    return {
        **predicted,
        "lights": trainer.network.illumination.rotated(lights[:, 0], turn)[:, tf.newaxis],
    }
