"""Coloured solids, and meshes of them."""

import dataclasses
from collections.abc import Iterable

import numpy as np
import trimesh

from tf_mesh_renderer.datasets.synthetic.palette import Color
from tf_mesh_renderer.datasets.synthetic.solids import Solid
from tf_mesh_renderer.io.images import to_bytes


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
    """One mesh of all parts, which may overlap, centred and with a longest side of 1.

    Args:
      parts: at least one.
    Returns:
      A mesh in (-0.5, 0.5)³ with a colour for each vertex; watertight, as its parts are.
    """
    solids = [part.solid for part in parts]
    first = np.cumsum([0] + [len(solid.vertices) for solid in solids[:-1]])
    vertices = np.concatenate([solid.vertices for solid in solids])
    faces = np.concatenate([solid.faces + offset for solid, offset in zip(solids, first)])
    colors = np.concatenate([np.tile(p.color, [len(p.solid.vertices), 1]) for p in parts])
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    vertices = (vertices - (low + high) / 2) / (high - low).max()
    colors = to_bytes(np.concatenate([colors, np.ones([len(colors), 1])], axis=1))
    return trimesh.Trimesh(vertices, faces, vertex_colors=colors, process=False)
