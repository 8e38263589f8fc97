"""From values of a batch item, or of a face, to values at pixels."""

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


def at_pixels(face_values: tf.Tensor, face_id: tf.Tensor) -> tf.Tensor:
    """Looks up the value of the face in every pixel.

    Args:
      face_values: [B, F, D] float.
      face_id: [B, H, W] int32, -1 where there is no face.
    Returns:
      [B, H, W, D]; 0 where there is no face.
    Gradients:
      Exact to `face_values`.
    """
    # One extra row of zeros serves the background, and keeps F = 0 legal.
    padded = tf.pad(face_values, [[0, 0], [0, 1], [0, 0]])
    rows = tf.where(face_id < 0, tf.shape(face_values)[1], face_id)
    return tf.gather(padded, rows, axis=1, batch_dims=1)
