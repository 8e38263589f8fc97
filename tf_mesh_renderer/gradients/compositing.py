"""Hard compositing: the colour of the face where there is one, the background elsewhere."""

import tensorflow as tf


def composite(colors: tf.Tensor, mask: tf.Tensor, background: tf.Tensor) -> tf.Tensor:
    """Puts colours over a background and appends alpha.

    Args:
      colors: [B, H, W, C] float; ignored (may even be NaN) where `mask` is 0.
      mask: [B, H, W] float, 1 where a face is seen, else 0.
      background: [], [C] or [B, C] float, linear colour.
    Returns:
      [B, H, W, C + 1] float: colour, then alpha, which is `mask`.
    Gradients:
      To `colors` where the mask is 1, to `background` where it is 0; none to `mask`.
    """
    background = _as_dtype(background, colors.dtype)
    if background.shape.rank == 2:
        background = background[:, tf.newaxis, tf.newaxis, :]  # [B, 1, 1, C]
    alpha = mask[..., tf.newaxis]  # [B, H, W, 1]
    return tf.concat([tf.where(alpha > 0, colors, background), tf.stop_gradient(alpha)], axis=-1)


def _as_dtype(value, dtype: tf.DType) -> tf.Tensor:
    return tf.cast(value, dtype) if tf.is_tensor(value) else tf.convert_to_tensor(value, dtype)
