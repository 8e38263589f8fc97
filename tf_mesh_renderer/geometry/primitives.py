"""Meshes made by a formula: icosphere, cube, plane and the Utah teapot."""

from importlib import resources

import numpy as np
import trimesh

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.geometry.transforms import normalize_to_unit_box

_TEAPOT_PATCHES = 32
# Points nearer than this are one vertex. The teapot is 6.4 units long and its finest sensible
# tessellation has edges of 1e-3, so only copies made by neighbouring patches are this near.
_WELD_DISTANCE = 1e-6


def icosphere(subdivisions=3, *, radius=1.0):
    """Sphere of nearly equal triangles: an icosahedron with every face split in four repeatedly.

    Args:
      subdivisions: how often each face is split; 20 * 4**subdivisions faces (3: 642 vertices, 1280
        faces).
      radius: distance of every vertex from the origin.
    Returns:
      `Mesh` with [V, 3] float32 vertices and [F, 3] int32 faces, counter-clockwise seen from
      outside.
    Raises:
      ValueError: `subdivisions` is negative or `radius` is not positive.
    """
    _require(subdivisions >= 0, "icosphere", "subdivisions", "an integer >= 0", subdivisions)
    _require(radius > 0, "icosphere", "radius", "a number > 0", radius)
    sphere = trimesh.creation.icosphere(subdivisions=subdivisions, radius=radius)
    return _mesh(sphere.vertices, sphere.faces)


def cube(*, half_side=1.0):
    """Axis-aligned cube around the origin with eight shared vertices and twelve faces.

    Args:
      half_side: half the length of an edge; the cube spans [-half_side, half_side] on each axis.
    Returns:
      `Mesh` with [8, 3] float32 vertices and [12, 3] int32 faces, counter-clockwise seen from
      outside.
    Raises:
      ValueError: `half_side` is not positive.
    """
    _require(half_side > 0, "cube", "half_side", "a number > 0", half_side)
    box = trimesh.creation.box(extents=[2 * half_side] * 3)
    return _mesh(box.vertices, box.faces)


def plane(segments=1, *, half_side=1.0):
    """Square in the plane z = 0, facing +z, cut into a grid.

    Args:
      segments: squares along each side; 2 * segments**2 faces.
      half_side: the square spans [-half_side, half_side] in x and y.
    Returns:
      `Mesh` with [(segments + 1)**2, 3] float32 vertices, row by row from the lower left, and int32
      faces.
    Raises:
      ValueError: `segments` is less than 1 or `half_side` is not positive.
    """
    _require(segments >= 1, "plane", "segments", "an integer >= 1", segments)
    _require(half_side > 0, "plane", "half_side", "a number > 0", half_side)
    ticks = np.linspace(-half_side, half_side, segments + 1)
    x, y = np.meshgrid(ticks, ticks)
    vertices = np.stack([x, y, np.zeros_like(x)], axis=-1).reshape(-1, 3)
    return _mesh(vertices, _grid_faces(segments))


def utah_teapot(subdivisions=6, *, normalize=True):
    """Newell's teapot, tessellated from its 32 bicubic Bezier patches.

    y is up, the spout points to +x, the handle to -x. Vertices on the border of two patches are
    shared, so neighbouring faces move together; triangles that the poles of lid and bottom flatten
    to a line are left out. As in the original, handle and spout run into the body, and a narrow gap
    lies between rim and lid: the mesh is not watertight.

    Args:
      subdivisions: segments along each side of a patch, at least 2 (with 1 the lip of the spout is
        flat); 6 gives 1177 vertices and 2256 faces.
      normalize: centre the mesh and scale its longest side to [-1, 1]; False keeps Newell's units
        (height 3.15, resting on y = 0, body around the y axis).
    Returns:
      `Mesh` with [V, 3] float32 vertices and [F, 3] int32 faces, counter-clockwise seen from
      outside.
    Raises:
      ValueError: `subdivisions` is less than 2.
    Source:
      Newell, "The Utilization of Procedure Models in Digital Image Synthesis", University of Utah,
      1975; bottom by Crow, "The Origins of the Teapot", IEEE CG&A 7(1), 1987.
    """
    _require(subdivisions >= 2, "utah_teapot", "subdivisions", "an integer >= 2", subdivisions)
    control = teapot_patches()  # [32, 4, 4, 3]
    basis = _bernstein(np.linspace(0.0, 1.0, subdivisions + 1))  # [n + 1, 4]
    points = np.einsum("ui,vj,pijc->puvc", basis, basis, control).reshape(-1, 3)
    grid = _grid_faces(subdivisions)
    offsets = np.arange(_TEAPOT_PATCHES)[:, None, None] * (subdivisions + 1) ** 2
    vertices, faces = _weld(points, (grid + offsets).reshape(-1, 3))
    # Newell's z is up; a quarter turn about x, no mirror image, puts y up.
    vertices = vertices[:, [0, 2, 1]] * [1.0, 1.0, -1.0]
    if normalize:
        vertices = normalize_to_unit_box(vertices)
    return _mesh(vertices, faces)


def teapot_patches():
    """Control points of the teapot's patches in Newell's units and axes (z up).

    Returns:
      [32, 4, 4, 3] float64: rim 0-3, body 4-11, handle 12-15, spout 16-19, lid 20-27, bottom 28-31.
    Source:
      See `geometry/data/utah_teapot.txt`.
    """
    text = resources.files("tf_mesh_renderer.geometry").joinpath("data/utah_teapot.txt").read_text()
    rows = [line.split() for line in text.splitlines() if not line.startswith("#")]
    patches = np.array(rows[:_TEAPOT_PATCHES], np.int32)
    points = np.array(rows[_TEAPOT_PATCHES:], np.float64)
    return points[patches].reshape(_TEAPOT_PATCHES, 4, 4, 3)


def _bernstein(t):
    """Values [len(t), 4] of the four cubic Bernstein polynomials."""
    s = 1.0 - t
    return np.stack([s**3, 3 * t * s**2, 3 * t**2 * s, t**3], axis=-1)


def _grid_faces(segments):
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


def _mesh(vertices, faces):
    return Mesh(np.asarray(vertices, np.float32), np.asarray(faces, np.int32))


def _require(condition, function, argument, expected, received):
    if not condition:
        raise argument_error(
            function, argument, expected=expected, received=received, hint="pass a larger value"
        )
