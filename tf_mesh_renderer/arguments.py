"""Turns what a caller passes into tensors of one dtype and explains what is wrong with it."""

import operator
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import tensorflow as tf

_Error = TypeVar("_Error", bound=Exception)


def argument_error(
    where: str,
    name: str,
    *,
    expected: str,
    received: Any,
    hint: str,
    error: type[_Error] = ValueError,
) -> _Error:
    """The error every function of the package raises for a bad argument.

    Args:
      where: function or class that found the fault.
      name: the argument.
      expected: what would have been accepted.
      received: what came; anything with a readable `str`.
      hint: what to do about it, one sentence without a full stop.
      error: class of the error.
    Returns:
      An instance of `error`, to be raised by the caller.
    """
    return error(
        f"{where}: argument `{name}`: expected {expected}, received {received}. Hint: {hint}."
    )


def check_choice(where: str, name: str, *, value: str, choices: Sequence[str]) -> None:
    """Refuses a word that is not among those an argument may take.

    Args:
      where: calling function or class, for the error.
      name: its argument, for the error.
      value: what was passed.
      choices: what may be passed.
    Raises:
      ValueError: `value` is not one of `choices`.
    """
    if value not in choices:
        raise argument_error(
            where,
            name,
            expected="one of " + ", ".join(repr(choice) for choice in choices),
            received=repr(value),
            hint="check the spelling",
        )


def check_shape(where: str, name: str, *, value: Any, shape: Sequence[int | None]) -> None:
    """Refuses a tensor whose static shape cannot end in `shape`.

    Leading dimensions are free. Unknown ranks and sizes pass, so that the check costs nothing
    inside `tf.function` and never refuses what might be right.

    Args:
      where: calling function or class, for the error.
      name: its argument, for the error.
      value: tensor or variable of any dtype.
      shape: the last dimensions; None stands for any size.
    Raises:
      ValueError: the rank is too small, or a size differs.
    """
    static = value.shape
    if static.rank is None:
        return
    tail = static[static.rank - len(shape) :] if static.rank >= len(shape) else None
    if tail is None or not tail.is_compatible_with(shape):
        wanted = ", ".join("?" if size is None else str(size) for size in shape)
        raise argument_error(
            where,
            name,
            expected=f"shape [..., {wanted}]",
            received=f"shape {static}",
            hint="the last dimensions are fixed, batch dimensions come first",
        )


def check_same_shape(where: str, name: str, *, value: Any, other_name: str, other: Any) -> None:
    """Refuses two tensors whose static shapes differ; broadcasting would hide the mistake.

    Args:
      where: calling function or class, for the error.
      name: argument that `value` is, for the error.
      value: tensor or variable of any dtype.
      other_name: argument that `other` is, for the error.
      other: tensor or variable of any dtype.
    Raises:
      ValueError: the ranks or two known sizes differ.
    """
    if not value.shape.is_compatible_with(other.shape):
        raise argument_error(
            where,
            name,
            expected=f"the shape of `{other_name}`, {other.shape}",
            received=f"shape {value.shape}",
            hint="nothing is broadcast; repeat or reshape one of them",
        )


def static_rank(where: str, name: str, *, value: tf.Tensor, ranks: Sequence[int]) -> int:
    """The rank of a tensor, which must be known while tracing.

    Args:
      where: calling function or class, for the error.
      name: its argument, for the error.
      value: tensor of any dtype.
      ranks: what may come.
    Returns:
      The number of dimensions.
    Raises:
      ValueError: the rank is unknown or not one of `ranks`.
    """
    rank = value.shape.rank
    if rank not in ranks:
        raise argument_error(
            where,
            name,
            expected="rank " + " or ".join(str(choice) for choice in ranks),
            received=f"shape {value.shape}",
            hint="reshape it, or give the input signature a rank",
        )
    return rank


def height_and_width(where: str, image_size: Any) -> tuple[int, int]:
    """The pair of integers that an image size stands for.

    Args:
      where: calling function or class, for the error.
      image_size: (height, width) in pixels; any sequence of two integers.
    Returns:
      Two Python integers; their range is left to the rasterizer to check.
    Raises:
      ValueError: it is no pair of integers.
    """
    try:
        height, width = image_size
        return operator.index(height), operator.index(width)
    except (TypeError, ValueError):
        raise argument_error(
            where,
            "image_size",
            expected="(height, width), two integers",
            received=repr(image_size),
            hint="write (64, 64) for a square image of side 64",
        ) from None


