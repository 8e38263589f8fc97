"""Rotations and affine transforms against SciPy and NumPy; N3MR's normalisation of a mesh."""

import numpy as np
import pytest
import tensorflow as tf
from scipy.spatial.transform import Rotation

from tests.support.gradient_checker import assert_close, check_gradients
from tf_mesh_renderer.geometry import transforms

RNG = np.random.default_rng(5)
WEIGHTS = RNG.normal(size=(4, 3, 3))


@pytest.mark.parametrize("scale", [0.0, 1e-12, 1e-5, 9.9e-3, 1.01e-2, 1.0, 3.14, 100.0])
def test_rotation_vectors_are_scipys_and_orthonormal(scale):
    vectors = RNG.normal(size=(4, 3))
    vectors *= scale / np.linalg.norm(vectors, axis=-1, keepdims=True)
    rotation = transforms.rotation_from_vector(vectors).numpy()
    assert_close(rotation, Rotation.from_rotvec(vectors).as_matrix(), rtol=1e-13, atol=0)
    assert_close(rotation @ rotation.swapaxes(-1, -2), np.eye(3) * np.ones((4, 1, 1)), rtol=1e-13)
    np.testing.assert_allclose(np.linalg.det(rotation), 1.0, rtol=1e-13)


@pytest.mark.parametrize("scale", [0.0, 1e-3, 9.99e-3, 1.0, 3.0])
def test_gradient_of_rotation_vectors_is_exact_also_at_zero(scale):
    vectors = RNG.normal(size=(4, 3))
    vectors *= scale / np.linalg.norm(vectors, axis=-1, keepdims=True)
    check_gradients(
        lambda v: tf.reduce_sum(WEIGHTS * transforms.rotation_from_vector(v)), [vectors], atol=1e-8
    )


def test_rotation_vector_keeps_precision_in_float32():
    vectors = (RNG.normal(size=(50, 3)) * 10.0 ** RNG.uniform(-6, 0, (50, 1))).astype(np.float32)
    expected = Rotation.from_rotvec(vectors).as_matrix()
    assert_close(transforms.rotation_from_vector(tf.constant(vectors)), expected, rtol=0, atol=4e-7)


def test_axis_angle_turns_by_the_right_hand_rule():
    quarter = transforms.rotation_from_axis_angle([0.0, 0.0, 1.0], 90.0)
    assert_close(quarter @ [[1.0], [0.0], [0.0]], np.array([[0.0], [1.0], [0.0]]), atol=1e-7)


@pytest.mark.parametrize("order", ["xyz", "zyx", "yxz", "zxz"])
def test_euler_angles_are_scipys_fixed_axes(order):
    angles = RNG.uniform(-180, 180, size=(4, 3))
    expected = Rotation.from_euler(order, angles, degrees=True).as_matrix()
    assert_close(transforms.rotation_from_euler(angles, order=order), expected, rtol=1e-13)
    check_gradients(
        lambda a: tf.reduce_sum(WEIGHTS * transforms.rotation_from_euler(a, order=order)),
        [angles],
        step=1e-4,
    )


def test_quaternions_are_scipys_of_any_length():
    quaternions = RNG.normal(size=(4, 4)) * [[0.1], [1.0], [5.0], [1e-6]]
    rotation = transforms.rotation_from_quaternion(quaternions)
    expected = Rotation.from_quat(quaternions, scalar_first=True).as_matrix()
    assert_close(rotation, expected, rtol=1e-13, atol=1e-14)
    assert_close(transforms.rotation_from_quaternion(-quaternions), expected, rtol=1e-13)
    np.testing.assert_array_equal(transforms.rotation_from_quaternion(np.zeros(4)), np.eye(3))


def test_quaternions_of_rotations_are_those_they_were_made_of():
    # The second half turn by 180 degrees, where the real part is 0.
    quaternions = RNG.normal(size=(20, 4))
    quaternions[10:, 0] = 0
    quaternions = np.concatenate([np.eye(4), quaternions])
    quaternions /= np.linalg.norm(quaternions, axis=-1, keepdims=True)
    found = transforms.quaternion_from_rotation(transforms.rotation_from_quaternion(quaternions))
    largest = np.argmax(np.abs(quaternions), axis=-1)
    signs = np.sign(np.take_along_axis(quaternions, largest[:, None], axis=-1))
    assert_close(found, quaternions * signs, rtol=1e-12, atol=1e-12)
    single = transforms.quaternion_from_rotation(np.eye(3))
    np.testing.assert_array_equal(single, [1.0, 0.0, 0.0, 0.0])


