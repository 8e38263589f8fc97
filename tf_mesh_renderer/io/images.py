"""Pictures and animations to and from files, as float32 in [0, 1] with row 0 on top."""

import os
from collections.abc import Sequence
from typing import Any

import imageio.v3 as iio
import numpy as np
from PIL import Image

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.io.files import existing_file, file_to_write, path_error

# Pillow's modes with more than 8 bits, which a conversion to RGBA would cut off.
_DEEP_MODES = {"I;16": 65535.0, "I;16B": 65535.0, "I;16L": 65535.0, "I": 65535.0, "F": 1.0}
_WITHOUT_ALPHA = (".jpg", ".jpeg", ".bmp", ".gif")
BYTE_MAX = 255
_FRAME_MS = 80


def read_image(
    path: str | os.PathLike, *, alpha: bool = False, largest_side: int | None = None
) -> np.ndarray:
    """Reads a picture in any format that Pillow knows.

    Values are the file's own, scaled to [0, 1]; no transfer curve (sRGB) is removed. Grey becomes
    RGB, palettes are looked up, the first frame of an animation is taken.

    Args:
      path: the file.
      alpha: also return the alpha channel, 1 where the file has none; otherwise it is dropped and
        the colour of transparent pixels stays as it is in the file.
      largest_side: in pixels. A larger picture is made smaller by a whole factor, the colour of a
        block being the mean of what can be seen of it. None: as large as it is.
    Returns:
      [H, W, 3] float32 in [0, 1], or [H, W, 4] with `alpha`; row 0 on top.
    Raises:
      FileNotFoundError: no such file.  ValueError: the file is not a picture.
    """
    path = existing_file("read_image", path)
    try:
        with iio.imopen(path, "r", plugin="pillow") as file:
            mode = file.metadata(index=0).get("mode")
            deep = mode in _DEEP_MODES
            pixels = file.read(index=0) if deep else file.read(index=0, mode="RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise path_error(
            "read_image",
            expected="a picture",
            received=f"'{path}' ({error})",
            hint="PNG and JPEG always work",
        ) from error
    if largest_side is not None:
        pixels = _reduced(np.asarray(pixels, np.float32) if deep else pixels, largest_side)
    scale = _DEEP_MODES[mode] if deep else BYTE_MAX
    return _channels(np.asarray(pixels, np.float32) / np.float32(scale), alpha)


def write_image(path: str | os.PathLike, image: Any) -> None:
    """Writes a picture with 8 bits for each channel; the extension of `path` says the format.

    Args:
      path: the file; folders above it are made.
      image: [H, W], [H, W, 1], [H, W, 3] or [H, W, 4] in [0, 1], array or tensor, row 0 on top.
        Values outside are clipped. Formats without alpha get the colours alone.
    Raises:
      ValueError: `image` has another shape or values that are not finite, or the format is unknown.
    """
    pixels = _checked_bytes("write_image", "image", image)
    path = file_to_write(path)
    if path.suffix.lower() in _WITHOUT_ALPHA and pixels.ndim == 3:
        pixels = pixels[..., :3]
    try:
        iio.imwrite(path, pixels, plugin="pillow")
    except (OSError, ValueError, KeyError) as error:
        raise path_error(
            "write_image",
            expected="the name of a picture file",
            received=f"'{path}' ({error})",
            hint="use the extension .png or .jpg",
        ) from error


def write_gif(
    path: str | os.PathLike, frames: Sequence[Any], *, duration_ms: int = _FRAME_MS
) -> None:
    """Writes an animated GIF that repeats for ever.

    Args:
      path: the file; folders above it are made.
      frames: pictures of one size as for `write_image`, or one array [N, H, W, 1, 3 or 4]. Alpha is
        dropped.
      duration_ms: time each frame is shown, in milliseconds; GIF counts in steps of 10. Equal
        neighbours may be written as one frame that is shown for the sum of their times.
    Raises:
      ValueError: there is no frame, or a frame has another shape or values that are not finite.
    """
    images = [_checked_bytes("write_gif", "frames", frame) for frame in frames]
    if len({image.shape for image in images}) != 1:
        raise argument_error(
            "write_gif",
            "frames",
            expected="one or more frames of one shape",
            received=sorted({image.shape for image in images}),
            hint="render every frame with the same image_size",
        )
    path = file_to_write(path)
    stack = np.stack([np.atleast_3d(image)[..., :3] for image in images])
    stack = np.broadcast_to(stack, (*stack.shape[:-1], 3))
    iio.imwrite(path, stack, extension=".gif", duration=duration_ms, loop=0)


def to_bytes(values: np.ndarray) -> np.ndarray:
    """Rounds values to 8 bits.

    Args:
      values: [...] float; what lies outside [0, 1] is clipped.
    Returns:
      [...] uint8, 1 becoming `BYTE_MAX`.
    """
    return np.round(np.clip(values.astype(np.float64), 0.0, 1.0) * BYTE_MAX).astype(np.uint8)


def _reduced(pixels, largest_side):
    """Smaller before it becomes floats, which take four times the memory of bytes."""
    factor = -(-max(pixels.shape[:2]) // largest_side)
    return np.asarray(Image.fromarray(pixels).reduce(factor)) if factor > 1 else pixels


def _channels(image, alpha):
    """[H, W] or [H, W, 4] to [H, W, 3] or [H, W, 4]."""
    if image.ndim == 2:
        image = np.clip(np.repeat(image[..., None], 3, axis=-1), 0.0, 1.0)
        image = np.concatenate([image, np.ones_like(image[..., :1])], axis=-1)
    return np.ascontiguousarray(image if alpha else image[..., :3])


def _checked_bytes(where, name, image):
    image = np.asarray(image)
    channels_fit = image.ndim == 2 or image.shape[-1] in (1, 3, 4)
    if image.ndim not in (2, 3) or not channels_fit or image.size == 0:
        raise argument_error(
            where,
            name,
            expected="shape [H, W], [H, W, 1], [H, W, 3] or [H, W, 4] with pixels",
            received=f"shape {image.shape}",
            hint="take one item of a batch",
        )
    if not np.isfinite(image).all():
        raise argument_error(
            where, name, expected="finite values", received="NaN or Inf", hint="look for its origin"
        )
    pixels = to_bytes(image)
    return pixels[..., 0] if pixels.ndim == 3 and pixels.shape[-1] == 1 else pixels
