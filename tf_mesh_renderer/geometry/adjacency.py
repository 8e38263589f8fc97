"""Which vertices and which faces of a mesh are neighbours: what shape losses sum over."""

import dataclasses
from typing import Any

import numpy as np

from tf_mesh_renderer.arguments import argument_error, to_count


@dataclasses.dataclass(frozen=True, eq=False)
class Adjacency:
    """Edges and neighbouring faces of one mesh: read-only int32 arrays, made once for all steps.

    Built by `from_faces`. Padding and faces that name a vertex twice have no edges.

    Attributes:
      faces: [F, 3] as given, -1 rows are padding.
      num_vertices: V; vertices may belong to no face.
      edges: [E, 2] vertices of every edge once, the smaller index first, in ascending order.
      edge_faces: [N, 2] faces on the two sides of every interior edge, the smaller index first.
        Edges at a border, and those that three or more faces share, are not among them.
      edge_vertices: [N, 2] vertices of the same interior edges, the smaller index first.
      opposite_vertices: [N, 2] the corner of each of the two faces that is not on the edge.
    """

    faces: np.ndarray
    num_vertices: int
    edges: np.ndarray
    edge_faces: np.ndarray
    edge_vertices: np.ndarray
    opposite_vertices: np.ndarray

    @classmethod
    def from_faces(cls, faces: Any, num_vertices: int | None = None) -> "Adjacency":
        """Finds the neighbours in O(F log F).

        Args:
          faces: [F, 3] integers in [0, V) that are known now (no symbolic tensor); -1 rows are
            padding.
          num_vertices: V; without it one more than the largest index.
        Returns:
          An `Adjacency`.
        Raises:
          TypeError: faces are no integers.
          ValueError: the shape is wrong, or an index is out of range.
        """
        faces = _checked_faces(faces)
        least = int(faces.max(initial=-1)) + 1
        num_vertices = least if num_vertices is None else to_count(*_COUNT, num_vertices)
        if num_vertices < least:
            raise argument_error(
                *_COUNT,
                expected=f"at least {least}, for the largest index in `faces`",
                received=num_vertices,
                hint="pass the number of rows of `vertices`, or leave it out",
            )
        arrays = {"faces": faces, **_neighbours(faces, num_vertices)}
        for name, array in arrays.items():
            arrays[name] = np.array(array, np.int32)
            arrays[name].setflags(write=False)
        return cls(num_vertices=num_vertices, **arrays)


_COUNT = "Adjacency.from_faces", "num_vertices"


def _checked_faces(faces):
    faces = np.asarray(faces)
    where = "Adjacency.from_faces", "faces"
    if faces.ndim != 2 or faces.shape[1] != 3:
        raise argument_error(
            *where,
            expected="shape [F, 3]",
            received=f"shape {list(faces.shape)}",
            hint="all meshes of a batch share one adjacency; pass faces without a batch",
        )
    if not np.issubdtype(faces.dtype, np.integer):
        raise argument_error(
            *where,
            expected="integers",
            received=faces.dtype.name,
            hint="convert them with faces.astype(np.int32)",
            error=TypeError,
        )
    is_padding = np.all(faces == -1, axis=1, keepdims=True)
    if np.any((faces < 0) & ~is_padding) or np.any(faces > np.iinfo(np.int32).max):
        raise argument_error(
            *where,
            expected="indices of vertices, or rows of -1",
            received=f"values from {faces.min()} to {faces.max()}",
            hint="indices start at 0",
        )
    return faces.astype(np.int64)


def _neighbours(faces, num_vertices):
    """Arrays of `Adjacency` by name."""
    a, b, c = faces.T
    whole = np.flatnonzero((a != b) & (b != c) & (c != a))
    corners = faces[whole]
    sides = np.concatenate([corners[:, [1, 2]], corners[:, [2, 0]], corners[:, [0, 1]]])
    opposite = corners.T.reshape(-1)  # of each side, in the same order
    sides = np.sort(sides, axis=1)
    # One number per edge: sorting numbers is several times faster than sorting rows.
    keys, edge_of, count = np.unique(
        sides[:, 0] * max(num_vertices, 1) + sides[:, 1], return_inverse=True, return_counts=True
    )
    edges = np.stack(np.divmod(keys, max(num_vertices, 1)), axis=-1)
    owners = np.tile(whole, 3)
    order = np.lexsort([owners, edge_of])
    pairs = order[count[edge_of[order]] == 2].reshape(-1, 2)  # [N, 2] sides that are one edge
    return {
        "edges": edges,
        "edge_faces": owners[pairs],
        "edge_vertices": edges[edge_of[pairs[:, 0]]],
        "opposite_vertices": opposite[pairs],
    }
