"""From values of a batch item to values at its points."""

import tensorflow as tf


def over_pixels(value: tf.Tensor, points: tf.Tensor) -> tf.Tensor:
    """Gives the values of a batch item the axes of its points, so that the two broadcast.

    Args:
      value: [D] or [B, D] float.
      points: [B, ..., D'] float whose rank is known; what the value will be combined with.
    Returns:
      [1, ..., 1, D] or [B, 1, ..., 1, D] with the rank and in the dtype of `points`.
    Gradients:
      Exact.
    """
    value = tf.cast(value, points.dtype)
    # One axis more than a value without batch needs is harmless: broadcasting aligns the last ones.
    for _ in range(points.shape.rank - 2):
        value = value[..., tf.newaxis, :]
    return value
