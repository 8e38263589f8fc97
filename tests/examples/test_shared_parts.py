"""What the examples share: cameras, references, figures, goals, and the descent."""

import numpy as np
import pytest
import tensorflow as tf

from tests.reference.rasterize import Visibility, rasterize
from tf_mesh_renderer import geometry, get_points_from_angles

# Of the images of the program of 2018.
BLACK_IMAGE_ERROR = 101050.6


def test_turntable_is_what_a_reference_rasterizer_sees(load_example):
    viewpoints = load_example("viewpoints")
    mesh, side, index = geometry.utah_teapot(3), 48, 20
    frames = viewpoints.render_turntable(mesh, elevation=30.0, image_size=(side, side))
    azimuth, elevation = np.radians([4.0 * index, 30.0])
    eye = 2.732 * np.array(
        [
            np.cos(elevation) * np.sin(azimuth),
            np.sin(elevation),
            -np.cos(elevation) * np.cos(azimuth),
        ]
    )
    z = -eye / np.linalg.norm(eye)
    x = np.cross([0.0, 1.0, 0.0], z)
    x /= np.linalg.norm(x)
    view = (np.asarray(mesh.vertices, np.float64) - eye) @ np.stack([x, np.cross(z, x), z]).T
    xy, depth = view[:, :2] / np.tan(np.radians(30.0)), view[:, 2:]
    clip = np.concatenate([xy, depth, depth], axis=-1)[None]
    fragments = rasterize(
        clip, mesh.faces, image_size=(2 * side, 2 * side), visibility=Visibility(cull="none")
    )
    seen = fragments.face_id[0] >= 0
    expected = seen.reshape(side, 2, side, 2).mean(axis=(1, 3))
    # At most one of the samples lies so near an edge that float32 decides otherwise.
    assert np.abs(frames[index, ..., 3] - expected).sum() <= 0.25
    assert 0.05 < expected.mean() < 0.2


@pytest.mark.parametrize("pose", [(2.732, 30.0, -15.0), (18.0, -40.0, 170.0), (1.0, 0.0, 90.0)])
def test_angles_of_inverts_points_from_angles(load_example, pose):
    angles = load_example("viewpoints").angles_of(get_points_from_angles(*pose))
    np.testing.assert_allclose(angles, pose, rtol=1e-5, atol=1e-4)


def test_square(load_example):
    references = load_example("references")
    square = references.centered_square(256)
    assert square.sum() == 128 * 128
    assert square[64:192, 64:192].all()
    assert references.centered_square(32).sum() == 16 * 16


def test_bands(load_example):
    references = load_example("references")
    bands = references.colored_bands(256)
    np.testing.assert_allclose(np.sum(bands.astype(np.float64) ** 2), BLACK_IMAGE_ERROR, atol=0.05)
    rows = bands[:, 100] * 255
    assert not rows[:32].any()
    assert not rows[-32:].any()
    np.testing.assert_allclose(rows[32:64], [[195, 197, 248]] * 32, atol=1e-4)
    np.testing.assert_allclose(rows[192:224], [[228, 154, 171]] * 32, atol=1e-4)
    np.testing.assert_array_equal(bands, np.broadcast_to(bands[:, :1], bands.shape))
    np.testing.assert_array_equal(references.colored_bands(32), bands[::8, ::8])


def test_intersection_over_union_and_overlay(load_example):
    references = load_example("references")
    a, b = np.array([[1.0, 1.0, 0.0, 0.0]]), np.array([[1.0, 0.0, 1.0, 0.0]])
    assert references.intersection_over_union(a, b) == pytest.approx(1 / 3)
    assert references.intersection_over_union(a, a) == 1.0
    white, yellow, blue, black = references.overlay(a, b)[0]
    np.testing.assert_array_equal(
        [white, yellow, blue, black], [[1, 1, 1], [1, 1, 0], [0, 0, 1], [0, 0, 0]]
    )


def test_fits_add_up(load_example):
    fitting = load_example("fitting")
    variable = tf.Variable(3.0)
    parts = [
        fitting.fit(
            lambda: tf.square(variable),
            [variable],
            iterations=iterations,
            learning_rate=0.5,
            label="parabola",
            picture=lambda: float(variable),
            picture_steps=steps,
        )
        for iterations, steps in ((5, [0]), (20, [0, 20]))
    ]
    whole = fitting.Fit() + parts[0] + parts[1]
    assert len(whole.losses) == 25
    assert [step for step, _ in whole.pictures] == [0, 5, 25]
    assert whole.pictures[1][1] ** 2 == pytest.approx(whole.losses[5])
    assert whole.losses[-1] < 0.5 < whole.losses[0] == 9.0
    assert whole.seconds == parts[0].seconds + parts[1].seconds


@pytest.mark.parametrize(("iterations", "number"), [(400, 30), (2, 30), (1, 2)])
def test_spread_steps(load_example, iterations, number):
    steps = load_example("fitting").spread_steps(iterations, number)
    assert (steps[0], steps[-1]) == (0, iterations)
    assert len(steps) <= number
    assert steps == sorted(set(steps))
    gaps = np.diff(steps)
    assert gaps[0] <= gaps[-1]


def test_globe(load_example):
    ball, uv = load_example("recoveries").globe(8)
    corners = np.asarray(ball.face_vertices())
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert np.all(np.sum(normals * corners.mean(axis=1), axis=-1) > 0)  # outwards
    area = np.linalg.norm(normals, axis=-1).sum() / 2
    assert area == pytest.approx(4 * np.pi, rel=0.05)
    assert uv.shape == (len(ball.vertices), 2)
    np.testing.assert_allclose(
        np.asarray(ball.vertices)[:, 1], -np.cos(np.pi * uv[:, 1]), atol=1e-6
    )


def test_sheet(load_example):
    black, white = np.zeros((20, 30, 3)), np.ones((20, 30, 3))
    page = load_example("figures").sheet(
        [[black, white], [white, black]],
        column_titles=["one", "two"],
        row_titles=["", ""],
        captions=[["", ""], ["", ""]],
        footer="end",
    )
    assert page.dtype == np.float32
    assert (page == 0).all(axis=-1).sum() == 2 * black[..., 0].size
    assert page[:18, :32].min() < 0.5  # the title
    assert page[:18].max() == 1


def test_goals_are_judged(load_example):
    goals_file = load_example("goals")
    goals = [goals_file.Goal("a", "loss", most=15), goals_file.Goal("a", "iou", least=0.98)]
    verdicts = [met for *_, met in goals_file.judge(goals, {"a": {"loss": 15, "iou": 0.97}})]
    assert verdicts == [True, False]
    assert [met for *_, met in goals_file.judge(goals, {"a": {}})] == [False, False]
    assert not goals_file.Goal("a", "loss", most=15).is_met(float("nan"))
