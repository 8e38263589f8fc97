"""Views: recorded facts, geometry of look_at in both handednesses, batches, gradients."""

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import assert_close, check_gradients
from tf_mesh_renderer.cameras import view

RNG = np.random.default_rng(17)
EYES, TARGETS, UPS = RNG.normal(size=(3, 4, 3))


@pytest.mark.parametrize(
    ("eye", "expected"),
    [
        ([1.0, 0.0, 1.0], [-0.7071067811865476, 0.0, 0.7071067811865476]),
        ([0.0, 0.0, -10.0], [1.0, 0.0, 10.0]),
    ],
)
def test_look_at_gives_the_values_of_n3mrs_tests(eye, expected):
    # The tolerance there is 1e-4: the axes are too short by 1e-5.
    (vertex,) = view.look_at([[1.0, 0.0, 0.0]], eye)
    assert_close(vertex, np.array(expected), rtol=0, atol=2e-5)
    (exact,) = view.look_at([[1.0, 0.0, 0.0]], eye, epsilon=0.0)
    assert_close(exact, np.array(expected), rtol=1e-6)


def test_look_at_repeats_n3mrs_short_axes():
    def shortened(vector):
        return vector / (np.linalg.norm(vector) + 1e-5)

    vertices, eye = RNG.normal(size=(6, 3)), np.array([0.3, 0.4, -1.0])
    z = shortened(-eye)
    x = shortened(np.cross([0.0, 1.0, 0.0], z))
    rotation = np.stack([x, shortened(np.cross(z, x)), z])
    assert_close(view.look_at(vertices, eye), (vertices - eye) @ rotation.T, rtol=1e-14)
    assert_close(view.look(vertices, eye, -eye), (vertices - eye) @ rotation.T, rtol=1e-14)


@pytest.mark.parametrize("handedness", ["right", "left"])
def test_matrix_is_a_rotation_that_puts_the_target_on_the_axis(handedness):
    matrix = view.look_at_matrix(EYES, TARGETS, UPS, handedness=handedness).numpy()
    rotation = matrix[:, :3, :3]
    assert_close(rotation @ rotation.swapaxes(1, 2), np.tile(np.eye(3), (4, 1, 1)), rtol=1e-13)
    np.testing.assert_allclose(np.linalg.det(rotation), 1.0, rtol=1e-12)
    np.testing.assert_array_equal(matrix[:, 3], np.tile([0.0, 0.0, 0.0, 1.0], (4, 1)))

    inward = 1.0 if handedness == "left" else -1.0
    distance = np.linalg.norm(TARGETS - EYES, axis=-1)
    on_axis = np.stack([0 * distance, 0 * distance, inward * distance], axis=-1)
    assert_close(np.einsum("bij,bj->bi", rotation, TARGETS) + matrix[:, :3, 3], on_axis, rtol=1e-12)
    seen_up = np.einsum("bij,bj->bi", rotation, UPS)
    np.testing.assert_allclose(seen_up[:, 0], 0.0, atol=1e-12)
    assert np.all(seen_up[:, 1] > 0)


def test_left_handed_view_is_the_mirror_image():
    right = view.look_at_matrix(EYES, TARGETS, UPS, handedness="right").numpy()
    left = view.look_at_matrix(EYES, TARGETS, UPS, handedness="left").numpy()
    assert_close(left, np.diag([-1.0, 1.0, -1.0, 1.0]) @ right, rtol=1e-13)


def test_look_at_is_its_matrix():
    vertices = RNG.normal(size=(4, 6, 3))
    matrix = view.look_at_matrix(EYES, TARGETS, UPS, handedness="left").numpy()
    expected = np.einsum("bij,bnj->bni", matrix[:, :3, :3], vertices) + matrix[:, None, :3, 3]
    assert_close(view.look_at(vertices, EYES, TARGETS, UPS, epsilon=0.0), expected, rtol=1e-12)


