"""Constants of a material, and the limits of colours."""

from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, float_tensors, static_rank
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


def check_light(where: str, light: tf.Tensor, *, albedo: tf.Tensor) -> None:
    """Refuses light that would change the number of channels or of images.

    Args:
      where: class that combines the two, for the error.
      light: [B, ..., C] float, or [1, ..., 1].
      albedo: [B, ..., C] float, or a number.
    Raises:
      ValueError: a size is known and another one.
    """
    if not tf.is_tensor(albedo):
        return  # one number serves all channels and images
    for axis, what in ((-1, "channels of the texture"), (0, "images")):
        received, expected = light.shape[axis], albedo.shape[axis]
        if None not in (received, expected) and received not in (1, expected):
            raise argument_error(
                where,
                "lights",
                expected=f"light for {expected}, the number of {what}, or for 1",
                received=f"light for {received}",
                hint="check the colours and intensities of lights and the material's constants; "
                "color=(1.0,) is white for any number of channels",
            )


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
