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
      flat: of the mean colour of the object in that very view, on the same pixels.
    """

    covered: float
    predicted: float
    flat: float


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
    # Colours over black are divided by the coverage of the pixels.
    mask = target[..., 3:] * drawn[..., 3:]
    color = tf.math.divide_no_nan(target[..., :3], target[..., 3:])
    size = tf.reduce_sum(target[..., 3:], axis=(1, 2), keepdims=True)
    mean = tf.math.divide_no_nan(tf.reduce_sum(target[..., :3], axis=(1, 2), keepdims=True), size)
    covered = tf.math.divide_no_nan(tf.reduce_sum(mask, axis=(1, 2, 3)), size[:, 0, 0, 0])
    flat = tf.broadcast_to(mean, tf.shape(color))
    own = tf.math.divide_no_nan(drawn[..., :3], drawn[..., 3:])
    pairs = [metrics.color_l1(color, image, mask=mask).numpy() for image in (own, flat)]
    return [ColorErrors(*map(float, row)) for row in zip(covered.numpy(), *pairs, strict=True)]


def _draw(predictions, views, side):
    colors = np.clip(predictions.colors, 0.0, 1.0)
    mesh = Mesh(predictions.vertices, predictions.faces, VertexColors(colors))
    return render(mesh, camera_of_view(views), image_size=(side, side), material="unlit")