def float_tensors(*values: Any) -> list[tf.Tensor]:
    """Converts all values to tensors of one floating dtype.

    The dtype is that of the first floating TensorFlow tensor or variable; without one it is float64
    if a NumPy float64 array is among the values, else float32 (Python numbers carry no dtype).
    Half precision is promoted to float32: it cannot place a vertex to a pixel.

    Args:
      *values: tensors, variables, arrays, nested sequences or numbers, of any shape.
    Returns:
      The values in the same order as float32 or float64 tensors.
    Gradients:
      Exact to all that are tensors or variables.
    Raises:
      ValueError, TypeError: TensorFlow cannot make a tensor of a value.
    """
    dtype = _common_dtype(values)
    return [_cast(value, dtype) for value in values]


def to_indices(function, argument, value):
    """Converts integers to an int32 tensor; what int32 cannot hold stays out of every legal range.

    Args:
      function: calling function or class, for the error.
      argument: its argument, for the error.
      value: tensor, variable, array or nested list of integers of any dtype and shape.
    Returns:
      An int32 tensor; integers beyond int32 become its nearest limit.
    Raises:
      TypeError: the values are no integers.
    """
    # No hint for what has a dtype: it would cut wide integers silently.
    dtype_hint = tf.int32 if not hasattr(value, "dtype") else None
    tensor = tf.convert_to_tensor(value, dtype_hint=dtype_hint)
    if tensor.dtype == tf.int32:
        return tensor
    if not tensor.dtype.is_integer:
        raise argument_error(
            function,
            argument,
            expected="integers (int32 or int64)",
            received=tensor.dtype.name,
            hint="convert them with tf.cast(..., tf.int32)",
            error=TypeError,
        )
    if tensor.dtype.max > tf.int32.max:
        tensor = tf.minimum(tensor, tf.constant(tf.int32.max, tensor.dtype))
    if tensor.dtype.min < tf.int32.min:
        tensor = tf.maximum(tensor, tf.constant(tf.int32.min, tensor.dtype))
    return tf.cast(tensor, tf.int32)


def to_number(function: str, argument: str, value: Any) -> float:
    """Converts to a Python float: the value is part of the graph and cannot be a symbolic tensor.

    Args:
      function: calling function or class, for the error.
      argument: its argument, for the error.
      value: a number of any kind; its range is left to the caller to check.
    Returns:
      The same number.
    Raises:
      TypeError: it is a symbolic tensor or no number.
    """
    number = tf.get_static_value(value) if tf.is_tensor(value) else value
    try:
        return float(number)
    except (TypeError, ValueError):
        raise argument_error(
            function,
            argument,
            expected="a number that is known when the graph is built",
            received=repr(value),
            hint="pass a Python float",
            error=TypeError,
        ) from None


def to_count(function: str, argument: str, value: Any) -> int:
    """Converts to a Python int: the value is part of the graph and cannot be a symbolic tensor.

    Args:
      function: calling function or class, for the error.
      argument: its argument, for the error.
      value: an integer of any kind; its range is left to the caller to check.
    Returns:
      The same number.
    Raises:
      TypeError: it is a symbolic tensor or no integer.
    """
    try:
        return operator.index(value)
    except (TypeError, AttributeError):  # tensors raise the latter
        raise argument_error(
            function,
            argument,
            expected="an integer that is known when the graph is built",
            received=repr(value),
            hint="pass a Python int",
            error=TypeError,
        ) from None


def _common_dtype(values: Sequence[Any]) -> tf.DType:
    for value in values:
        dtype = tf.as_dtype(value.dtype) if tf.is_tensor(value) else tf.int32  # Keras: a string
        if dtype.is_floating:
            return tf.float64 if dtype == tf.float64 else tf.float32
    if any(isinstance(value, np.ndarray) and value.dtype == np.float64 for value in values):
        return tf.float64
    return tf.float32


def _cast(value: Any, dtype: tf.DType) -> tf.Tensor:
    if tf.is_tensor(value):
        return tf.cast(value, dtype)
    return tf.convert_to_tensor(np.asarray(value) if is_plain(value) else value, dtype)


def is_plain(value: Any) -> bool:
    """Whether a value holds numbers only; a list may also hold tensors, which TensorFlow packs.

    Args:
      value: anything.
    Returns:
      True for numbers, arrays, and lists and tuples of these.
    """
    if isinstance(value, (list, tuple)):
        return all(is_plain(item) for item in value)
    return isinstance(value, (int, float, np.ndarray, np.generic))
