"""Shapes made by a formula: counts, closedness, orientation, and the teapot's known proportions."""

import collections

import numpy as np
import pytest
import trimesh

from tf_mesh_renderer.geometry.primitives import (
    cube,
    icosphere,
    plane,
    utah_teapot,
)
from tf_mesh_renderer.geometry.tessellation import teapot_patches


def arrays(mesh):
    return mesh.vertices.numpy().astype(np.float64), mesh.faces.numpy()


def volume(vertices, faces):
    a, b, c = np.moveaxis(vertices[faces], 1, 0)
    return np.einsum("fc,fc->", a, np.cross(b, c)) / 6


def directed_edges(faces):
    edges = faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    return collections.Counter(map(tuple, edges.tolist()))


def is_closed_and_oriented(faces):
    edges = directed_edges(faces)
    return all(count == 1 and edges[b, a] == 1 for (a, b), count in edges.items())


def mirror_image(points, axis):
    signs = np.ones(3)
    signs[axis] = -1
    return points * signs


def point_set(points):
    return set(map(tuple, (np.round(points, 6) + 0.0).reshape(-1, 3).tolist()))


@pytest.mark.parametrize("subdivisions", [0, 1, 3])
def test_icosphere_is_a_closed_sphere_seen_from_outside(subdivisions):
    vertices, faces = arrays(icosphere(subdivisions, radius=2.0))
    assert len(faces) == 20 * 4**subdivisions
    assert len(vertices) == len(faces) // 2 + 2  # Euler
    assert is_closed_and_oriented(faces)
    np.testing.assert_allclose(np.linalg.norm(vertices, axis=-1), 2.0, rtol=1e-6)
    ball = 4 / 3 * np.pi * 8
    assert 0.6 * ball < volume(vertices, faces) < ball


def test_icosphere_is_that_of_trimesh():
    vertices, faces = arrays(icosphere(3))
    expected = trimesh.creation.icosphere(3)
    np.testing.assert_array_equal(faces, expected.faces)
    np.testing.assert_array_equal(vertices, expected.vertices.astype(np.float32))


def test_cube_is_closed_and_has_the_volume_of_a_cube():
    vertices, faces = arrays(cube(half_side=0.5))
    assert vertices.shape == (8, 3)
    assert faces.shape == (12, 3)
    assert is_closed_and_oriented(faces)
    np.testing.assert_array_equal(np.abs(vertices), 0.5)
    assert volume(vertices, faces) == 1.0


@pytest.mark.parametrize("segments", [1, 3])
def test_plane_covers_its_square_and_faces_plus_z(segments):
    vertices, faces = arrays(plane(segments, half_side=2.0))
    assert vertices.shape == ((segments + 1) ** 2, 3)
    assert faces.shape == (2 * segments**2, 3)
    a, b, c = np.moveaxis(vertices[faces], 1, 0)
    normals = np.cross(b - a, c - a)
    assert (normals[:, 2] > 0).all()
    np.testing.assert_array_equal(normals[:, :2], 0)
    np.testing.assert_allclose(normals[:, 2].sum() / 2, 16.0)


def test_teapot_data_has_the_known_patches_and_points():
    patches = teapot_patches()
    assert patches.shape == (32, 4, 4, 3)
    points = point_set(patches)
    assert len(points) == 290  # the classic 306 less 12 repeated and 4 unused ones
    np.testing.assert_allclose(patches.reshape(-1, 3).min(axis=0), [-3.0, -2.0, 0.0])
    np.testing.assert_allclose(patches.reshape(-1, 3).max(axis=0), [3.525, 2.0, 3.15])


def test_teapot_data_is_symmetric():
    patches = teapot_patches()
    assert point_set(mirror_image(patches, 1)) == point_set(patches)
    turning = [*range(12), *range(20, 32)]  # rim, body, lid and bottom are alike front and back
    assert point_set(mirror_image(patches[turning], 0)) == point_set(patches[turning])


@pytest.mark.parametrize("subdivisions", [2, 6, 9])
def test_teapot_has_the_expected_number_of_good_faces(subdivisions):
    vertices, faces = arrays(utah_teapot(subdivisions))
    # Eight patches end in a pole, where each loses one triangle of every segment.
    assert len(faces) == 32 * 2 * subdivisions**2 - 8 * subdivisions
    a, b, c = np.moveaxis(vertices[faces], 1, 0)
    assert (np.linalg.norm(np.cross(b - a, c - a), axis=-1) > 1e-6).all()
    assert len(np.unique(faces)) == len(vertices)


def test_teapot_shares_vertices_between_patches():
    vertices, faces = arrays(utah_teapot(6))
    edges = directed_edges(faces)
    open_edges = sum((b, a) not in edges for a, b in edges)
    assert max(edges.values()) == 1  # neighbours agree on the orientation
    # Left open: ends of handle (2 x 12) and spout (2 x 12), lower edges of rim and lid (2 x 24).
    assert open_edges == 4 * 12 + 2 * 24
    assert len(point_set(vertices)) == len(vertices)


def test_teapot_is_oriented_outwards():
    vertices, faces = arrays(utah_teapot(6, normalize=False))
    a, b, c = np.moveaxis(vertices[faces], 1, 0)
    normals, centres = np.cross(b - a, c - a), (a + b + c) / 3
    belly = (centres[:, 1] > 0.5) & (centres[:, 1] < 2.2) & (np.abs(centres[:, 0]) < 1.4)
    outwards = np.einsum("fc,fc->f", normals, centres * [1, 0, 1])
    assert belly.sum() > 100
    assert (outwards[belly] > 0).all()
    finer = volume(*arrays(utah_teapot(12, normalize=False)))
    assert 0.97 * finer < volume(vertices, faces) < finer  # inscribed, as the body is convex


def test_teapot_stands_upright_with_the_spout_on_the_right():
    vertices, _ = arrays(utah_teapot(12, normalize=False))
    np.testing.assert_allclose(vertices.min(axis=0), [-3.0, 0.0, -2.0], atol=1e-6)
    np.testing.assert_allclose(vertices.max(axis=0)[1:], [3.15, 2.0], atol=1e-6)
    tip = vertices[vertices[:, 0].argmax()]
    handle = vertices[vertices[:, 0].argmin()]
    assert tip[0] > 3.4
    assert 2.3 < tip[1] < 2.6  # the spout's opening is as high as the rim
    assert 1.5 < handle[1] < 2.2


def test_normalized_teapot_fits_the_unit_box_as_the_one_of_the_paper():
    vertices, _ = arrays(utah_teapot())
    np.testing.assert_allclose(vertices.max(axis=0), [1.0, 0.48992, 0.62212], atol=1e-5)
    np.testing.assert_allclose(vertices.min(axis=0), -vertices.max(axis=0), atol=1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: icosphere(-1), "icosphere: argument `subdivisions`: expected an integer >= 0"),
        (lambda: icosphere(1, radius=0.0), "icosphere: argument `radius`"),
        (lambda: cube(half_side=-1.0), "cube: argument `half_side`"),
        (lambda: plane(0), "plane: argument `segments`"),
        (lambda: utah_teapot(1), "utah_teapot: argument `subdivisions`"),
    ],
)
def test_bad_arguments_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
