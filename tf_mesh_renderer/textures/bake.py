"""Pictures and texture coordinates into N3MR's cube of texels for each face."""

from collections.abc import Sequence

import numpy as np

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.textures.material import DEFAULT_COLOR, Material
from tf_mesh_renderer.textures.picture import sample_image

# Faces are baked in groups of about this many texels, so that temporary arrays stay near 100 MB.
_TEXELS_AT_ONCE = 1 << 20
_CHANNELS = 3


def texel_barycentrics(side: int) -> np.ndarray:
    """The place on its face whose colour each texel of a cube takes.

    Texel (i, j, k) takes (i, j, k) / (i + j + k). Texels with i + j + k = side - 1 lie on the plane
    that is drawn and keep their place; the others are moved there along the ray from the origin.
    Texel (0, 0, 0), for which that rule divides by zero, takes the centre.

    Args:
      side: texels along each axis.
    Returns:
      [side, side, side, 3] float64, non-negative, sum 1.
    Raises:
      ValueError: `side` is less than 1.
    Source:
      Neural 3D Mesh Renderer, load_textures.
    """
    if side < 1:
        raise argument_error(
            "texel_barycentrics",
            "side",
            expected="an integer >= 1",
            received=side,
            hint="N3MR uses 2 to 16",
        )
    ticks = np.arange(side, dtype=np.float64)
    grid = np.stack(np.meshgrid(ticks, ticks, ticks, indexing="ij"), axis=-1)
    grid[0, 0, 0] = 1.0
    return grid / grid.sum(axis=-1, keepdims=True)


def bake_uv_image(
    image: np.ndarray, uv: np.ndarray, *, side: int, wrap: str = "repeat"
) -> np.ndarray:
    """Cubes of texels that show a picture on every face.

    Args:
      image: [H, W, C] float, row 0 on top.
      uv: [F, 3, 2] float, texture coordinates of the corners; v = 0 is the bottom of the picture.
      side: T, texels along each axis of a cube.
      wrap: "repeat" or "clamp".
    Returns:
      [F, T, T, T, C] in the dtype of `image`, within the range of `image`, free of NaN.
    Raises:
      ValueError: a shape is wrong, `side` is less than 1 or `wrap` is unknown.
    """
    uv = np.asarray(uv)
    if uv.ndim != 3 or uv.shape[1:] != (3, 2):
        raise argument_error(
            "bake_uv_image",
            "uv",
            expected="shape [F, 3, 2]",
            received=f"shape {uv.shape}",
            hint="index vertex coordinates with the faces: uv[faces]",
        )
    weights = texel_barycentrics(side).reshape(-1, 3)  # [T^3, 3]
    image = np.asarray(image)
    texels = np.empty((len(uv), len(weights), image.shape[-1]), image.dtype)
    step = max(1, _TEXELS_AT_ONCE // len(weights))
    for start in range(0, len(uv), step):
        places = np.einsum("tk,fkd->ftd", weights, uv[start : start + step])
        texels[start : start + step] = sample_image(image, places, wrap=wrap)
    return texels.reshape(len(uv), side, side, side, image.shape[-1])


def bake_materials(
    materials: Sequence[Material], material_id: np.ndarray, uv: np.ndarray, *, side: int
) -> np.ndarray:
    """Cubes of texels for a mesh whose faces have several materials.

    Args:
      materials: the materials; pictures have 3 channels.
      material_id: [F] int, the material of each face; -1: none, which gives `DEFAULT_COLOR`.
      uv: [F, 3, 2] float; NaN in a face that has no texture coordinates, which takes the plain
        colour.
      side: T, texels along each axis of a cube.
    Returns:
      [F, T, T, T, 3] float32.
    Raises:
      ValueError: a shape is wrong or `side` is less than 1.
    """
    uv = np.asarray(uv, np.float64)
    palette = np.array([m.color for m in materials] + [DEFAULT_COLOR], np.float32)
    plain = palette[np.asarray(material_id)]  # [F, 3]; -1 is the last row
    cubes = np.broadcast_to(plain[:, None], (len(plain), side**3, _CHANNELS)).copy()
    has_uv = np.isfinite(uv).all(axis=(1, 2))
    for index, material in enumerate(materials):
        chosen = np.flatnonzero((material_id == index) & has_uv)
        if material.image is not None and len(chosen):
            placed = uv[chosen] * material.uv_scale + material.uv_offset
            baked = bake_uv_image(material.image, placed, side=side, wrap=material.wrap)
            cubes[chosen] = baked.reshape(len(chosen), -1, _CHANNELS)
    return cubes.reshape(len(plain), side, side, side, _CHANNELS)
