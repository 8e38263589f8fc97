"""From a user's picture to what a network takes."""

import os

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.io import read_image

_CHANNELS = 4


def network_inputs(images: tf.Tensor, side: int) -> tf.Tensor:
    """Pictures with straight alpha as training sees them: colour over black, and coverage.

    Args:
      images: [B, H, W, 4] float in [0, 1], colour and alpha; square.
      side: S of the result in pixels; larger pictures are averaged by area.
    Returns:
      [B, S, S, 4] float32 in [0, 1].
    """
    alpha = images[..., 3:]
    over_black = tf.concat([images[..., :3] * alpha, alpha], axis=-1)
    return tf.image.resize(over_black, (side, side), method="area")


def decode_pictures(png: tf.Tensor, side: int) -> tf.Tensor:
    """Bytes of PNG files to what a network takes; part of the graph that `export` writes.

    Args:
      png: [B] string, PNG files with alpha; sizes may differ.
      side: S of the result in pixels.
    Returns:
      [B, S, S, 4] float32 in [0, 1].
    Raises:
      tf.errors.InvalidArgumentError: no PNG, not square, or without transparent or opaque pixels.
    """

    def decode(content):
        image = tf.cast(tf.io.decode_png(content, channels=_CHANNELS), tf.float32) / 255.0
        with tf.control_dependencies(_assertions(image)):
            return network_inputs(image[tf.newaxis], side)[0]

    signature = tf.TensorSpec([side, side, _CHANNELS], tf.float32)
    return tf.map_fn(decode, png, fn_output_signature=signature)


def _assertions(image):
    """As `_check`, in a graph."""
    sides, alpha = tf.shape(image)[:2], image[..., 3]
    square = "expected a square picture; crop it to the object"
    object_alone = "expected an object before a transparent background"
    return [
        tf.debugging.assert_equal(sides[0], sides[1], square),
        tf.debugging.assert_less(tf.reduce_min(alpha), 1.0, object_alone),
        tf.debugging.assert_greater(tf.reduce_max(alpha), 0.0, object_alone),
    ]


def read_picture(path: str | os.PathLike, side: int) -> np.ndarray:
    """Reads the picture of one object before a transparent background.

    Args:
      path: a square picture with alpha, such as a PNG.
      side: S of the result in pixels.
    Returns:
      [S, S, 4] float32 in [0, 1], colour over black and mask.
    Raises:
      FileNotFoundError: no such file.
      ValueError: it is no picture, not square, or has no transparent or no opaque pixels.
    """
    image = read_image(path, alpha=True)
    _check(path, image)
    return network_inputs(tf.constant(image[np.newaxis]), side)[0].numpy()


def _check(path, image):
    height, width = image.shape[:2]
    if height != width:
        raise argument_error(
            "predict",
            "image",
            expected="a square picture",
            received=f"'{path}' with {height} rows and {width} columns",
            hint="crop it to the object, with some margin on all sides",
        )
    alpha = image[..., 3]
    if alpha.min() == 1.0 or alpha.max() == 0.0:
        kind = "opaque" if alpha.min() == 1.0 else "transparent"
        raise argument_error(
            "predict",
            "image",
            expected="an object before a transparent background",
            received=f"'{path}', all of it {kind}",
            hint="erase the background in a graphics program and save a PNG with alpha",
        )
