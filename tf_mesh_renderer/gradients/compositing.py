"""Hard compositing: the colour of the face where there is one, the background elsewhere."""

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error


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
    background = background_pixels(background, colors)
    return tf.where(mask[..., tf.newaxis] > 0, colors, background)


def background_pixels(background, colors: tf.Tensor) -> tf.Tensor:
    """A background that broadcasts against the pixels of images.

    Args:
      background: [], [C] or [B, C] float, linear colour.
      colors: as in `background_tensor`.
    Returns:
      [], [C] or [B, 1, 1, C].
    Gradients:
      Exact.
    Raises:
      TypeError, ValueError: as `background_tensor`.
    """
    background = background_tensor(background, colors)
    return background if background.shape.rank != 2 else background[:, tf.newaxis, tf.newaxis, :]


def background_tensor(background, colors: tf.Tensor) -> tf.Tensor:
    """A background as a tensor; numbers that are none yet lose no digits on the way.

    Args:
      background: [], [C] or [B, C] float; [1, C] serves all images.
      colors: [B, ..., C] float, what it will be combined with.
    Returns:
      The same shape, in the dtype of the colours.
    Gradients:
      Exact.
    Raises:
      TypeError: it is made of something else than numbers.
      ValueError: its shape does not fit the colours.
    """
    if not tf.is_tensor(background):
        try:
            background = tf.convert_to_tensor(background, colors.dtype)
        except (TypeError, ValueError):
            raise _background_error(colors, repr(background), TypeError) from None
    batch, channels = colors.shape[0], colors.shape[-1]
    shapes = ([], [channels], [batch, channels], [1, channels])
    if not any(background.shape.is_compatible_with(shape) for shape in shapes):
        raise _background_error(colors, f"shape {background.shape}", ValueError)
    return tf.cast(background, colors.dtype)


def _background_error(colors: tf.Tensor, received: str, error: type) -> Exception:
    batch, channels = colors.shape[0], colors.shape[-1]
    return argument_error(
        "render",
        "background",
        expected=f"a number, or shape [{channels}] or [{batch}, {channels}]",
        received=received,
        hint="give one number for each channel of the texture, or such numbers for each image",
        error=error,
    )