def test_batches_broadcast_and_may_be_unknown():
    vertices = RNG.normal(size=(1, 6, 3)).astype(np.float32)
    eyes = EYES.astype(np.float32)
    signature = [tf.TensorSpec([None, None, 3]), tf.TensorSpec([None, 3])]
    traced = tf.function(view.look_at, input_signature=signature)
    many = traced(vertices, eyes)
    assert many.shape == [4, 6, 3]
    for item, eye in zip(many, eyes, strict=True):
        assert_close(item, view.look_at(vertices[0], eye), rtol=1e-6)
    assert view.look_at_matrix(eyes[0], TARGETS).shape == [4, 4, 4]
    assert view.look_at_matrix(eyes, [0.0, 0.0, 0.0]).shape == [4, 4, 4]


@pytest.mark.parametrize("handedness", ["right", "left"])
def test_gradients_are_exact(handedness):
    weights = RNG.normal(size=(4, 4, 4))

    def total(eye, at, up):
        return tf.reduce_sum(weights * view.look_at_matrix(eye, at, up, handedness=handedness))

    check_gradients(total, [EYES, TARGETS, UPS])


def test_gradients_of_the_reference_camera_are_exact():
    weights = RNG.normal(size=(4, 6, 3))
    vertices = RNG.normal(size=(6, 3))
    check_gradients(lambda v, e: tf.reduce_sum(weights * view.look_at(v, e)), [vertices, EYES])


@pytest.mark.parametrize("dtype", [tf.float32, tf.float64])
@pytest.mark.parametrize("eye", [[0.0, 2.0, 0.0], [0.0, -3.0, 0.0], [1e-9, 5.0, 0.0]])
def test_camera_right_above_is_still_a_rotation(dtype, eye):
    eye = tf.constant(eye, dtype)
    with tf.GradientTape() as tape:
        tape.watch(eye)
        matrix = view.look_at_matrix(eye)
    rotation = matrix[:3, :3].numpy()
    assert_close(rotation @ rotation.T, np.eye(3), rtol=0, atol=1e-6)
    assert np.all(np.isfinite(tape.gradient(matrix, eye)))


def test_camera_at_its_own_target_is_finite():
    eye = tf.zeros([3])
    with tf.GradientTape() as tape:
        tape.watch(eye)
        matrix = view.look_at_matrix(eye)
    assert np.all(np.isfinite(matrix))
    assert np.all(np.isfinite(tape.gradient(matrix, eye)))


def test_points_from_angles_stand_where_n3mr_puts_them():
    points = view.get_points_from_angles(
        tf.constant([2.0, 2.0, 2.0, 2.0]),
        tf.constant([0.0, 0.0, 90.0, 30.0]),
        [0.0, 90.0, 0.0, 180],
    )
    expected = [[0, 0, -2], [2, 0, 0], [0, 2, 0], [0, 1, np.sqrt(3)]]
    assert_close(points, np.array(expected, float), rtol=0, atol=1e-6)


def test_points_from_angles_broadcast_and_differentiate():
    azimuths = RNG.uniform(-180, 180, size=5)
    points = view.get_points_from_angles(2.732, 30.0, azimuths)
    assert points.shape == [5, 3]
    np.testing.assert_allclose(np.linalg.norm(points, axis=-1), 2.732, rtol=1e-12)
    in_radians = view.get_points_from_angles(2.732, np.pi / 6, np.radians(azimuths), degrees=False)
    assert_close(points, in_radians, rtol=1e-12)
    assert view.get_points_from_angles(2.732, 30, 0).shape == [3]
    assert view.get_points_from_angles(np.full(5, 2.0), 30.0, azimuths[0]).shape == [5, 3]
    weights = RNG.normal(size=(5, 3))
    check_gradients(
        lambda d, e, a: tf.reduce_sum(weights * view.get_points_from_angles(d, e, a)),
        [np.array(2.0), np.array(30.0), azimuths],
        step=1e-4,
    )


def test_errors_name_the_argument():
    with pytest.raises(ValueError, match="argument `handedness`: expected one of 'right', 'left'"):
        view.look_at_matrix([0.0, 0.0, 1.0], handedness="up")
    with pytest.raises(ValueError, match="argument `vertices`: expected shape"):
        view.look_at(np.zeros([3, 2]), [0.0, 0.0, 1.0])
    with pytest.raises(ValueError, match="argument `up`"):
        view.look_at_matrix([0.0, 0.0, 1.0], up=[0.0, 1.0])
