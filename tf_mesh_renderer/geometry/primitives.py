"""Meshes made by a formula: icosphere, cube, plane and the Utah teapot."""

import numpy as np
import trimesh

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.geometry import tessellation
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.geometry.transforms import normalize_to_unit_box


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
    vertices, faces = tessellation.icosphere(subdivisions)
    return _mesh(vertices * radius, faces)


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
    return _mesh(vertices, tessellation.grid_faces(segments))


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
    vertices, faces = tessellation.teapot(subdivisions)
    if normalize:
        vertices = normalize_to_unit_box(vertices)
    return _mesh(vertices, faces)


def _mesh(vertices, faces):
    return Mesh(np.asarray(vertices, np.float32), np.asarray(faces, np.int32))


def _require(condition, function, argument, expected, received):
    if not condition:
        raise argument_error(
            function, argument, expected=expected, received=received, hint="pass a larger value"
        )
