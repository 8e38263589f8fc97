"""Cameras of OpenCV, OpenGL, PyTorch3D and N3MR put a world point where those programs put it.

The expected pixel is computed with each program's own formulas, written out in NumPy; images have
unequal sides. Pixel (row, column) counts from the top left corner with centres at integers.
"""

import math

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import assert_close, check_gradients
from tf_mesh_renderer.cameras import Camera, pytorch3d_screen_to_ndc
from tf_mesh_renderer.cameras.conversions import opencv_projection

RNG = np.random.default_rng(29)
HEIGHT, WIDTH = 48, 80
SIZE = (HEIGHT, WIDTH)
POINTS = RNG.uniform(-0.5, 0.5, size=(9, 3))
ROTATION = np.linalg.qr(RNG.normal(size=(3, 3)))[0]
ROTATION *= np.linalg.det(ROTATION)
TRANSLATION = np.array([0.2, -0.1, 4.0])
INTRINSICS = np.array([[70.0, 1.5, 37.0], [0.0, 75.0, 26.0], [0.0, 0.0, 1.0]])


def _pixels(camera, size=SIZE):
    """(row, column) of the points in the image, and their depth."""
    clip = camera.project(POINTS)[0].numpy()
    ndc = clip[:, :2] / clip[:, 3:]
    column = (ndc[:, 0] * size[1] + size[1] - 1) / 2
    row = (size[0] - 1 - ndc[:, 1] * size[0]) / 2
    return np.stack([row, column], axis=-1), clip[:, 3]


@pytest.mark.parametrize(("pixel_centers", "shift"), [("integer", 0.0), ("half_integer", 0.5)])
def test_opencv(pixel_centers, shift):
    view = POINTS @ ROTATION.T + TRANSLATION
    image = view @ INTRINSICS.T
    u, v = image[:, 0] / image[:, 2], image[:, 1] / image[:, 2]
    camera = Camera.from_opencv(
        INTRINSICS, ROTATION, TRANSLATION, image_size=SIZE, pixel_centers=pixel_centers
    )
    pixels, depth = _pixels(camera)
    assert_close(pixels, np.stack([v, u], axis=-1) - shift, rtol=1e-12)
    assert_close(depth, view[:, 2], rtol=1e-12)


def test_opencv_translation_may_be_a_column_and_cameras_a_batch():
    single = Camera.from_opencv(INTRINSICS, ROTATION, TRANSLATION, image_size=SIZE)
    column = Camera.from_opencv(INTRINSICS, ROTATION, TRANSLATION[:, None], image_size=SIZE)
    np.testing.assert_array_equal(column.world_to_clip, single.world_to_clip)
    for translations in (np.tile(TRANSLATION, (3, 1)), np.tile(TRANSLATION[:, None], (3, 1, 1))):
        batch = Camera.from_opencv(INTRINSICS, ROTATION, translations, image_size=SIZE)
        assert batch.project(POINTS).shape == [3, 9, 4]
        np.testing.assert_array_equal(batch.project(POINTS)[2], single.project(POINTS)[0])


def _gl_frustum(left, right, bottom, top, near, far):
    """The matrix of glFrustum's manual page."""
    a, b = (right + left) / (right - left), (top + bottom) / (top - bottom)
    c, d = -(far + near) / (far - near), -2 * far * near / (far - near)
    x, y = 2 * near / (right - left), 2 * near / (top - bottom)
    return np.array([[x, 0, a, 0], [0, y, b, 0], [0, 0, c, d], [0, 0, -1.0, 0]])


def _gl_view():
    """World to OpenGL view space: x right, y up, z backwards."""
    flip = np.diag([1.0, -1.0, -1.0])
    view = np.eye(4)
    view[:3, :3], view[:3, 3] = flip @ ROTATION, flip @ TRANSLATION
    return view


