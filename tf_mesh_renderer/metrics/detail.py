"""How much fine detail an image has."""

from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import check_shape, float_tensors, static_rank


def laplacian_energy(images: Any, mask: Any = None) -> tf.Tensor:
    """High-frequency energy: the mean absolute Laplacian of an object's pixels.

    The Laplacian is four times a pixel minus its neighbours above, below, left and right; beyond
    the border the image goes on as it ends. Blurred images have little of it, noisy ones much;
    compare with the value of real images.

    Args:
      images: [B, H, W, C] float.
      mask: [B, H, W, 1] float in [0, 1]; a pixel weighs the least of its own and its neighbours'
        coverage, so that outlines do not count. None: all pixels.
    Returns:
      [B] in units of the colours, float32 for half precision; 0 where the mask is empty.
    Gradients:
      Exact to both.
    Raises:
      ValueError: a shape is wrong.
    """
    (images,) = float_tensors(images)
    static_rank("laplacian_energy", "images", value=images, ranks=[4])
    middle, *around = _with_neighbours(images)
    laplacian = tf.abs(4.0 * middle - tf.add_n(around))
    by_pixel = tf.reduce_mean(laplacian, axis=-1, keepdims=True)
    if mask is None:
        return tf.reduce_mean(by_pixel, axis=(1, 2, 3))
    _, mask = float_tensors(images, mask)
    check_shape("laplacian_energy", "mask", value=mask, shape=[*images.shape[1:3], 1])
    weight = tf.reduce_min(tf.stack(_with_neighbours(mask)), axis=0)
    total = tf.reduce_sum(by_pixel * weight, axis=(1, 2, 3))
    return tf.math.divide_no_nan(total, tf.reduce_sum(weight, axis=(1, 2, 3)))


def _with_neighbours(values):
    """All pixels, and those above, below, left and right of them."""
    rows = tf.concat([values[:, :1], values, values[:, -1:]], axis=1)
    columns = tf.concat([values[:, :, :1], values, values[:, :, -1:]], axis=2)
    return values, rows[:, :-2], rows[:, 2:], columns[:, :, :-2], columns[:, :, 2:]
