"""Batches of pictures with their voxels, for networks that learn from true shapes."""

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.datasets.batches import decode_images, sample_view_pairs
from tf_mesh_renderer.datasets.layout import IMAGES, VOXELS
from tf_mesh_renderer.datasets.shapenet import ShapeNetRenderings
from tf_mesh_renderer.datasets.views import IMAGE_SIZE


def views_with_voxels(
    dataset: ShapeNetRenderings,
    *,
    batch_size: int,
    seed: int,
    image_size: int | None = None,
    start_step: int = 0,
) -> tf.data.Dataset:
    """Endless training batches: the pictures of `view_pairs`, each with the voxels of its object.

    Methods with and without true shapes so learn from the same pictures in the same order.

    Args:
      dataset: the pictures and voxels.
      batch_size: number of objects B, two views of each, as of `view_pairs`.
      seed: int >= 0, as of `view_pairs`.
      image_size: side of the pictures in pixels, at most 64, to which they are averaged by area;
        None for 64.
      start_step: number of the first batch.
    Returns:
      `tf.data.Dataset` of ([2 B, H, W, 4] float32 in [0, 1], [2 B, 32, 32, 32] float32, 0 or 1,
      indexed [x, y, z]); both views of object 0 come first.
    Raises:
      ValueError: `image_size` is out of its range.
    """
    images = [dataset.images(category) for category in dataset.categories]
    voxels = [dataset.voxels(category) for category in dataset.categories]

    def load(step):
        drawn = sample_view_pairs(dataset.sizes, batch_size=batch_size, seed=seed, step=int(step))
        rows = list(zip(drawn.categories, drawn.objects, drawn.viewpoints, strict=True))
        pictures = np.concatenate([images[category][item, views] for category, item, views in rows])
        solids = np.stack([voxels[category][item] for category, item, _ in rows])
        return pictures, np.repeat(solids, 2, axis=0)

    @tf.autograph.experimental.do_not_convert
    def batch(step):
        pictures, solids = tf.numpy_function(load, [step], (tf.uint8, tf.bool), stateful=False)
        pictures = tf.ensure_shape(pictures, [2 * batch_size, *IMAGES.item_shape[1:]])
        solids = tf.ensure_shape(solids, [2 * batch_size, *VOXELS.item_shape])
        side = IMAGE_SIZE if image_size is None else image_size
        decoded = decode_images(pictures, side, inverted_colors=dataset.inverted_colors)
        return decoded, tf.cast(solids, tf.float32)

    steps = tf.data.Dataset.counter(start_step)
    return steps.map(batch, tf.data.AUTOTUNE, deterministic=True).prefetch(tf.data.AUTOTUNE)
