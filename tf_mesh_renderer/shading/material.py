"""Constants of a material, and the limits of colours."""

from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import float_tensors, static_rank
from tf_mesh_renderer.shading.pixels import over_pixels


def material_constant(where: str, name: str, value: Any, *, points: tf.Tensor) -> tf.Tensor:
    """A constant of a material, ready to be multiplied with colours at points.

    Args:
      where: class that has the constant, for the error.
      name: its attribute, for the error.
      value: [], [C] or [B, C] float.
      points: [B, ..., 3] float.
    Returns:
      [], or [1, ..., 1, C] or [B, 1, ..., 1, C], in the dtype of `points`.
    Gradients:
      Exact.
    Raises:
      ValueError: the value has another rank.
    """
    (value,) = float_tensors(value)
    if static_rank(where, name, value=value, ranks=(0, 1, 2)) == 0:
        return tf.cast(value, points.dtype)
    return over_pixels(value, points)


def clamped_if(colors: tf.Tensor, *, clamp: bool) -> tf.Tensor:
    """Limits colours to [0, 1] if asked to.

    Args:
      colors: [..., C] float, linear.
      clamp: whether to.
    Returns:
      The same shape.
    Gradients:
      Exact; zero outside of [0, 1] if clamped.
    """
    return tf.clip_by_value(colors, 0.0, 1.0) if clamp else colors
