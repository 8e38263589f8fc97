"""How far the colours of reconstructions are from those of the objects, on views not shown."""

import dataclasses

import numpy as np
import tensorflow as tf

from tf_mesh_renderer import metrics
from tf_mesh_renderer.applications.reconstruction.evaluation.predictions import PredictedMeshes
from tf_mesh_renderer.datasets import (
    NUM_VIEWS,
    Category,
    ShapeNetRenderings,
    camera_of_view,
    decode_images,
)
from tf_mesh_renderer.geometry import Mesh
from tf_mesh_renderer.rendering import render
from tf_mesh_renderer.textures import VertexColors

# A quarter turn from the picture that the network saw: about half of the surface is new.
VIEW_OFFSET = 6


@dataclasses.dataclass(frozen=True)
class ColorErrors:
    """Mean absolute error over channels and over the pixels that object and mesh both cover.

    Attributes:
      covered: the share of the object that these pixels are, in [0, 1]. Where it is 0 the errors
        say nothing and are 0, too.
      predicted: of the rendered reconstruction.
      flat: of the reconstruction all in one colour, the mean of the object in the picture that it
        was made from: what one knows without knowing which colour is where.
      flat_in_view: the same with the mean colour that the object has in the other view, which no
        method can see.
    """

    covered: float
    predicted: float
    flat: float
    flat_in_view: float


def color_errors(
    predictions: PredictedMeshes, dataset: ShapeNetRenderings, category: Category, batch: dict
) -> list[ColorErrors]:
    """Renders coloured meshes from another view and compares them with the object.

    Pixels that only one of them covers are a matter of shape, which other figures measure.

    Args:
      predictions: B meshes with colours.
      dataset: where the pictures of the other view come from.
      category: what the objects are.
      batch: "images" [B, S, S, 4], "objects" [B] and "viewpoints" [B] of `datasets.every_view`.
    Returns:
      B errors.
    """
    views = (batch["viewpoints"].numpy() + VIEW_OFFSET) % NUM_VIEWS
    side = batch["images"].shape[1]
    stored = dataset.images(category)[batch["objects"].numpy(), views]
    target = decode_images(stored, side, inverted_colors=dataset.inverted_colors)
    drawn = _draw(predictions, views, side)
    mask = target[..., 3:] * drawn[..., 3:]
    color, own = _straight(target), _straight(drawn)
    flat, flat_in_view = (
        tf.broadcast_to(_mean_color(images), tf.shape(color))
        for images in (batch["images"], target)
    )
    size = tf.reduce_sum(target[..., 3], axis=(1, 2))
    covered = tf.math.divide_no_nan(tf.reduce_sum(mask, axis=(1, 2, 3)), size)
    compared = (own, flat, flat_in_view)
    errors = [metrics.color_l1(color, image, mask=mask).numpy() for image in compared]
    return [ColorErrors(*map(float, row)) for row in zip(covered.numpy(), *errors, strict=True)]


def _straight(images: tf.Tensor) -> tf.Tensor:
    """Colours over black, divided by the coverage of the pixels."""
    return tf.math.divide_no_nan(images[..., :3], images[..., 3:])


def _mean_color(images: tf.Tensor) -> tf.Tensor:
    """[B, 1, 1, 3]: mean colour of what the pictures [B, H, W, 4] show."""
    return _straight(tf.reduce_sum(images, axis=(1, 2), keepdims=True))


def _draw(predictions, views, side):
    colors = np.clip(predictions.colors, 0.0, 1.0)
    mesh = Mesh(predictions.vertices, predictions.faces, VertexColors(colors))
    return render(mesh, camera_of_view(views), image_size=(side, side), material="unlit")
