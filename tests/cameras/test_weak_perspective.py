"""Weak-perspective cameras against CMR's formula, written out with SciPy's rotations."""

import numpy as np
import pytest
import tensorflow as tf
from scipy.spatial.transform import Rotation

from tests.support.gradient_checker import assert_close, check_gradients
from tf_mesh_renderer import geometry, rendering
from tf_mesh_renderer.cameras import Camera, weak_perspective, weak_perspective_matrix

RNG = np.random.default_rng(37)
POINTS = RNG.uniform(-0.5, 0.5, size=(3, 9, 3))
SCALE, SHIFT = np.array([0.8, 1.1, 0.5]), RNG.uniform(-0.3, 0.3, size=(3, 2))
QUATERNION = RNG.normal(size=(3, 4))
LEVEL = (1.0, 0.0, 0.0, 0.0)


def _expected():
    """s (R p)_xy + t, point by point."""
    rotations = Rotation.from_quat(QUATERNION, scalar_first=True).as_matrix()
    return np.stack(
        [
            [scale * (rotation @ point)[:2] + shift for point in points]
            for scale, shift, rotation, points in zip(SCALE, SHIFT, rotations, POINTS, strict=True)
        ]
    )


def test_points_appear_where_the_formula_says():
    image = weak_perspective(POINTS, SCALE, SHIFT, QUATERNION)
    assert_close(image, _expected(), rtol=1e-12)
    single = weak_perspective(POINTS[1], SCALE[1], SHIFT[1], QUATERNION[1])
    assert_close(single, _expected()[1], rtol=1e-12)


def test_the_camera_agrees_but_for_the_direction_of_y_and_the_aspect():
    clip = Camera.from_weak_perspective(SCALE, SHIFT, QUATERNION, aspect=1.5).project(POINTS)
    assert_close(clip[..., :2] * [1.5, -1.0], _expected(), rtol=1e-6)
    np.testing.assert_array_equal(clip[..., 3], np.ones([3, 9]))


def test_depth_is_measured_from_the_distance_and_moves_nothing_else():
    near, far = (
        Camera.from_weak_perspective(SCALE, SHIFT, QUATERNION, distance=distance).project(POINTS)
        for distance in (2.0, 7.0)
    )
    assert_close(near[..., :2], far[..., :2].numpy(), rtol=1e-13)
    assert_close((far - near)[..., 2] / 2 * 99.9, np.full([3, 9], 5.0), rtol=1e-6)


def test_the_level_camera_shows_down_below_and_right_on_the_right():
    camera = Camera.from_weak_perspective(1.0, (0.0, 0.0), LEVEL)
    triangle = geometry.Mesh([[0.1, 0.1, 0], [0.9, 0.1, 0], [0.9, 0.9, 0.0]], [[0, 1, 2]])
    image = rendering.render_silhouette(triangle, camera, image_size=(8, 8))[0].numpy()
    assert np.sum(image[4:, 4:]) > 0
    np.testing.assert_array_equal(image[:4], 0)
    np.testing.assert_array_equal(image[:, :4], 0)


def test_the_nearer_of_two_is_the_one_with_less_z():
    camera = Camera.from_weak_perspective(1.0, (0.0, 0.0), LEVEL)
    depth = rendering.render_depth(geometry.cube(half_side=0.5), camera, image_size=(4, 4))
    np.testing.assert_allclose(np.max(depth), 9.5, rtol=1e-6)


def test_mirroring_the_camera_mirrors_the_picture():
    mesh = geometry.utah_teapot()
    w, x, y, z = 0.9, 0.2, -0.3, 0.4
    # diag(-1, 1, 1) R diag(-1, 1, 1) is this quaternion, and the teapot is mirrored with it.
    seen = Camera.from_weak_perspective(0.6, (0.2, 0.1), (w, x, y, z))
    mirrored = Camera.from_weak_perspective(0.6, (-0.2, 0.1), (w, x, -y, -z))
    other = mesh.with_vertices(mesh.vertices * [-1.0, 1.0, 1.0])
    one = rendering.render_silhouette(mesh, seen, image_size=(32, 32))
    two = rendering.render_silhouette(other, mirrored, image_size=(32, 32))
    np.testing.assert_allclose(one[:, :, ::-1], two, atol=1e-5)


def test_gradients_are_exact_to_pose_and_points():
    weights = RNG.normal(size=(3, 9, 4))

    def total(points, scale, shift, quaternion):
        camera = Camera.from_weak_perspective(scale, shift, quaternion)
        plane = weak_perspective(points, scale, shift, quaternion)
        return tf.reduce_sum(weights * camera.project(points)) + tf.reduce_sum(
            weights[..., :2] * tf.square(plane)
        )

    check_gradients(total, [POINTS, SCALE, SHIFT, QUATERNION], rtol=1e-6)


def test_a_silhouette_finds_its_scale_and_shift():
    """The gradient of a picture points the way back, through the whole renderer."""
    mesh = geometry.icosphere(1)
    target = rendering.render_silhouette(
        mesh, Camera.from_weak_perspective(0.5, (0.1, -0.1), LEVEL), image_size=(24, 24)
    )
    scale, shift = tf.constant(0.4), tf.constant([0.0, 0.0])
    with tf.GradientTape() as tape:
        tape.watch([scale, shift])
        camera = Camera.from_weak_perspective(scale, shift, LEVEL)
        image = rendering.render_silhouette(mesh, camera, image_size=(24, 24), gradient="dibr")
        loss = tf.reduce_sum(tf.square(image - target))
    grad_scale, grad_shift = tape.gradient(loss, [scale, shift])
    assert grad_scale < 0  # larger
    assert grad_shift[0] < 0 < grad_shift[1]  # to the right, and up


def test_batches_are_unknown_in_a_traced_function():
    signature = [tf.TensorSpec([None]), tf.TensorSpec([None, 2]), tf.TensorSpec([None, 4])]

    @tf.function(input_signature=signature)
    def clip_of(scale, shift, quaternion):
        return Camera.from_weak_perspective(scale, shift, quaternion).project(POINTS[:1])

    pose = [tf.constant(value, tf.float32) for value in (SCALE, SHIFT, QUATERNION)]
    expected = Camera.from_weak_perspective(*pose).project(POINTS[:1])
    assert_close(clip_of(*pose), expected, rtol=1e-6)
    assert clip_of(*(value[:0] for value in pose)).shape == [0, 9, 4]


def test_errors_name_the_argument():
    with pytest.raises(ValueError, match="argument `points`: expected shape"):
        weak_perspective(POINTS[..., :2], SCALE, SHIFT, QUATERNION)
    with pytest.raises(ValueError, match="argument `translation`: expected shape"):
        Camera.from_weak_perspective(SCALE, POINTS[:, 0], QUATERNION)
    with pytest.raises(ValueError, match="argument `quaternion`: expected shape"):
        Camera.from_weak_perspective(SCALE, SHIFT, POINTS[:, 0])
    with pytest.raises(ValueError, match="argument `near, far`"):
        weak_perspective_matrix(SCALE, SHIFT, near=3.0, far=2.0)