def test_opengl_perspective():
    near, far = 0.5, 30.0
    projection = _gl_frustum(-0.3, 0.4, -0.2, 0.25, near, far)
    camera = Camera.from_opengl(_gl_view(), projection, near=near, far=far)
    view = POINTS @ _gl_view()[:3, :3].T + _gl_view()[:3, 3]
    # Where the ray meets the near plane, as a fraction of its rectangle.
    across = (view[:, 0] / -view[:, 2] * near + 0.3) / 0.7
    upwards = (view[:, 1] / -view[:, 2] * near + 0.2) / 0.45
    pixels, depth = _pixels(camera)
    expected = np.stack([(1 - upwards) * HEIGHT - 0.5, across * WIDTH - 0.5], axis=-1)
    assert_close(pixels, expected, rtol=1e-12)
    assert_close(depth, -view[:, 2], rtol=1e-12)
    assert not bool(camera.mirrors)


def test_opengl_orthographic_depth():
    near, far = 1.0, 9.0
    projection = np.diag([0.5, 0.5, -2 / (far - near), 1.0])
    projection[2, 3] = -(far + near) / (far - near)
    camera = Camera.from_opengl(_gl_view(), projection, near=near, far=far, orthographic=True)
    clip = camera.project(POINTS)[0].numpy()
    depth = (POINTS @ ROTATION.T + TRANSLATION)[:, 2]
    assert_close(near + (clip[:, 2] / clip[:, 3] + 1) / 2 * (far - near), depth, rtol=1e-12)


def test_look_at_is_opengls_camera():
    eye = np.array([1.0, 2.0, 3.0])
    near, far, aspect = 0.5, 30.0, WIDTH / HEIGHT
    top = near * math.tan(math.radians(20.0))
    projection = _gl_frustum(-top * aspect, top * aspect, -top, top, near, far)
    ours = Camera.look_at(eye, fov_y_degrees=40.0, aspect=aspect, near=near, far=far)
    theirs = Camera.from_opengl(ours.world_to_view, projection, near=near, far=far)
    assert_close(ours.world_to_clip, theirs.world_to_clip, rtol=1e-6)


@pytest.mark.parametrize("size", [(48, 80), (80, 48), (64, 64)])
def test_pytorch3d_field_of_view(size):
    camera = Camera.from_pytorch3d(ROTATION, TRANSLATION, fov_degrees=50.0, image_size=size)
    view = POINTS @ ROTATION + TRANSLATION
    scale = 1 / math.tan(math.radians(25.0))
    ndc = scale * view[:, :2] / view[:, 2:]
    assert_close(_pixels(camera, size)[0], _pytorch3d_pixels(ndc, size), rtol=1e-12)
    assert_close(_pixels(camera, size)[1], view[:, 2], rtol=1e-12)


def _pytorch3d_pixels(ndc, size):
    """PyTorch3D's NDC (x left, y up, shorter side spans [-1, 1]) to (row, column)."""
    half_shorter = min(size) / 2
    column = size[1] / 2 - ndc[:, 0] * half_shorter - 0.5
    row = size[0] / 2 - ndc[:, 1] * half_shorter - 0.5
    return np.stack([row, column], axis=-1)


@pytest.mark.parametrize("focal", [2.2, [2.2], [[2.2, 1.9]]])
def test_pytorch3d_focal_length_and_principal_point(focal):
    point = np.array([0.1, -0.2])
    camera = Camera.from_pytorch3d(
        ROTATION, TRANSLATION, focal_length=focal, principal_point=point, image_size=SIZE
    )
    view = POINTS @ ROTATION + TRANSLATION
    ndc = np.ravel(focal) * view[:, :2] / view[:, 2:] + point
    assert_close(_pixels(camera)[0], _pytorch3d_pixels(ndc, SIZE), rtol=0, atol=2e-5)


