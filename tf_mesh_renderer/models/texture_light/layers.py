"""The blocks that the texture and light network is made of."""

import keras
import tensorflow as tf

from tf_mesh_renderer.models.reconstruction.stacks import batch_norm

_INITIALIZER = "he_normal"  # every convolution is followed by a ReLU


def block(filters: int, *, count: int, stride: int, is_normalized: bool, dtype, name: str):
    """Convolutions of 3x3 pixels with ReLU.

    Args:
      filters: channels of each.
      count: how many.
      stride: of the first.
      is_normalized: whether batch normalization stands before each ReLU.
      dtype: precision policy.
      name: of the stack.
    Returns:
      `keras.Sequential` from [B, H, W, C] to [B, H / stride, W / stride, filters].
    """
    layers = []
    for index in range(count):
        layers += _convolution(filters, stride if index == 0 else 1, is_normalized, dtype)
        layers += [keras.layers.ReLU(dtype=dtype)]
    return keras.Sequential(layers, name=name)


class ResidualBlock(keras.layers.Layer):
    """Two convolutions of 3x3 pixels, added to their input; the number of channels stays.

    Args:
      is_normalized: whether batch normalization follows each convolution.
      **kwargs: passed to `keras.layers.Layer`.
    """

    def __init__(self, *, is_normalized: bool, **kwargs):
        super().__init__(**kwargs)
        self.is_normalized = is_normalized

    def build(self, input_shape):
        """Makes the variables; `input_shape` is (B, H, W, C)."""
        filters, dtype = input_shape[-1], self.dtype_policy
        layers = _convolution(filters, 1, self.is_normalized, dtype)
        layers += [keras.layers.ReLU(dtype=dtype)]
        layers += _convolution(filters, 1, self.is_normalized, dtype)
        self.stack = keras.Sequential(layers)
        self.stack.build(input_shape)

    def call(self, values, training=False):
        """[B, H, W, C] of the same shape."""
        return tf.nn.relu(values + self.stack(values, training=training))

    def get_config(self):
        """The arguments."""
        return {**super().get_config(), "is_normalized": self.is_normalized}


def resized(values: tf.Tensor, size) -> tf.Tensor:
    """Bilinear resize that keeps the dtype.

    Args:
      values: [B, H, W, C] float.
      size: (height, width), int or an int32 tensor.
    Returns:
      [B, height, width, C].
    Gradients:
      Exact.
    """
    return tf.cast(tf.image.resize(values, size), values.dtype)


def averaged_to_grid(values: tf.Tensor, side: int) -> tf.Tensor:
    """Means over the cells of a grid, of any size of image.

    Cells overlap by a pixel where the size is no multiple of `side`, and repeat pixels where it is
    smaller, as in the adaptive pooling of PyTorch.

    Args:
      values: [B, H, W, C] float.
      side: cells along each axis.
    Returns:
      [B, side, side, C].
    Gradients:
      Exact.
    """
    rows, columns = (_cells(values, axis, side) for axis in (1, 2))
    return tf.einsum("gh,bhwc,kw->bgkc", rows, values, columns)


def _cells(values: tf.Tensor, axis: int, side: int) -> tf.Tensor:
    """[side, N]: the share of each of N pixels in each cell."""
    known = values.shape[axis]
    size = tf.shape(values)[axis] if known is None else known
    cell = tf.range(side)[:, tf.newaxis]
    first, end = cell * size // side, -(-(cell + 1) * size // side)
    pixel = tf.range(size)[tf.newaxis]
    inside = tf.cast((pixel >= first) & (pixel < end), tf.float32)
    return tf.cast(inside / tf.reduce_sum(inside, axis=1, keepdims=True), values.dtype)


def _convolution(filters, stride, is_normalized, dtype) -> list[keras.layers.Layer]:
    convolution = keras.layers.Conv2D(
        filters, 3, strides=stride, padding="same", kernel_initializer=_INITIALIZER, dtype=dtype
    )
    return [convolution, batch_norm(dtype)] if is_normalized else [convolution]
