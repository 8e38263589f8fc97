"""Neighbours of a mesh: complete, once each, and in the order that is promised."""

import numpy as np
import pytest

from tests.reference.shape_losses import sides_of
from tf_mesh_renderer.geometry import Adjacency, icosphere, plane, utah_teapot

# Two triangles of a square.
SQUARE = np.array([[0, 1, 2], [0, 2, 3]])


def check(faces, adjacency):
    """Compares with a dictionary of sides."""
    sides = {edge: owners for edge, owners in sides_of(faces).items() if len(edge) == 2}
    assert [tuple(edge) for edge in adjacency.edges] == sorted(tuple(sorted(e)) for e in sides)
    interior = {edge: owners for edge, owners in sides.items() if len(owners) == 2}
    assert {frozenset(map(int, edge)) for edge in adjacency.edge_vertices} == set(interior)
    assert len(adjacency.edge_vertices) == len(interior)
    for edge, pair, opposite in zip(
        adjacency.edge_vertices, adjacency.edge_faces, adjacency.opposite_vertices, strict=True
    ):
        assert edge[0] < edge[1]
        assert pair[0] < pair[1]
        assert sorted(interior[frozenset(map(int, edge))]) == list(
            zip(pair.tolist(), opposite.tolist(), strict=True)
        )


def test_square():
    adjacency = Adjacency.from_faces(SQUARE)
    assert adjacency.num_vertices == 4
    np.testing.assert_array_equal(adjacency.edges, [[0, 1], [0, 2], [0, 3], [1, 2], [2, 3]])
    np.testing.assert_array_equal(adjacency.edge_faces, [[0, 1]])
    np.testing.assert_array_equal(adjacency.edge_vertices, [[0, 2]])
    np.testing.assert_array_equal(adjacency.opposite_vertices, [[1, 3]])


@pytest.mark.parametrize("mesh", [icosphere(2), plane(5), utah_teapot(3)], ids=str)
def test_all_neighbours_are_found(mesh):
    check(np.asarray(mesh.faces), Adjacency.from_faces(mesh.faces))


@pytest.mark.parametrize("seed", range(20))
def test_any_soup(seed):
    """Borders, edges of three and more faces, faces twice and both ways round."""
    faces = np.array([np.random.default_rng([seed, i]).permutation(7)[:3] for i in range(2 + seed)])
    check(faces, Adjacency.from_faces(faces))


def test_numbers_of_the_sphere_of_the_papers():
    mesh = icosphere(3)
    adjacency = Adjacency.from_faces(mesh.faces)
    assert (adjacency.num_vertices, len(adjacency.edges), len(adjacency.edge_faces)) == (
        642,
        1920,
        1920,
    )


def test_euler_characteristic_of_a_sphere():
    adjacency = Adjacency.from_faces(icosphere(1).faces)
    assert adjacency.num_vertices - len(adjacency.edges) + len(adjacency.faces) == 2


def test_padding_and_flat_faces_have_no_edges():
    faces = np.array([[-1, -1, -1], [0, 1, 2], [4, 4, 5], [3, 3, 3], [0, 2, 3]])
    adjacency = Adjacency.from_faces(faces)
    np.testing.assert_array_equal(adjacency.faces, faces)
    np.testing.assert_array_equal(adjacency.edges, Adjacency.from_faces(SQUARE).edges)
    np.testing.assert_array_equal(adjacency.edge_faces, [[1, 4]])


@pytest.mark.parametrize("faces", [np.zeros([0, 3], int), np.full([2, 3], -1)])
def test_no_faces(faces):
    adjacency = Adjacency.from_faces(faces, 5)
    assert adjacency.num_vertices == 5
    assert adjacency.edges.shape == adjacency.edge_faces.shape == (0, 2)
    assert adjacency.edge_vertices.shape == adjacency.opposite_vertices.shape == (0, 2)
    assert Adjacency.from_faces(faces).num_vertices == 0


def test_arrays_are_small_and_cannot_be_changed():
    adjacency = Adjacency.from_faces(SQUARE)
    for name in ("faces", "edges", "edge_faces", "edge_vertices", "opposite_vertices"):
        array = getattr(adjacency, name)
        assert array.dtype == np.int32
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0


def test_the_given_faces_may_change_afterwards():
    faces = SQUARE.astype(np.int32)
    adjacency = Adjacency.from_faces(faces)
    faces[:] = 0
    np.testing.assert_array_equal(adjacency.faces, SQUARE)


@pytest.mark.parametrize(
    ("faces", "num_vertices", "error", "message"),
    [
        (np.zeros([2, 4], int), None, ValueError, r"`faces`: expected shape \[F, 3\]"),
        (np.zeros([1, 2, 3], int), None, ValueError, r"`faces`: expected shape \[F, 3\]"),
        (np.zeros([2, 3]), None, TypeError, "`faces`: expected integers, received float64"),
        ([[0, -1, 2]], None, ValueError, "`faces`: expected indices of vertices, or rows of -1"),
        ([[0, 1, 2**31]], None, ValueError, "`faces`: expected indices of vertices"),
        ([[0, 1, 2]], 2, ValueError, "`num_vertices`: expected at least 3"),
        ([[0, 1, 2]], 3.0, TypeError, "`num_vertices`: expected an integer"),
    ],
)
def test_refusals(faces, num_vertices, error, message):
    with pytest.raises(error, match=message):
        Adjacency.from_faces(faces, num_vertices)
