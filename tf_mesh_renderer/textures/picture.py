"""Reads a picture at texture coordinates (NumPy; for baking, not for rendering)."""

import numpy as np

from tf_mesh_renderer.arguments import argument_error, check_choice

_WRAP = {
    "repeat": lambda index, size: np.mod(index, size),
    "clamp": lambda index, size: np.clip(index, 0, size - 1),
}
WRAP_MODES = tuple(_WRAP)
# Farther out the integer pixel index could overflow, and float32 has no precision left.
_LARGEST_COORDINATE = 1e6


def sample_image(image: np.ndarray, uv: np.ndarray, *, wrap: str = "repeat") -> np.ndarray:
    """Bilinear lookup with OpenGL's texel centres.

    Pixel (row r, column c) has its centre at u = (c + 1/2) / W, v = 1 - (r + 1/2) / H: u runs
    right, v runs up from the bottom of the picture, as in OBJ.

    Args:
      image: [H, W, C] float, row 0 on top.
      uv: [..., 2] float. Coordinates that are not finite are read as 0.
      wrap: "repeat" continues the picture periodically, "clamp" continues its border.
    Returns:
      [..., C] in the dtype of `image`, within the range of `image`.
    Raises:
      ValueError: `image` is no picture, or `wrap` is unknown.
    Source:
      OpenGL 4.6 core profile, section 8.14.
    """
    check_choice("sample_image", "wrap", value=wrap, choices=WRAP_MODES)
    image = np.asarray(image)
    if image.ndim != 3 or image.size == 0:
        raise argument_error(
            "sample_image",
            "image",
            expected="a picture [H, W, C] with pixels",
            received=f"shape {image.shape}",
            hint="read pictures with tf_mesh_renderer.io.read_image",
        )
    height, width = image.shape[:2]
    bound = _LARGEST_COORDINATE
    uv = np.clip(np.nan_to_num(uv, nan=0.0, posinf=bound, neginf=-bound), -bound, bound)
    column, right = _split(uv[..., 0] * width - 0.5, image.dtype)
    row, down = _split((1.0 - uv[..., 1]) * height - 0.5, image.dtype)
    result = 0.0
    for row_step, row_weight in ((0, 1 - down), (1, down)):
        for column_step, column_weight in ((0, 1 - right), (1, right)):
            rows = _WRAP[wrap](row + row_step, height)
            columns = _WRAP[wrap](column + column_step, width)
            result = result + image[rows, columns] * (row_weight * column_weight)[..., None]
    return result


def _split(position, dtype):
    """Integer part (towards minus infinity) and fraction."""
    whole = np.floor(position)
    return whole.astype(np.int64), (position - whole).astype(dtype)
