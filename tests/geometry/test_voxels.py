"""Voxels: equal to an oracle, to figures of the papers' protocol, and near what others count."""

import builtins

import numpy as np
import pytest
import trimesh
from scipy import ndimage

from tests.reference import voxelize as reference
from tf_mesh_renderer.geometry import cube, icosphere, normalized_voxels, utah_teapot, voxelize

BALL = icosphere(3)


def ball(radius):
    return np.asarray(BALL.vertices) * radius, np.asarray(BALL.faces)


def turned(mesh, seed):
    """A mesh within the grid, turned and moved at random."""
    random = np.random.default_rng(seed)
    rotation = trimesh.transformations.random_rotation_matrix(random.random(3))[:3, :3]
    points = np.asarray(mesh.vertices, np.float64) @ rotation.T
    points = points * random.uniform(0.15, 0.45) / np.abs(points).max()
    return points + random.uniform(-0.04, 0.04, 3), np.asarray(mesh.faces)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("mesh", [icosphere(1), cube(), utah_teapot(2)], ids=["ball", "box", "pot"])
def test_equal_to_plain_loops(mesh, seed):
    vertices, faces = turned(mesh, seed)
    expected = reference.voxelize(vertices, faces, 12)
    np.testing.assert_array_equal(voxelize(vertices, faces, resolution=12), expected)


def test_soup_that_leaves_the_grid_equals_plain_loops():
    random = np.random.default_rng(1)
    vertices, faces = random.normal(0, 0.4, [30, 3]), np.arange(30).reshape(10, 3)
    expected = reference.voxelize(vertices, faces, 9)
    assert expected.any()
    np.testing.assert_array_equal(voxelize(vertices, faces, resolution=9), expected)


@pytest.mark.parametrize(("half_side", "count"), [(0.5, 32**3), (0.25, 16**3)])
def test_boxes_fill_what_they_cover(half_side, count):
    box = cube(half_side=half_side)
    assert voxelize(box.vertices, box.faces).sum() == count


@pytest.mark.parametrize(("radius", "count"), [(0.25, 2536), (0.5, 17856)])
def test_balls_fill_as_many_as_the_protocol_says(radius, count):
    """More than their volume of 1950 and 15599: voxels that the surface touches count."""
    assert voxelize(*ball(radius)).sum() == count


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("mesh", [icosphere(1), cube()], ids=["ball", "box"])
def test_what_is_inside_is_filled_and_what_is_far_is_empty(mesh, seed):
    """Only voxels that the surface may touch are free to be either."""
    vertices, faces = turned(mesh, seed)
    grid = voxelize(vertices, faces, resolution=14)
    centers = (np.stack(np.indices(grid.shape), axis=-1) + 0.5 - 7) / 13
    solid = trimesh.Trimesh(vertices, faces, process=False)
    _, distance, _ = trimesh.proximity.closest_point_naive(solid, centers.reshape(-1, 3))
    # Convex: inside of all planes of faces.
    heights = np.einsum(
        "npk,pk->np",
        centers.reshape(-1, 1, 3) - solid.triangles_center,
        solid.face_normals,
    )
    inside = np.all(heights < 0, axis=1).reshape(grid.shape)
    distance = distance.reshape(grid.shape)
    assert np.all(grid[inside])
    # A line marks voxels beside it: the surface is at most half a diagonal and half a side away.
    assert not np.any(grid[~inside & (distance > (np.sqrt(3) / 2 + 0.5) / 13)])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("mesh", [BALL, cube()], ids=["ball", "box"])
def test_trimesh_fills_nearly_the_same(mesh, seed):
    """Both mark what the surface touches, by different rules: they differ in one layer at most."""
    vertices, faces = turned(mesh, seed)
    ours = voxelize(vertices, faces)
    solid = trimesh.Trimesh(vertices * 31 + 15.5, faces, process=False)
    voxels = solid.voxelized(1.0).fill()
    theirs = np.zeros_like(ours)
    theirs[tuple(np.round(voxels.points).astype(int).T)] = True
    common, whole = np.sum(ours & theirs), np.sum(ours | theirs)
    assert common / whole > 0.85
    around = ndimage.generate_binary_structure(3, 3)
    assert not np.any(ours & ~ndimage.binary_dilation(theirs, around))
    assert not np.any(theirs & ~ndimage.binary_dilation(ours, around))


def test_axes_are_those_of_the_vertices():
    box = cube(half_side=0.1)
    grid = voxelize(np.asarray(box.vertices) * [1, 2, 0.5] + [0.3, 0, -0.3], box.faces)
    x, y, z = (np.flatnonzero(grid.any(axis=axes)) for axes in ((1, 2), (0, 2), (0, 1)))
    assert x[0] > 16
    assert (y[0] + y[-1]) == 31
    assert z[-1] < 16
    assert len(y) > len(x) > len(z)


