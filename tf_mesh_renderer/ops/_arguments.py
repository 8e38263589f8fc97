"""Turns what users pass into what the raw ops take, and says clearly what cannot be turned."""

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error

_HALF_DTYPES = (tf.float16, tf.bfloat16)
_KERNEL_DTYPES = (tf.float32, tf.float64)


def to_float(function, argument, value, *, like=None):
    """Converts to a float32 or float64 tensor; half precision is computed in float32.

    Args:
      function: name of the calling function, for errors.
      argument: name of its argument, for errors.
      value: tensor, variable, array or nested list. Lists become float32 (or the dtype of `like`).
      like: (name, tensor) of the argument whose dtype `value` must have. Arrays are cast to it,
        tensors are not: a silent cast of a tensor would lose digits unseen.
    Raises:
      TypeError: the dtype is neither a floating one nor that of `like`.
    """
    dtype_hint = tf.float32 if not hasattr(value, "dtype") else None
    if like is not None and not tf.is_tensor(value):
        dtype_hint = like[1].dtype
    tensor = tf.convert_to_tensor(value, dtype_hint=dtype_hint)
    if tensor.dtype in _HALF_DTYPES:
        tensor = tf.cast(tensor, tf.float32)
    if like is not None and tensor.dtype != like[1].dtype:
        raise argument_error(
            function,
            argument,
            expected=f"the dtype of `{like[0]}`, {like[1].dtype.name}",
            received=tensor.dtype.name,
            hint="convert one of the two with tf.cast",
            error=TypeError,
        )
    if tensor.dtype not in _KERNEL_DTYPES:
        raise argument_error(
            function,
            argument,
            expected="float32 or float64",
            received=tensor.dtype.name,
            hint="convert it with tf.cast",
            error=TypeError,
        )
    return tensor
