"""What a mesh file says about the colour of a group of faces."""

import dataclasses

import numpy as np

# N3MR's loader gives this grey to faces without a material.
DEFAULT_COLOR = (0.5, 0.5, 0.5)


@dataclasses.dataclass(frozen=True)
class Material:
    """A plain colour, or a picture laid on by texture coordinates.

    Attributes:
      color: RGB in [0, 1] of faces without texture coordinates, and of all faces without `image`.
      image: [H, W, 3] float32 in [0, 1], row 0 on top, or None.
      wrap: "repeat" or "clamp", what lies outside the picture.
      uv_scale: factor for texture coordinates, applied before `uv_offset`.
      uv_offset: added to texture coordinates.
    """

    color: tuple = DEFAULT_COLOR
    image: np.ndarray | None = None
    wrap: str = "repeat"
    uv_scale: tuple = (1.0, 1.0)
    uv_offset: tuple = (0.0, 0.0)
