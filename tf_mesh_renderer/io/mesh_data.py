"""What a mesh file holds, before it is turned into a `Mesh` with a texture."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from tf_mesh_renderer.textures import Material


@dataclasses.dataclass(frozen=True)
class MeshData:
    """One mesh as NumPy arrays; texture coordinates belong to corners of faces, not to vertices.

    Attributes:
      vertices: [V, 3] float.
      faces: [F, 3] int.
      uv: [F, 3, 2] float, NaN in faces without texture coordinates; None: no face has any.
      materials: what `material_id` counts.
      material_id: [F] int, -1 for none; None: no face has a material.
      vertex_colors: [V, 3] float in [0, 1], or None.
      face_colors: [F, 3] float in [0, 1], or None.
    """

    vertices: np.ndarray
    faces: np.ndarray
    uv: np.ndarray | None = None
    materials: Sequence[Material] = ()
    material_id: np.ndarray | None = None
    vertex_colors: np.ndarray | None = None
    face_colors: np.ndarray | None = None


def weld(data: MeshData) -> MeshData:
    """Joins vertices with the same position and colour, in the order in which they first occur.

    Formats that keep one set of attributes for each vertex have to repeat a vertex at every seam;
    unwelded, the surface would tear there as soon as its vertices move.

    Args:
      data: a mesh whose `faces` are in [0, V).
    Returns:
      `MeshData` with at most as many vertices; faces, corners and materials in the same order.
    """
    keys = np.asarray(data.vertices, np.float64) + 0.0  # -0 becomes 0
    if data.vertex_colors is not None:
        keys = np.concatenate([keys, data.vertex_colors], axis=-1)
    _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    new_index = np.empty_like(order)
    new_index[order] = np.arange(len(order))
    kept = first[order]
    colors = data.vertex_colors
    return dataclasses.replace(
        data,
        vertices=data.vertices[kept],
        faces=new_index[inverse.reshape(-1)][data.faces],
        vertex_colors=None if colors is None else colors[kept],
    )
