"""The colours of an object on the sphere around it: real textures for a critic."""

import math

import numpy as np

from tf_mesh_renderer.datasets.packed_meshes import MeshArrays
from tf_mesh_renderer.geometry.face_corners import face_corners

_BYTE_MAX = 255.0
# Points on the surface for each texel, so that hardly a texel is missed.
_DENSITY = 32


def sphere_texture(mesh: MeshArrays, size: int) -> np.ndarray:
    """The colour of the outermost point in each direction from the origin.

    The map is that of `textures.spherical_uv`. A direction in which there is nothing, as between
    the legs of a chair, has the mean colour of its neighbours. It is what a sphere around the
    object would have to be painted with if every vertex moved straight inwards; a network that
    deforms a sphere may arrange its texture otherwise.

    Args:
      mesh: around the origin.
      size: side T of the map in texels.
    Returns:
      [T, T, 3] float32 in [0, 1], row 0 on top.
    Raises:
      ValueError: the mesh has no face.
    """
    points, colors = _sampled(mesh, _DENSITY * size**2)
    radius = np.linalg.norm(points, axis=-1)
    x, y, z = (points / np.maximum(radius, np.finfo(np.float32).tiny)[:, np.newaxis]).T
    u = np.arctan2(x, z) / (2 * math.pi) + 0.5
    v = 0.5 + np.arcsin(np.clip(y, -1, 1)) / math.pi
    columns = np.minimum((u * size).astype(int), size - 1)
    rows = np.minimum(((1 - v) * size).astype(int), size - 1)
    outwards = np.argsort(radius)  # of several that are written, the last one stays
    texture = np.full([size, size, 3], np.nan, np.float32)
    texture[rows[outwards], columns[outwards]] = colors[outwards]
    return _filled(texture)


def _sampled(mesh: MeshArrays, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Points [N, 3] that are uniform over the surface, with their colours [N, 3]."""
    corners = face_corners("sphere_texture", mesh.vertices, mesh.faces)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    areas = np.linalg.norm(normals, axis=-1)
    rng = np.random.default_rng(0)
    chosen = rng.choice(len(areas), size=number, p=areas / areas.sum())
    root, other = np.sqrt(rng.random(number)), rng.random(number)
    weights = np.stack([1 - root, root * (1 - other), root * other], axis=-1)
    colors = mesh.colors[mesh.faces[chosen]] / np.float32(_BYTE_MAX)
    return tuple(np.einsum("nk,nkd->nd", weights, each) for each in (corners[chosen], colors))


def _filled(texture: np.ndarray) -> np.ndarray:
    """Grows the known texels over the unknown ones, which are NaN."""
    while np.isnan(texture).any():
        rows = np.pad(texture, [(1, 1), (0, 0), (0, 0)], constant_values=np.nan)
        around = np.stack(
            [rows[:-2], rows[2:], np.roll(texture, 1, axis=1), np.roll(texture, -1, axis=1)]
        )
        known = ~np.isnan(around)
        counts = known.sum(axis=0)
        mean = np.where(known, around, 0).sum(axis=0) / np.maximum(counts, 1)
        texture = np.where(np.isnan(texture) & (counts > 0), mean, texture).astype(np.float32)
    return texture