def test_winding_does_not_matter():
    vertices, faces = turned(BALL, 5)
    np.testing.assert_array_equal(voxelize(vertices, faces), voxelize(vertices, faces[:, ::-1]))


@pytest.mark.parametrize("seed", range(3))
def test_mirrored_mesh_mirrors_the_grid(seed):
    vertices, faces = turned(utah_teapot(2), seed)
    mirrored = voxelize(vertices * [-1, 1, 1], faces)
    np.testing.assert_array_equal(mirrored, voxelize(vertices, faces)[::-1])


def test_open_surfaces_are_not_filled():
    vertices, faces = ball(0.4)
    cap = faces[np.asarray(vertices)[faces][:, :, 1].min(axis=1) > -0.1]
    assert voxelize(vertices, cap).sum() < 0.5 * voxelize(vertices, faces).sum()


def test_normalized_mesh_forgets_place_and_size():
    vertices, faces = turned(utah_teapot(3), 2)
    first = voxelize(vertices, faces, normalize=True)
    # Powers of two scale without rounding.
    np.testing.assert_array_equal(voxelize(vertices * 4, faces, normalize=True), first)
    moved = voxelize(vertices + 8, faces, normalize=True)
    assert np.sum(moved ^ first) < 0.001 * first.sum()
    box = np.stack([vertices.min(axis=0), vertices.max(axis=0)])
    sides = (box[1] - box[0]) / np.max(box[1] - box[0])
    filled = [first.any(axis=axes).sum() for axes in ((1, 2), (0, 2), (0, 1))]
    np.testing.assert_allclose(filled, sides * 31, atol=1.5)
    assert max(filled) == 32


@pytest.mark.parametrize("normalize", [False, True])
def test_points_and_nothing(normalize):
    vertices, faces = np.full([3, 3], 0.01), np.array([[0, 1, 2]])
    grid = voxelize(vertices, faces, normalize=normalize)
    np.testing.assert_array_equal(np.argwhere(grid), [[16, 16, 16]])
    assert not voxelize(vertices, faces[:0], normalize=normalize).any()
    assert not voxelize(vertices, [[-1, -1, -1]], normalize=normalize).any()


def test_one_voxel():
    assert voxelize(*ball(0.1), resolution=1).tolist() == [[[True]]]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"resolution": 0}, ValueError, "`resolution`: expected at least 1, received 0"),
        ({"resolution": 2.5}, TypeError, "`resolution`: expected an integer"),
        ({"vertices": np.full([3, 3], np.nan)}, ValueError, "`vertices`: expected finite numbers"),
        ({"vertices": np.full([3, 3], np.inf)}, ValueError, "`vertices`: expected finite numbers"),
        ({"faces": [[0, 1, 3]]}, ValueError, r"`faces`: expected indices in \[0, 3\)"),
    ],
)
def test_refusals(arguments, error, message):
    legal = {"vertices": np.zeros([3, 3]), "faces": np.array([[0, 1, 2]])}
    with pytest.raises(error, match=message):
        voxelize(**{**legal, **arguments})


def test_missing_scipy_is_named(monkeypatch):
    original = builtins.__import__

    def without_scipy(name, *arguments, **more):
        if name.startswith("scipy"):
            raise ImportError(name)
        return original(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", without_scipy)
    with pytest.raises(ImportError, match="pip install scipy"):
        voxelize(*ball(0.2))


def test_a_grid_as_long_as_it_can_be_stays():
    grid = np.zeros([32, 32, 32], bool)
    grid[:, 12:20, 10:22] = True
    np.testing.assert_array_equal(normalized_voxels(grid), grid)


def test_an_empty_grid_stays_empty():
    assert not normalized_voxels(np.zeros([8, 8, 8], bool)).any()


def test_the_longest_side_is_stretched_and_the_others_are_centred():
    grid = np.zeros([8, 8, 8], bool)
    grid[0:4, 6:8, 7] = True
    wanted = np.zeros([8, 8, 8], bool)
    wanted[:, 2:6, 3:5] = True
    np.testing.assert_array_equal(normalized_voxels(grid), wanted)


def test_only_cubes_are_normalized():
    with pytest.raises(
        ValueError, match=r"normalized_voxels: argument `grid`.*shape \[1, 8, 8, 8\]"
    ):
        normalized_voxels(np.zeros([1, 8, 8, 8], bool))
