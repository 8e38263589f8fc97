"""Projections: recorded facts, what lands on the image's edges, depth range, gradients, errors."""

import math

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import assert_close, check_gradients
from tf_mesh_renderer.cameras import projection

RNG = np.random.default_rng(19)


def _project(matrix, point):
    """(x / w, y / w, z / w, w) of one view-space point."""
    clip = np.asarray(matrix, np.float64) @ [*point, 1.0]
    return np.append(clip[:3] / clip[3], clip[3])


def test_perspective_gives_the_value_of_n3mrs_test():
    expected = np.array([[0.17320508075688773, 0.34641016151377546, 10.0]])
    assert_close(projection.perspective([[1.0, 2.0, 10.0]], 30.0), expected, rtol=1e-7)
    rounded = projection.perspective(np.array([[1.0, 2.0, 10.0]]), pi=projection.N3MR_PI)
    slope = math.tan(30 / 180 * 3.1416)
    assert_close(rounded, np.array([[0.1 / slope, 0.2 / slope, 10.0]]), rtol=1e-13)


@pytest.mark.parametrize(("handedness", "inward"), [("right", -1.0), ("left", 1.0)])
def test_field_of_view_spans_the_height_of_the_image(handedness, inward):
    matrix = projection.perspective_matrix(
        fov_y_degrees=50.0, aspect=1.5, near=0.5, far=20.0, handedness=handedness
    )
    half_height = 4.0 * math.tan(math.radians(25.0))
    top_right = _project(matrix, (1.5 * half_height, half_height, 4.0 * inward))
    assert_close(top_right[[0, 1, 3]], np.array([1.0, 1.0, 4.0]), rtol=1e-6)
    for depth, ndc in ((0.5, -1.0), (20.0, 1.0)):
        assert_close(
            _project(matrix, (0, 0, depth * inward))[2:], np.array([ndc, depth]), rtol=1e-5
        )


def test_half_angle_is_half_the_field_of_view():
    full = projection.perspective_matrix(fov_y_degrees=tf.constant([40.0, 60.0]))
    half = projection.perspective_matrix(half_angle_degrees=tf.constant([20.0, 30.0]))
    np.testing.assert_array_equal(full, half)


def test_matrix_agrees_with_n3mrs_function():
    view = RNG.uniform(0.5, 3.0, size=(2, 5, 3))
    triples = projection.perspective(view, np.array([20.0, 35.0])).numpy()
    matrix = projection.perspective_matrix(
        half_angle_degrees=np.array([20.0, 35.0]), handedness="left"
    ).numpy()
    for item in range(2):
        for vertex in range(5):
            ndc = _project(matrix[item], view[item, vertex])
            assert_close(ndc[[0, 1, 3]], triples[item, vertex], rtol=1e-13)


def test_infinite_far_plane():
    matrix = projection.perspective_matrix(fov_y_degrees=60.0, near=0.5, far=math.inf)
    assert_close(_project(matrix, (0, 0, -0.5))[2], np.array(-1.0), rtol=1e-6)
    assert_close(_project(matrix, (0, 0, -1e9))[2], np.array(1.0), rtol=1e-6)


@pytest.mark.parametrize(("handedness", "inward"), [("right", -1.0), ("left", 1.0)])
def test_orthographic_box(handedness, inward):
    matrix = projection.orthographic_matrix(
        half_height=2.0, aspect=1.5, near=-1.0, far=7.0, handedness=handedness
    )
    assert_close(_project(matrix, (3.0, 2.0, 7.0 * inward)), np.ones(4), rtol=1e-6)
    corner = _project(matrix, (-3.0, -2.0, -1.0 * inward))
    assert_close(corner, np.array([-1.0, -1.0, -1.0, 1.0]), rtol=1e-6)
    centre = _project(matrix, (0.0, 0.0, 3.0 * inward))
    assert_close(centre, np.array([0.0, 0.0, 0.0, 1.0]), rtol=1e-6)


def test_gradients_are_exact():
    weights = RNG.normal(size=(2, 4, 4))

    def perspective(fov, aspect):
        matrix = projection.perspective_matrix(fov_y_degrees=fov, aspect=aspect)
        return tf.reduce_sum(weights * matrix)

    def orthographic(half_height, aspect):
        matrix = projection.orthographic_matrix(half_height=half_height, aspect=aspect)
        return tf.reduce_sum(weights * matrix)

    inputs = [np.array([40.0, 70.0]), np.array([0.8, 1.7])]
    check_gradients(perspective, inputs, step=1e-5)
    check_gradients(orthographic, inputs, step=1e-5)
    weights_triples = RNG.normal(size=(2, 5, 3))
    check_gradients(
        lambda v, angle: tf.reduce_sum(weights_triples * projection.perspective(v, angle)),
        [RNG.uniform(0.5, 3.0, size=(2, 5, 3)), np.array(30.0)],
    )


def test_vertices_on_the_camera_plane_stay_finite():
    vertices = tf.constant([[1.0, 2.0, 0.0]])
    with tf.GradientTape() as tape:
        tape.watch(vertices)
        triples = projection.perspective(vertices)
    np.testing.assert_array_equal(triples, [[0.0, 0.0, 0.0]])
    assert np.all(np.isfinite(tape.gradient(triples, vertices)))


@pytest.mark.parametrize(("near", "far"), [(0.0, 1.0), (-1.0, 1.0), (2.0, 1.0), (1.0, 1.0)])
def test_wrong_depth_ranges_are_refused(near, far):
    with pytest.raises(ValueError, match="argument `near, far`: expected 0 < near < far"):
        projection.perspective_matrix(fov_y_degrees=60.0, near=near, far=far)


def test_other_errors_name_the_argument():
    with pytest.raises(ValueError, match="expected finite near < far"):
        projection.orthographic_matrix(far=math.inf)
    with pytest.raises(ValueError, match="argument `fov_y_degrees`: expected exactly one of"):
        projection.perspective_matrix()
    with pytest.raises(ValueError, match="argument `fov_y_degrees`: expected exactly one of"):
        projection.perspective_matrix(fov_y_degrees=60.0, half_angle_degrees=30.0)
    with pytest.raises(ValueError, match="argument `handedness`"):
        projection.perspective_matrix(fov_y_degrees=60.0, handedness="none")
