"""Vertices and faces of the meshes that are made by a formula, in NumPy.

Imports nothing of the package: `benchmarks/workloads.py` reads it where there is no TensorFlow.
"""

import pathlib

import numpy as np

TEAPOT_PATCHES = 32
# Points nearer than this are one vertex. The teapot is 6.4 units long and its finest sensible
# tessellation has edges of 1e-3, so only copies made by neighbouring patches are this near.
_WELD_DISTANCE = 1e-6
# Half the sides of a golden rectangle with its corners on the unit sphere. Three of them, each
# across the next, have the corners of an icosahedron.
_SHORT, _LONG = np.array([1.0, (1 + 5**0.5) / 2]) / np.hypot(1.0, (1 + 5**0.5) / 2)
_ICOSAHEDRON = (
    *((-_SHORT, _LONG, 0.0), (_SHORT, _LONG, 0.0), (-_SHORT, -_LONG, 0.0), (_SHORT, -_LONG, 0.0)),
    *((0.0, -_SHORT, _LONG), (0.0, _SHORT, _LONG), (0.0, -_SHORT, -_LONG), (0.0, _SHORT, -_LONG)),
    *((_LONG, 0.0, -_SHORT), (_LONG, 0.0, _SHORT), (-_LONG, 0.0, -_SHORT), (-_LONG, 0.0, _SHORT)),
)
# Faces around corner 0, around corner 3 and the ten between them.
_ICOSAHEDRON_FACES = (
    *((0, 11, 5), (0, 5, 1), (0, 1, 7), (0, 7, 10), (0, 10, 11)),
    *((1, 5, 9), (5, 11, 4), (11, 10, 2), (10, 7, 6), (7, 1, 8)),
    *((3, 9, 4), (3, 4, 2), (3, 2, 6), (3, 6, 8), (3, 8, 9)),
    *((4, 9, 5), (2, 4, 11), (6, 2, 10), (8, 6, 7), (9, 8, 1)),
)


def icosphere(subdivisions):
    """Unit sphere: an icosahedron, every face split in four repeatedly.

    Returns:
      Vertices [V, 3] float64 and faces [F, 3], counter-clockwise seen from outside.
    """
    vertices, faces = np.array(_ICOSAHEDRON), np.array(_ICOSAHEDRON_FACES)
    for _ in range(subdivisions):
        vertices, faces = _split_edges(vertices, faces)
        vertices /= np.linalg.norm(vertices, axis=-1, keepdims=True)
    return vertices, faces


def _split_edges(vertices, faces):
    """Puts a vertex in the middle of every edge, and four faces in the place of each."""
    edges = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=-1)
    keys = edges[:, 1] * len(vertices) + edges[:, 0]
    _, first, middle = np.unique(keys, return_index=True, return_inverse=True)
    ab, bc, ca = (middle.reshape(-1, 3) + len(vertices)).T
    a, b, c = faces.T
    faces = np.stack([a, ab, ca, ab, b, bc, ca, bc, c, ab, bc, ca], axis=-1).reshape(-1, 3)
    return np.concatenate([vertices, vertices[edges[first]].mean(axis=1)]), faces


def teapot(subdivisions):
    """Newell's teapot in his units, y up; `subdivisions` segments along each side of a patch.

    Returns:
      Vertices [V, 3] float64 and faces [F, 3]; see `primitives.utah_teapot`.
    """
    control = teapot_patches()  # [32, 4, 4, 3]
    basis = _bernstein(np.linspace(0.0, 1.0, subdivisions + 1))  # [n + 1, 4]
    points = np.einsum("ui,vj,pijc->puvc", basis, basis, control).reshape(-1, 3)
    offsets = np.arange(TEAPOT_PATCHES)[:, None, None] * (subdivisions + 1) ** 2
    vertices, faces = _weld(points, (grid_faces(subdivisions) + offsets).reshape(-1, 3))
    # Newell's z is up; a quarter turn about x, no mirror image, puts y up.
    return vertices[:, [0, 2, 1]] * [1.0, 1.0, -1.0], faces


def teapot_patches():
    """Control points of the teapot's patches in Newell's units and axes (z up).

    Returns:
      [32, 4, 4, 3] float64: rim 0-3, body 4-11, handle 12-15, spout 16-19, lid 20-27, bottom 28-31.
    Source:
      See `geometry/data/utah_teapot.txt`.
    """
    text = (pathlib.Path(__file__).parent / "data" / "utah_teapot.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines() if not line.startswith("#")]
    patches = np.array(rows[:TEAPOT_PATCHES], np.int32)
    points = np.array(rows[TEAPOT_PATCHES:], np.float64)
    return points[patches].reshape(TEAPOT_PATCHES, 4, 4, 3)


def _bernstein(t):
    """Values [len(t), 4] of the four cubic Bernstein polynomials."""
    s = 1.0 - t
    return np.stack([s**3, 3 * t * s**2, 3 * t**2 * s, t**3], axis=-1)


def grid_faces(segments):
    """Two triangles for each square of a grid, counter-clockwise if columns run right, rows up."""
    row, column = np.divmod(np.arange(segments**2), segments)
    a = row * (segments + 1) + column
    b, c, d = a + 1, a + segments + 2, a + segments + 1
    return np.stack([a, b, c, a, c, d], axis=-1).reshape(-1, 3)


def _weld(vertices, faces):
    """Joins vertices at the same place and drops faces that lose a corner by it."""
    keys = np.round(vertices / _WELD_DISTANCE).astype(np.int64)
    _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    faces = inverse.reshape(-1)[faces]
    a, b, c = faces.T
    keep = (a != b) & (b != c) & (c != a)
    return vertices[first], faces[keep]
