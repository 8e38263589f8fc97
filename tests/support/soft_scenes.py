"""Meshes that the tests of both soft models draw: what a soup of triangles lacks is put into it."""

import numpy as np

from tests.support.scenes import grid


def with_padding(vertices, faces):
    """Faces of each of two images in another order, some of them padding."""
    faces = np.stack([faces, faces[::-1]])
    faces[0, 3] = faces[1, :2] = -1
    return vertices, faces


def partly_behind(vertices, faces):
    """Every second face has a corner behind the camera, and one vertex lies beside it."""
    vertices = vertices.copy()
    vertices[:, ::6, 3] *= -1.0
    vertices[:, 3, 3] = 0.0
    return vertices, faces


def bent_sheet(smallest, largest):
    """Faces that share vertices; each vertex is scaled by a number in between, which moves w."""
    vertices, faces = grid(3, 2, half_extent=0.6, dtype=np.float64)
    vertices = np.repeat(vertices, 2, axis=0)
    rng = np.random.default_rng(1)
    vertices[..., :2] += rng.normal(scale=0.05, size=(*vertices.shape[:2], 2))
    vertices *= rng.uniform(smallest, largest, (*vertices.shape[:2], 1))
    return vertices, faces, rng
