"""Hard compositing: the colour of the face where there is one, the background elsewhere."""

import tensorflow as tf


def composite(colors: tf.Tensor, mask: tf.Tensor, background: tf.Tensor) -> tf.Tensor:
    """Puts colours over a background and appends alpha, which is the mask.

    Args:
      colors: [B, H, W, C] float; ignored (may even be NaN) where `mask` is 0.
      mask: [B, H, W] float, 1 where a face is seen, else 0.
      background: [], [C] or [B, C] float, linear colour.
    Returns:
      [B, H, W, C + 1] float: colour, then alpha, which is `mask`.
    Gradients:
      To `colors` where the mask is 1, to `background` where it is 0; none to `mask`.
    """
    alpha = tf.stop_gradient(mask[..., tf.newaxis])  # [B, H, W, 1]
    return tf.concat([over_background(colors, mask, background), alpha], axis=-1)


def over_background(colors: tf.Tensor, mask: tf.Tensor, background: tf.Tensor) -> tf.Tensor:
    """Puts colours over a background.

    Args:
      colors: [B, H, W, C] float; ignored (may even be NaN) where `mask` is 0.
      mask: [B, H, W] float, 1 where a face is seen, else 0.
      background: [], [C] or [B, C] float, linear colour.
    Returns:
      [B, H, W, C] float.
    Gradients:
      To `colors` where the mask is 1, to `background` where it is 0; none to `mask`.
    """
    background = background_pixels(background, colors.dtype)
    return tf.where(mask[..., tf.newaxis] > 0, colors, background)


def background_pixels(background, dtype: tf.DType) -> tf.Tensor:
    """A background that broadcasts against the pixels of images.

    Args:
      background: [], [C] or [B, C] float, linear colour.
      dtype: of the result.
    Returns:
      [], [C] or [B, 1, 1, C].
    Gradients:
      Exact.
    """
    background = background_tensor(background, dtype)
    return background if background.shape.rank != 2 else background[:, tf.newaxis, tf.newaxis, :]


def background_tensor(background, dtype: tf.DType) -> tf.Tensor:
    """A background as a tensor; numbers that are none yet lose no digits on the way.

    Args:
      background: [], [C] or [B, C] float.
      dtype: of the result.
    Returns:
      The same shape.
    Gradients:
      Exact.
    """
    if tf.is_tensor(background):
        return tf.cast(background, dtype)
    return tf.convert_to_tensor(background, dtype)
