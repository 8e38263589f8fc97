"""The critic of adversarial training: it scores images, or maps of textures."""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, check_shape, to_count, to_number

_KERNEL = 4
_STRIDE = 2


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class Discriminator(keras.Model):
    """Convolutions 4x4 with stride 2 and leaky ReLUs, then one number per image.

    Nothing mixes the items of a batch (no batch normalization), so that the slope at an item is
    that of its own score, as the gradient penalty needs it. Twice differentiable.

    Example:
      >>> critic = Discriminator()
      >>> critic.build([None, 64, 64, 4])
      >>> critic(images)["scores"]  # [B]

    Args:
      filters: output channels of the convolutions; the default is for images of 64 pixels and more.
      slope: of the leaky ReLUs below 0, in [0, 1).
      wraps: whether the left and the right border of the images are neighbours, as in a texture
        whose u is an angle; else there are zeros beyond the border.
      **kwargs: passed to `keras.Model` (`name`, `dtype`).
    Call arguments:
      images: [B, H, W, C] float; H, W and C are those of the first call, any.
    Returns:
      A dict: "scores" [B] float32, unbounded; "features", a list of [B, ceil(H / 2), ceil(W / 2),
      filters[0]], ..., halving from layer to layer, each after its ReLU.
    Gradients:
      Exact to `images` and to the variables, of first and second order.
    Raises:
      TypeError, ValueError: a width or the slope is no such number, or images have no known size.
    Source:
      Radford, Metz & Chintala, "Unsupervised Representation Learning with Deep Convolutional
      Generative Adversarial Networks", ICLR 2016, without normalization as in Gulrajani et al.,
      "Improved Training of Wasserstein GANs", NeurIPS 2017, section 4. DIB-R does not say what its
      discriminator is.
    """

    def __init__(
        self,
        filters: Sequence[int] = (64, 128, 256, 512, 512),
        *,
        slope: float = 0.2,
        wraps: bool = False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.filters = tuple(_width(value) for value in filters)
        self.slope = _slope(slope)
        self.wraps = wraps
        # The border is filled before, so that texture maps can wrap.
        self.convolutions = [
            keras.layers.Conv2D(width, _KERNEL, strides=_STRIDE, dtype=self.dtype_policy)
            for width in self.filters
        ]
        self.flatten = keras.layers.Flatten(dtype=self.dtype_policy)
        self.head = keras.layers.Dense(1, dtype="float32")

    def build(self, input_shape):
        """Makes all variables.

        Args:
          input_shape: (B, H, W, C) of the images; B may be None.
        """
        if self.built:
            return
        _, height, width, channels = input_shape
        _check_size(height, width, channels)
        for convolution in self.convolutions:
            convolution.build((None, height + _filled(height), width + _filled(width), channels))
            height, width = (-(-side // _STRIDE) for side in (height, width))
            channels = convolution.filters
        self.flatten.build((None, height, width, channels))
        self.head.build((None, height * width * channels))
        self.built = True

    def call(self, images):
        check_shape("Discriminator", "images", value=images, shape=[None, None, None, None])
        maps, features = tf.cast(images, self.compute_dtype), []
        for convolution in self.convolutions:
            maps = convolution(self._fill_border(maps))
            # Not TensorFlow's op: its graph optimizer stumbles over the second derivative.
            maps = tf.maximum(maps, self.slope * maps)
            features.append(maps)
        scores = self.head(self.flatten(maps))
        return {"scores": tf.squeeze(scores, -1), "features": features}

    def score(self, images: tf.Tensor) -> tf.Tensor:
        """The scores alone, as `losses.gradient_penalty` wants them.

        Args:
          images: [B, H, W, C] float.
        Returns:
          [B] float32.
        Gradients:
          Exact, of first and second order.
        """
        return self(images)["scores"]

    def _fill_border(self, maps: tf.Tensor) -> tf.Tensor:
        """One row or column before, and after it what makes every window whole."""
        rows, columns = ((1, _filled(side) - 1) for side in maps.shape[1:3])
        if not self.wraps:
            return tf.pad(maps, [(0, 0), rows, columns, (0, 0)])
        width = maps.shape[2]
        around = np.arange(-columns[0], width + columns[1]) % width
        return tf.pad(tf.gather(maps, around, axis=2), [(0, 0), rows, (0, 0), (0, 0)])

    def get_config(self):
        return {
            **super().get_config(),
            "filters": list(self.filters),
            "slope": self.slope,
            "wraps": self.wraps,
        }


def _filled(side: int) -> int:
    """By how much `side` grows so that windows with stride 2 cover it: one each side, or three."""
    return _KERNEL - _STRIDE + side % _STRIDE


def _width(value) -> int:
    width = to_count("Discriminator", "filters", value)
    if width < 1:
        raise argument_error(
            "Discriminator",
            "filters",
            expected="integers > 0",
            received=repr(value),
            hint="leave a layer out to have none",
        )
    return width


def _slope(value) -> float:
    slope = to_number("Discriminator", "slope", value)
    if not 0 <= slope < 1:
        raise argument_error(
            "Discriminator",
            "slope",
            expected="a number in [0, 1)",
            received=slope,
            hint="0 makes ordinary ReLUs",
        )
    return slope


def _check_size(*size) -> None:
    if None in size or min(size) < 1:
        raise argument_error(
            "Discriminator",
            "images",
            expected="a known height, width and number of channels",
            received=f"{size}",
            hint="call build([None, height, width, channels]) first",
        )
