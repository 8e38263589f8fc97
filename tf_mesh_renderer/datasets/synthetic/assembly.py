"""Coloured solids, and meshes of them."""

import dataclasses
from collections.abc import Iterable

import numpy as np
import trimesh

from tf_mesh_renderer.datasets.synthetic.palette import Color
from tf_mesh_renderer.datasets.synthetic.solids import Solid
from tf_mesh_renderer.io.images import to_bytes
from tf_mesh_renderer.optional_packages import missing_package


@dataclasses.dataclass(frozen=True, eq=False)
class Part:
    """A solid of one colour.

    Attributes:
      solid: its surface.
      color: linear RGB in [0, 1].
    """

    solid: Solid
    color: Color


def painted(color: Color, *solids: Solid) -> list[Part]:
    """Gives solids one colour.

    Args:
      color: linear RGB in [0, 1].
      *solids: any number.
    Returns:
      One part for each.
    """
    return [Part(solid, color) for solid in solids]


def assemble(parts: Iterable[Part]) -> trimesh.Trimesh:
    """One mesh around all parts, which may overlap, centred and with a longest side of 1.

    Args:
      parts: at least one.
    Returns:
      A watertight mesh in (-0.5, 0.5)³ without surfaces inside, with a colour for each face.
    Raises:
      ImportError: the package manifold3d is not installed.
    """
    parts = list(parts)
    vertices, faces, part_of_face = _union([part.solid for part in parts])
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    vertices = (vertices - (low + high) / 2) / (high - low).max()
    colors = np.array([(*part.color, 1.0) for part in parts])[part_of_face]
    return trimesh.Trimesh(vertices, faces, face_colors=to_bytes(colors), process=False)


def _union(solids: list[Solid]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vertices and faces of the surface around solids, and the number of each face's solid.

    `trimesh.boolean.union` does not tell from which solid a face comes.
    """
    try:
        import manifold3d
    except ImportError as error:
        raise missing_package("making synthetic shapes", "manifold3d") from error
    first = manifold3d.Manifold.reserve_ids(len(solids))
    operands = [_manifold(manifold3d, solid, first + n) for n, solid in enumerate(solids)]
    union = manifold3d.Manifold.batch_boolean(operands, manifold3d.OpType.Add).to_mesh64()
    # Faces of a solid stand together; the index counts corners.
    faces_of_run = np.diff(union.run_index) // 3
    part_of_face = np.repeat(np.asarray(union.run_original_id) - first, faces_of_run.astype(int))
    return union.vert_properties[:, :3], union.tri_verts.astype(np.int64), part_of_face


def _manifold(manifold3d, solid: Solid, identity: int):
    mesh = manifold3d.Mesh64(
        np.ascontiguousarray(solid.vertices, np.float64),
        np.ascontiguousarray(solid.faces, np.uint64),
        run_index=np.array([0, solid.faces.size], np.uint64),
        run_original_id=np.array([identity], np.uint32),
    )
    return manifold3d.Manifold(mesh)
