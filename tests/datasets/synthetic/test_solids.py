"""Solids are closed, face outwards, and have the volume they should have."""

import numpy as np
import pytest
import trimesh

from tf_mesh_renderer.datasets.synthetic import solids
from tf_mesh_renderer.datasets.synthetic.assembly import assemble, painted

RED, BLUE = (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)
# A polygon of 20 corners in a circle, in parts of the circle.
TWENTY = np.sin(2 * np.pi / 20) / (2 * np.pi / 20)
TEN = np.sin(2 * np.pi / 10) / (2 * np.pi / 10)


def as_trimesh(solid):
    return trimesh.Trimesh(solid.vertices, solid.faces, process=False)


@pytest.mark.parametrize(
    ("solid", "volume"),
    [
        (solids.box((1, 2, 3), (5, 6, 7)), 6),
        (solids.frustum((2, 3, 2), (1, 1), shift=(0.3, 0.1)), 3 * (4 + 1 + 2) / 3),
        (solids.cylinder(2, 3), 12 * np.pi * TWENTY),
        (solids.cylinder(2, 3, axis="x", flatten=0.5), 6 * np.pi * TWENTY),
        (solids.cylinder(2, 3, axis="z", top=1), 7 * np.pi * TWENTY),
        (solids.prism([(0, 0), (2, 0), (0, 1)], 3), 3),
        (solids.prism([(0, 0), (0, 1), (2, 0)], 3), 3),
        (solids.bar((0, 0, 0), (1, 2, 2), 0.5), 3 * 0.25),
        (solids.bar((0, 0, 0), (1, 2, 2), 0.5, round_section=True), 3 * np.pi / 16 * TEN),
        (solids.superquadric((2, 4, 6), around=0.01, along=0.01), 48),
    ],
    ids=lambda value: "" if isinstance(value, solids.Solid) else f"{value:.3g}",
)
def test_volumes(solid, volume):
    mesh = as_trimesh(solid)
    assert mesh.is_watertight
    assert mesh.is_winding_consistent
    # The superquadric of tiny exponent lacks little of a box.
    assert mesh.volume == pytest.approx(volume, rel=0.03 if volume == 48 else 1e-6)


def test_an_ellipsoid_is_inscribed():
    mesh = as_trimesh(solids.superquadric((2, 4, 6), (1, 1, 1)))
    distance = np.linalg.norm((mesh.vertices - 1) / (1, 2, 3), axis=1)
    caps = len(distance) - 2  # whose middles are below the poles
    np.testing.assert_allclose(distance[:caps], 1, atol=1e-12)
    assert 0.9 * 8 * np.pi < mesh.volume < 8 * np.pi


def test_a_bent_tube_keeps_its_width():
    tube = solids.tube([(0, 0, 0), (0, 1, 0), (0, 2, 0.5), (0, 2, 2)], 0.2)
    mesh = as_trimesh(tube)
    assert mesh.is_watertight
    assert mesh.volume > 0
    assert np.ptp(tube.vertices[:, 0]) == pytest.approx(0.2, rel=0.06)


@pytest.mark.parametrize("axis", ["x", "y", "z"])
def test_mirror_images_face_outwards(axis):
    pair = solids.cylinder(1, 2, (3, 4, 5)).with_mirror_image(axis)
    volumes = [as_trimesh(solid).volume for solid in pair]
    assert volumes[0] == pytest.approx(volumes[1])
    index = "xyz".index(axis)
    centres = [solid.vertices.mean(axis=0) for solid in pair]
    assert centres[0][index] == pytest.approx(-centres[1][index])


@pytest.mark.parametrize(
    ("axis", "expected"), [("x", [1, -3, 2]), ("y", [3, 2, -1]), ("z", [-2, 1, 3])]
)
def test_turning_is_counter_clockwise(axis, expected):
    solid = solids.Solid(np.array([[1.0, 2.0, 3.0]]), np.zeros([0, 3], int))
    np.testing.assert_allclose(solid.turned(axis, 90).vertices, [expected], atol=1e-12)


def test_an_assembly_is_centred_and_keeps_colours():
    parts = painted(RED, solids.box((4, 1, 1), (10, 0, 0))) + painted(BLUE, solids.box((1, 1, 1)))
    mesh = assemble(parts)
    assert mesh.is_watertight
    np.testing.assert_allclose(mesh.bounds.sum(axis=0), 0, atol=1e-12)
    assert mesh.extents.max() == pytest.approx(1)
    assert mesh.volume == pytest.approx(5 / 12.5**3)
    np.testing.assert_array_equal(
        np.unique(mesh.visual.face_colors, axis=0), [[0, 0, 255, 255], [255, 0, 0, 255]]
    )


def test_overlapping_solids_have_one_surface():
    first, second = solids.box((1, 1, 1)), solids.box((1, 1, 1), (0.5, 0.5, 0.5))
    mesh = assemble(painted(RED, first) + painted(BLUE, second))
    side = 1.5  # of the box around both, before it is scaled to 1
    assert mesh.is_watertight
    assert mesh.volume == pytest.approx((2 - 0.125) / side**3)
    # Of each cube's area of 6, three quarters of a unit square lie in the other one.
    assert mesh.area == pytest.approx(2 * (6 - 0.75) / side**2)
    is_red = (mesh.visual.face_colors[:, 0] == 255) & (mesh.visual.face_colors[:, 2] == 0)
    assert mesh.area_faces[is_red].sum() == pytest.approx((6 - 0.75) / side**2)