def test_gradient_of_quaternions_is_exact_and_finite_at_zero():
    def total(quaternions):
        return tf.reduce_sum(WEIGHTS * transforms.rotation_from_quaternion(quaternions))

    check_gradients(total, [RNG.normal(size=(4, 4))])
    zero = tf.zeros([4, 4])
    with tf.GradientTape() as tape:
        tape.watch(zero)
        value = total(zero)
    np.testing.assert_array_equal(tape.gradient(value, zero), zero)


def test_affine_matrices_compose():
    points = RNG.normal(size=(2, 6, 3))
    offset, factors = RNG.normal(size=(2, 2, 3))
    matrix = transforms.translation_matrix(offset) @ transforms.scale_matrix(factors)
    expected = points * factors[:, None] + offset[:, None]
    assert_close(transforms.transform_points(points, matrix), expected, rtol=1e-14)
    assert_close(transforms.transform_points(points[0], matrix[0]), expected[0], rtol=1e-14)


def test_transform_points_gradients_are_exact():
    weights = RNG.normal(size=(2, 6, 3))
    points, matrix = RNG.normal(size=(2, 6, 3)), RNG.normal(size=(4, 4))
    check_gradients(
        lambda p, m: tf.reduce_sum(weights * transforms.transform_points(p, m)), [points, matrix]
    )


def test_rigid_matrix_broadcasts_unknown_batches():
    traced = tf.function(
        transforms.rigid_matrix,
        input_signature=[tf.TensorSpec([3, 3]), tf.TensorSpec([None, 3])],
    )
    matrices = traced(2 * tf.eye(3), tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    np.testing.assert_array_equal(
        matrices[1], [[2, 0, 0, 4], [0, 2, 0, 5], [0, 0, 2, 6], [0, 0, 0, 1]]
    )


def test_unit_box_of_n3mrs_tetrahedron():
    # Vertices and result recorded from N3MR's loader test.
    vertices = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
    expected = [[1, -1, -1], [-1, 1, -1], [-1, -1, 1], [-1, -1, -1]]
    np.testing.assert_array_equal(transforms.normalize_to_unit_box(tf.constant(vertices)), expected)


def test_unit_box_centres_every_item_and_scales_its_longest_side():
    vertices = RNG.normal(size=(3, 20, 3)) * [1.0, 5.0, 0.1] + RNG.normal(size=(3, 1, 3))
    box = transforms.normalize_to_unit_box(tf.constant(vertices)).numpy()
    np.testing.assert_allclose(box.max(axis=1), -box.min(axis=1), atol=1e-14)
    np.testing.assert_allclose(box.max(axis=(1, 2)), 1.0, rtol=1e-14)
    edges, scaled = np.diff(vertices, axis=1), np.diff(box, axis=1)
    ratio = scaled / edges
    np.testing.assert_allclose(ratio, ratio[:, :1, :1] * np.ones_like(ratio), rtol=1e-8)


def test_unit_box_of_a_point_is_finite():
    point = tf.constant([[3.0, 4.0, 5.0]])
    with tf.GradientTape() as tape:
        tape.watch(point)
        box = transforms.normalize_to_unit_box(point)
    np.testing.assert_array_equal(box, [[0, 0, 0]])
    assert np.all(np.isfinite(tape.gradient(box, point)))


def test_errors_name_the_argument():
    with pytest.raises(ValueError, match="argument `order`: expected three letters"):
        transforms.rotation_from_euler([0.0, 0.0, 0.0], order="xy")
    with pytest.raises(ValueError, match="argument `rotation_vector`: expected shape"):
        transforms.rotation_from_vector([0.0, 0.0])
    with pytest.raises(ValueError, match="rotation_from_quaternion: argument `quaternion`"):
        transforms.rotation_from_quaternion([1.0, 0.0, 0.0])
    with pytest.raises(ValueError, match="transform_points: argument `matrix`"):
        transforms.transform_points(np.zeros([2, 3]), np.eye(3))
