"""What all layers of the package share: precision, and whether XLA can compile them."""

import keras

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.ops._library import xla_serves_all_devices

_FLOATS = ("float32", "float64")


class RenderingLayer(keras.layers.Layer):
    """Base of the layers; a subclass adds its arguments and calls one function.

    Layers compute in float32 unless told otherwise, also under a global mixed precision policy:
    half precision cannot tell neighbouring pixels apart. Inputs of other float types are cast.

    Args:
      dtype: "float32" or "float64", or such a `keras.DTypePolicy`.
      **kwargs: passed to `keras.layers.Layer` (`name`, `trainable`).
    Raises:
      ValueError: the layer would compute in another dtype.
    """

    def __init__(self, *, dtype="float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)
        # Without, Keras leaves XLA off for the whole model.
        self.supports_jit = xla_serves_all_devices()
        if self.compute_dtype not in _FLOATS:
            raise argument_error(
                type(self).__name__,
                "dtype",
                expected=f"one of {_FLOATS}",
                received=repr(self.compute_dtype),
                hint="leave it out and cast the output; a global mixed precision policy does not "
                "touch this layer",
            )
