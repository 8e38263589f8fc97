"""Writes the text formats OBJ and OFF with every digit of their numbers.

trimesh writes a fixed number of decimals, which loses small numbers.
"""

import pathlib

import numpy as np

from tf_mesh_renderer.io.images import write_image
from tf_mesh_renderer.io.mesh_data import MeshData
from tf_mesh_renderer.io.mtl import write_mtl

_MATERIAL = "atlas"
# Significant decimal digits that bring a binary number back exactly.
_DIGITS = {np.dtype(np.float32): 9, np.dtype(np.float64): 17}


def write_obj(path: pathlib.Path, data: MeshData, *, image: np.ndarray | None = None) -> None:
    """Writes an OBJ file and, with `image`, an MTL and a PNG file of the same name beside it.

    Args:
      path: the OBJ file.
      data: the mesh; `uv` [F, 3, 2] needs `image`, `vertex_colors` follow the positions (`v x y z r
        g b`).
      image: [H, W, 3] in [0, 1], or None.
    """
    rows = data.vertices
    if data.vertex_colors is not None:
        rows = np.concatenate([rows, data.vertex_colors.astype(rows.dtype)], axis=-1)
    with path.open("w", encoding="utf-8") as file:
        if image is not None:
            library, picture = path.with_suffix(".mtl"), path.with_suffix(".png")
            write_mtl(library, material=_MATERIAL, image=picture.name)
            write_image(picture, image)
            file.write(f"mtllib {library.name}\n")
        _write_rows(file, "v ", rows)
        if image is None:
            np.savetxt(file, data.faces + 1, fmt="f %d %d %d")
            return
        _write_rows(file, "vt ", data.uv.reshape(-1, 2))
        file.write(f"usemtl {_MATERIAL}\n")
        corners = np.arange(1, data.faces.size + 1).reshape(-1, 3)
        both = np.stack([data.faces + 1, corners], axis=-1).reshape(-1, 6)
        np.savetxt(file, both, fmt="f %d/%d %d/%d %d/%d")


def write_off(path: pathlib.Path, data: MeshData) -> None:
    """Writes the geometry as OFF.

    Args:
      path: the file.
      data: the mesh; vertices float32 or float64. Colours are left out.
    """
    with path.open("w", encoding="utf-8") as file:
        file.write(f"OFF\n{len(data.vertices)} {len(data.faces)} 0\n")
        _write_rows(file, "", data.vertices)
        np.savetxt(file, data.faces, fmt="3 %d %d %d")


def _write_rows(file, keyword, rows):
    number = f"%.{_DIGITS[rows.dtype]}g"
    np.savetxt(file, rows, fmt=keyword + " ".join([number] * rows.shape[1]))
