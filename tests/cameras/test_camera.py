"""The camera value: projection, position, mirroring, batches, dtypes, tf.function, gradients."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.spatial.transform import Rotation

from tests.support.gradient_checker import assert_close, check_gradients
from tf_mesh_renderer.cameras import Camera, look_at, perspective

RNG = np.random.default_rng(23)
EYES = np.array([[1.0, 2.0, -3.0], [-2.0, 0.5, 1.0], [0.0, -1.0, 4.0]])
TURNED = Rotation.from_euler("xyz", [20.0, 50.0, -70.0], degrees=True)
VERTICES = RNG.uniform(-0.5, 0.5, size=(3, 7, 3))


def test_look_at_projects_by_the_textbook_formula():
    camera = Camera.look_at(EYES, [0.1, 0.2, 0.3], fov_y_degrees=40.0, aspect=1.5)
    clip = camera.project(VERTICES).numpy()
    for eye, points, ours in zip(EYES, VERTICES, clip, strict=True):
        forward = np.array([0.1, 0.2, 0.3]) - eye
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, [0.0, 1.0, 0.0])
        right /= np.linalg.norm(right)
        up = np.cross(right, forward)
        local = points - eye
        slope = math.tan(math.radians(20.0))
        assert_close(ours[:, 3], local @ forward, rtol=1e-6)
        assert_close(ours[:, 0], local @ right / slope / 1.5, rtol=1e-6)
        assert_close(ours[:, 1], local @ up / slope, rtol=1e-6)


def test_n3mr_camera_is_n3mrs_functions():
    triples = perspective(look_at(VERTICES, EYES), 25.0, pi=3.1416).numpy()
    clip = Camera.from_n3mr(EYES, viewing_angle=25.0).project(VERTICES).numpy()
    assert_close(clip[..., :2] / clip[..., 3:], triples[..., :2], rtol=1e-9)
    assert_close(clip[..., 3], triples[..., 2], rtol=1e-12)
    direction = -EYES
    towards = Camera.from_n3mr(EYES, camera_mode="look", target=direction)
    at_origin = Camera.from_n3mr(EYES)
    np.testing.assert_allclose(towards.world_to_clip, at_origin.world_to_clip, rtol=1e-13)


def test_parallel_n3mr_camera_keeps_camera_coordinates():
    camera = Camera.from_n3mr(EYES, perspective=False, near=0.5, far=9.0)
    clip = camera.project(VERTICES).numpy()
    view = look_at(VERTICES, EYES).numpy()
    assert_close(clip[..., :2], view[..., :2], rtol=1e-12)
    np.testing.assert_array_equal(clip[..., 3], np.ones([3, 7]))
    assert_close(0.5 + (clip[..., 2] + 1) / 2 * 8.5, view[..., 2], rtol=1e-6)
    assert camera.depth_from == "z"


def test_depth_of_an_orthographic_camera_is_distance_along_its_axis():
    camera = Camera.orthographic(EYES, half_height=2.0, aspect=0.5, near=-3.0, far=11.0)
    clip = camera.project(VERTICES).numpy()
    forward = -EYES / np.linalg.norm(EYES, axis=-1, keepdims=True)
    depth = np.einsum("bni,bi->bn", VERTICES - EYES[:, None], forward)
    assert_close(-3.0 + (clip[..., 2] / clip[..., 3] + 1) / 2 * 14.0, depth, rtol=1e-6)


def _weak_perspective():
    quaternion = TURNED.as_quat(scalar_first=True)
    return Camera.from_weak_perspective(0.7, (0.1, -0.2), quaternion, distance=3.0)


def _cameras():
    rotation = np.linalg.qr(RNG.normal(size=(3, 3)))[0]
    rotation *= np.linalg.det(rotation)
    translation = np.array([0.1, -0.2, 5.0])
    intrinsics = np.array([[50.0, 0.0, 30.0], [0.0, 55.0, 20.0], [0.0, 0.0, 1.0]])
    position = -rotation.T @ translation
    return [
        (Camera.look_at(EYES[0]), EYES[0], False),
        (Camera.look_at(EYES[0], handedness="left"), EYES[0], True),
        (Camera.orthographic(EYES[1]), EYES[1], False),
        (Camera.orthographic(EYES[1], handedness="left"), EYES[1], True),
        (Camera.from_n3mr(EYES[2]), EYES[2], True),
        (Camera.from_n3mr(EYES[2], perspective=False), EYES[2], True),
        (
            Camera.from_opencv(intrinsics, rotation, translation, image_size=(40, 60)),
            position,
            False,
        ),
        (
            Camera.from_pytorch3d(rotation.T, translation, fov_degrees=60.0, image_size=(40, 60)),
            position,
            False,
        ),
        (_weak_perspective(), -3.0 * TURNED.as_matrix()[2], False),
    ]


@pytest.mark.parametrize("index", range(9))
def test_position_and_mirroring(index):
    camera, eye, mirrors = _cameras()[index]
    assert_close(camera.eye, eye, rtol=1e-9)
    assert bool(camera.mirrors) == mirrors


@pytest.mark.parametrize("index", range(9))
def test_points_in_the_direction_of_the_viewpoint_are_seen_at_the_same_place(index):
    camera = _cameras()[index][0]
    x, y, z, w = camera.viewpoint.numpy()
    assert w == (camera.depth_from == "w")
    points = VERTICES[0]
    towards = np.array([x, y, z]) - w * points
    near, far = (camera.project(p).numpy()[0] for p in (points + 0.01 * towards, points))
    assert_close(near[:, :2] / near[:, 3:], far[:, :2] / far[:, 3:], rtol=1e-9)
    # Nearer to the viewer: less depth.
    depth = 2 if camera.depth_from == "z" else 3
    assert np.all(near[:, depth] < far[:, depth])


def test_viewpoint_of_parallel_rays_is_a_unit_direction_of_every_camera():
    viewpoint = Camera.orthographic(EYES, half_height=[1.0, 2.0, 3.0], aspect=1.5).viewpoint
    expected = EYES / np.linalg.norm(EYES, axis=-1, keepdims=True)
    assert_close(viewpoint, np.pad(expected, [[0, 0], [0, 1]]), rtol=1e-12)


def test_position_of_a_batch_and_of_a_view_with_scale():
    assert_close(Camera.look_at(EYES).eye, EYES, rtol=1e-12)
    np.testing.assert_array_equal(Camera.look_at(EYES).mirrors, [False] * 3)
    view = np.diag([2.0, 3.0, 4.0, 1.0])
    view[:3, 3] = [2.0, 6.0, -12.0]
    assert_close(Camera.from_opengl(view, np.eye(4)).eye, np.array([-1.0, -2.0, 3.0]), rtol=1e-15)


def test_batches_of_vertices_and_cameras_broadcast():
    one, many = Camera.look_at(EYES[0]), Camera.look_at(EYES)
    assert one.project(VERTICES[0]).shape == [1, 7, 4]
    assert one.project(VERTICES).shape == [3, 7, 4]
    assert many.project(VERTICES[0]).shape == [3, 7, 4]
    assert_close(many.project(VERTICES[:1])[1], Camera.look_at(EYES[1]).project(VERTICES[0])[0])
    assert one.project(np.zeros([0, 7, 3])).shape == [0, 7, 4]
    assert one.project(np.zeros([2, 0, 3])).shape == [2, 0, 4]


def test_vertices_decide_the_dtype():
    for eye in (EYES.tolist(), EYES, tf.constant(EYES, tf.float32)):
        camera = Camera.look_at(eye)
        assert camera.project(VERTICES).dtype == tf.float64
        assert camera.project(VERTICES.astype(np.float32)).dtype == tf.float32
        assert camera.project(tf.constant(VERTICES, tf.float16)).dtype == tf.float32


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_keras_variables_are_differentiable_arguments(dtype):
    eye = keras.Variable(EYES[0], dtype=dtype)
    with tf.GradientTape() as tape:
        camera = Camera.look_at(eye)
        depth = tf.reduce_sum(camera.project(VERTICES)[..., 3])
    assert camera.world_to_view.dtype == dtype
    assert np.any(tape.gradient(depth, eye.value).numpy())


def test_float32_is_precise_to_rounding():
    exact = Camera.look_at(EYES).project(VERTICES).numpy()
    rounded = Camera.look_at(EYES.astype(np.float32)).project(VERTICES.astype(np.float32))
    assert_close(rounded, exact, rtol=3e-7, atol=0)


def test_tf_function_takes_and_returns_cameras():
    @tf.function(input_signature=[tf.TensorSpec([None, 3]), tf.TensorSpec([None, None, 3])])
    def clip_of(eye, vertices):
        return Camera.look_at(eye, aspect=2.0).project(vertices)

    eyes, vertices = EYES.astype(np.float32), VERTICES.astype(np.float32)
    expected = Camera.look_at(eyes, aspect=2.0).project(vertices)
    assert_close(clip_of(eyes, vertices), expected, rtol=1e-6)

    @tf.function
    def wider(camera):
        return Camera(
            camera.world_to_view,
            camera.view_to_clip * [[0.5], [1.0], [1.0], [1.0]],
            near=camera.near,
            far=camera.far,
        )

    for eye in eyes:
        camera = wider(Camera.look_at(eye, near=0.5, far=50.0))
        assert (camera.near, camera.far, camera.depth_from) == (0.5, 50.0, "w")
        expected = Camera.look_at(eye, aspect=2.0, near=0.5, far=50.0).world_to_clip
        assert_close(camera.world_to_clip, expected, rtol=1e-6)
    assert wider.experimental_get_tracing_count() == 1


def test_gradients_to_vertices_eye_target_up_and_field_of_view_are_exact():
    weights = RNG.normal(size=(3, 7, 4))

    def total(vertices, eye, at, up, fov):
        camera = Camera.look_at(eye, at, up=up, fov_y_degrees=fov, aspect=1.3)
        return tf.reduce_sum(weights * camera.project(vertices))

    target, up = np.array([0.1, 0.2, 0.3]), np.array([0.1, 1.0, 0.0])
    check_gradients(total, [VERTICES, EYES, target, up, np.array(50.0)], rtol=1e-6)


def test_gradients_to_matrices_and_position_are_exact():
    camera = Camera.look_at(EYES)
    weights = RNG.normal(size=(3, 3))

    def total(view, clip):
        moved = Camera(view, clip)
        return tf.reduce_sum(weights * moved.eye) + tf.reduce_sum(moved.project(VERTICES) ** 2)

    check_gradients(total, [camera.world_to_view.numpy(), camera.view_to_clip.numpy()], rtol=1e-6)


@pytest.mark.parametrize("kind", [Camera.look_at, Camera.orthographic])
def test_gradients_of_the_viewpoint_are_exact(kind):
    weights = RNG.normal(size=(3, 4))

    def total(eye, at):
        return tf.reduce_sum(weights * kind(eye, at).viewpoint)

    check_gradients(total, [EYES, np.array([0.1, 0.2, 0.3])], rtol=1e-6)


def test_errors_name_the_argument():
    with pytest.raises(ValueError, match="Camera: argument `depth_from`: expected one of 'w', 'z'"):
        Camera(np.eye(4), np.eye(4), depth_from="y")
    with pytest.raises(ValueError, match="Camera: argument `world_to_view`: expected shape"):
        Camera(np.eye(3), np.eye(4))
    with pytest.raises(ValueError, match="argument `vertices_world`"):
        Camera.look_at(EYES).project(np.zeros([3, 7, 4]))
    with pytest.raises(ValueError, match="argument `camera_mode`: expected one of 'look_at'"):
        Camera.from_n3mr(EYES, camera_mode="projection")
    with pytest.raises(ValueError, match="argument `handedness`"):
        Camera.look_at(EYES, handedness="both")
