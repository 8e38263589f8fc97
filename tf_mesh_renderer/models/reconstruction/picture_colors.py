"""Colours of vertices that are copied out of a picture instead of being made up."""

import keras
import tensorflow as tf

_FEATURES = 32


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class PictureColors(keras.layers.Layer):
    """A few colours out of a picture: means over its pixels, each with weights of its own.

    Convolutions say how much a pixel counts for each of the colours; one beside the object never
    does. Which colours an object has need not be learnt then: a decoder has to say only where they
    are, while one of colours themselves has to find its way to every colour there is.

    Args:
      number: K, how many colours.
      **kwargs: passed to `keras.layers.Layer` (`name`, `dtype`).
    Input shape:
      [B, H, W, 4] float in [0, 1], RGB over black and mask.
    Output shape:
      [B, K, 3] float32 within the colours of the object; black where the mask is empty.
    Gradients:
      Exact, to the weights of the pixels.
    """

    def __init__(self, number: int, **kwargs):
        super().__init__(**kwargs)
        self.number = number
        options = {"padding": "same", "dtype": self.dtype_policy}
        self._weigh = keras.Sequential(
            [
                keras.layers.Conv2D(_FEATURES, 5, strides=2, activation="relu", **options),
                keras.layers.Conv2D(_FEATURES, 3, activation="relu", **options),
                keras.layers.Conv2D(number, 1, dtype="float32"),
            ],
            name="weights",
        )
        # To the size of what the first convolution returns.
        self._shrink = keras.layers.AveragePooling2D(2, padding="same", dtype="float32")

    def build(self, input_shape):
        self._weigh.build((None, *input_shape[1:]))
        self.built = True

    def call(self, images):
        weights = _one_row(tf.exp(_below_zero(self._weigh(images))))  # [B, P, K]
        pixels = _one_row(self._shrink(images))  # [B, P, 4]
        sums = tf.einsum("bpk,bpc->bkc", weights, pixels)
        return tf.math.divide_no_nan(sums[..., :3], sums[..., 3:])

    def get_config(self):
        return {**super().get_config(), "number": self.number}


def mixed_colors(shares: tf.Tensor, colors: tf.Tensor) -> tf.Tensor:
    """Gives each vertex a mixture of the colours of its picture.

    Args:
      shares: [B, V, K] float; their softmax says how much of each colour is in a vertex.
      colors: [B, K, 3] float.
    Returns:
      [B, V, 3] in the dtype of `colors`, within the range of the colours.
    Gradients:
      Exact, to both.
    """
    return tf.einsum("bvk,bkc->bvc", tf.nn.softmax(tf.cast(shares, colors.dtype)), colors)


def _below_zero(logits: tf.Tensor) -> tf.Tensor:
    """The same weights but for a factor of each colour, and none that overflows."""
    return logits - tf.stop_gradient(tf.reduce_max(logits, axis=(1, 2), keepdims=True))


def _one_row(maps: tf.Tensor) -> tf.Tensor:
    """[B, H, W, C] as [B, H W, C]."""
    return tf.reshape(maps, [tf.shape(maps)[0], -1, maps.shape[-1]])