def test_pytorch3d_screen_space():
    # in_ndc=False: pixels from the top left corner, x right, y down; view space has x left, y up.
    focal, point = np.array([70.0, 75.0]), np.array([37.0, 26.0])
    focal_ndc, point_ndc = pytorch3d_screen_to_ndc(focal, point, SIZE)
    camera = Camera.from_pytorch3d(
        ROTATION, TRANSLATION, focal_length=focal_ndc, principal_point=point_ndc, image_size=SIZE
    )
    view = POINTS @ ROTATION + TRANSLATION
    screen = point - focal * view[:, :2] / view[:, 2:]
    assert_close(_pixels(camera)[0], screen[:, ::-1] - 0.5, rtol=1e-12)


def test_one_camera_in_three_conventions_is_one_camera():
    size, focal, centre = SIZE, 70.0, np.array([37.0, 26.0])
    opencv_k = np.array([[focal, 0, centre[0]], [0, focal, centre[1]], [0, 0, 1.0]])
    opencv = Camera.from_opencv(
        opencv_k, ROTATION, TRANSLATION, image_size=size, pixel_centers="half_integer"
    )
    turn = np.diag([-1.0, -1.0, 1.0])  # x left, y up
    focal_ndc, point_ndc = pytorch3d_screen_to_ndc([focal, focal], centre, size)
    pytorch3d = Camera.from_pytorch3d(
        (turn @ ROTATION).T,
        turn @ TRANSLATION,
        focal_length=focal_ndc,
        principal_point=point_ndc,
        image_size=size,
    )
    near, far = 0.1, 100.0
    left, right = -near * centre[0] / focal, near * (WIDTH - centre[0]) / focal
    bottom, top = -near * (HEIGHT - centre[1]) / focal, near * centre[1] / focal
    opengl = Camera.from_opengl(_gl_view(), _gl_frustum(left, right, bottom, top, near, far))
    assert_close(pytorch3d.project(POINTS), opencv.project(POINTS), rtol=1e-12)
    assert_close(opengl.project(POINTS), opencv.project(POINTS), rtol=1e-12)


def test_n3mr_camera_is_the_mirrored_camera():
    eye = np.array([1.0, 2.0, -3.0])
    n3mr = _pixels(Camera.from_n3mr(eye, viewing_angle=30.0), (64, 64))[0]
    ours = _pixels(Camera.look_at(eye, fov_y_degrees=60.0), (64, 64))[0]
    # N3MR's rounded pi and short axes are worth less than a thousandth of a pixel.
    assert_close(n3mr, np.stack([ours[:, 0], 63 - ours[:, 1]], axis=-1), rtol=0, atol=1e-3)


def test_gradients_are_exact():
    weights = RNG.normal(size=(1, 9, 4))

    def opencv(k, r, t):
        camera = Camera.from_opencv(k, r, t, image_size=SIZE)
        return tf.reduce_sum(weights * camera.project(POINTS))

    def pytorch3d(r, t, focal, point):
        camera = Camera.from_pytorch3d(
            r, t, focal_length=focal, principal_point=point, image_size=SIZE
        )
        return tf.reduce_sum(weights * camera.project(POINTS))

    check_gradients(opencv, [INTRINSICS, ROTATION, TRANSLATION])
    focal, point = np.array([[2.2, 1.9]]), np.array([[0.1, -0.2]])
    check_gradients(pytorch3d, [ROTATION, TRANSLATION, focal, point])


def test_errors_name_the_argument():
    with pytest.raises(ValueError, match="argument `pixel_centers`: expected one of 'integer'"):
        opencv_projection(INTRINSICS, SIZE, pixel_centers="corner")
    with pytest.raises(ValueError, match="argument `K`: expected shape"):
        Camera.from_opencv(np.eye(4), ROTATION, TRANSLATION, image_size=SIZE)
    with pytest.raises(ValueError, match="argument `focal_length`: expected exactly one of"):
        Camera.from_pytorch3d(ROTATION, TRANSLATION, image_size=SIZE)
