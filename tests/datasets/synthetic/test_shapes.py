"""The families of shapes: closed, in place, reproducible, recognisably different."""

import itertools

import numpy as np
import pytest

from tf_mesh_renderer import geometry
from tf_mesh_renderer.datasets import CATEGORIES
from tf_mesh_renderer.datasets.synthetic import make_shape

every_category = pytest.mark.parametrize("category", CATEGORIES, ids=lambda c: c.name)


def shapes(category, count=16):
    return [make_shape(category, np.random.default_rng((11, i))) for i in range(count)]


def voxels(mesh):
    return geometry.voxelize(mesh.vertices, mesh.faces)


@every_category
def test_shapes_are_closed_centred_and_of_size_one(category):
    for mesh in shapes(category, 40):
        assert mesh.is_watertight
        assert mesh.is_winding_consistent
        assert mesh.extents.max() == pytest.approx(1)
        np.testing.assert_allclose(mesh.bounds.sum(axis=0), 0, atol=1e-12)
        assert len(mesh.faces) < 6000


@every_category
def test_every_piece_faces_outwards(category):
    for mesh in shapes(category, 8):
        assert all(part.volume > 0 for part in mesh.split(only_watertight=False))


@every_category
def test_no_surface_lies_inside(category):
    """A point just outside of a face is outside of the shape."""
    for mesh in shapes(category, 4):
        sample = np.random.default_rng(0).permutation(np.flatnonzero(mesh.area_faces > 1e-6))[:150]
        outside = mesh.triangles_center[sample] + 1e-5 * mesh.face_normals[sample]
        assert winding_numbers(mesh, outside).max() < 0.5


def winding_numbers(mesh, points):
    """Solid angle of the surface over 4 pi, after van Oosterom and Strackee (1983): 1 inside."""
    a, b, c = np.moveaxis(mesh.triangles[None] - points[:, None, None], 2, 0)
    lengths = [np.linalg.norm(v, axis=-1) for v in (a, b, c)]
    volume = np.einsum("pfi,pfi->pf", a, np.cross(b, c))
    dots = [np.einsum("pfi,pfi->pf", u, v) for u, v in ((b, c), (c, a), (a, b))]
    below = np.prod(lengths, axis=0) + sum(d * n for d, n in zip(dots, lengths))
    return np.arctan2(volume, below).sum(axis=1) / (2 * np.pi)


@every_category
def test_the_same_generator_gives_the_same_shape(category):
    for first, second in zip(shapes(category, 4), shapes(category, 4)):
        np.testing.assert_array_equal(first.vertices, second.vertices)
        np.testing.assert_array_equal(first.faces, second.faces)
        np.testing.assert_array_equal(first.visual.face_colors, second.visual.face_colors)


@every_category
def test_shapes_of_a_category_differ(category):
    grids = [voxels(mesh) for mesh in shapes(category)]
    overlaps = [(a & b).sum() / (a | b).sum() for a, b in itertools.combinations(grids, 2)]
    assert np.mean(overlaps) < 0.75
    assert np.max(overlaps) < 0.999


@every_category
def test_colours_differ(category):
    colors = [mesh.visual.face_colors[:, :3] for mesh in shapes(category)]
    means = np.stack([color.mean(axis=0) for color in colors])
    assert means.std(axis=0).max() > 15
    assert all(len(np.unique(color, axis=0)) > 1 for color in colors)


def test_shapes_are_most_like_their_own_category():
    """The nearest of other shapes is mostly of the same category: categories mean something."""
    grids = [voxels(mesh).ravel() for category in CATEGORIES for mesh in shapes(category, 12)]
    labels = np.repeat(np.arange(len(CATEGORIES)), 12)
    stacked = np.stack(grids).astype(np.float32)
    common = stacked @ stacked.T
    sizes = stacked.sum(axis=1)
    overlap = common / (sizes[:, None] + sizes[None] - common)
    np.fill_diagonal(overlap, 0)
    assert np.mean(labels[overlap.argmax(axis=1)] == labels) > 0.7
