"""Layers for maps of a sphere, whose left and right borders are the same meridian."""

import keras
import tensorflow as tf

_KERNEL = 3
_MARGIN = _KERNEL // 2


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class GlobeConvolution(keras.layers.Layer):
    """Doubles the side of a map if asked for, then convolves it, 3x3, with no seam at its border.

    Beyond the left and right border lies the other one; beyond the poles the map is continued with
    its first and last row.

    Args:
      filters: output channels.
      doubles: whether the map is enlarged before, with bilinear interpolation.
      **kwargs: passed to `keras.layers.Layer` (`name`, `dtype`).
    Call arguments:
      maps: [B, h, w, C] float.
    Returns:
      [B, h, w, filters], or of twice the height and width.
    Gradients:
      Exact, of any order.
    """

    def __init__(self, filters: int, *, doubles: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.doubles = doubles
        self.convolution = keras.layers.Conv2D(filters, _KERNEL, dtype=self.dtype_policy)

    def build(self, input_shape):
        """Makes the variables.

        Args:
          input_shape: (B, h, w, C); C must be known.
        """
        if not self.built:
            self.convolution.build((None, None, None, input_shape[-1]))
            self.built = True

    def call(self, maps):
        if self.doubles:
            size = 2 * (tf.shape(maps)[1:3] + 2 * _MARGIN)
            enlarged = tf.image.resize(_continued(maps), size)
            inside = slice(2 * _MARGIN, -2 * _MARGIN)
            maps = tf.cast(enlarged, maps.dtype)[:, inside, inside]
        return self.convolution(_continued(maps))

    def compute_output_shape(self, input_shape):
        batch, height, width, _ = input_shape
        scale = 2 if self.doubles else 1
        sides = (None if side is None else scale * side for side in (height, width))
        return (batch, *sides, self.filters)

    def get_config(self):
        return {**super().get_config(), "filters": self.filters, "doubles": self.doubles}


def _continued(maps: tf.Tensor) -> tf.Tensor:
    """[B, h + 2, w + 2, C]: one more row and column on each side."""
    wide = tf.concat([maps[:, :, -_MARGIN:], maps, maps[:, :, :_MARGIN]], axis=2)
    return tf.concat([wide[:, :_MARGIN], wide, wide[:, -_MARGIN:]], axis=1)
