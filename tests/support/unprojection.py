"""Cameras of every convention with the way back, from a pixel and a depth to a world point.

The way back is written with each convention's own formulas in NumPy and shares nothing with the
library. Images have unequal sides.
"""

import math

import numpy as np
from scipy.spatial.transform import Rotation

from tf_mesh_renderer.cameras import Camera

HEIGHT, WIDTH = 30, 50
SIZE = (HEIGHT, WIDTH)
EYE, AT = np.array([1.0, 2.0, -3.0]), np.array([0.2, 0.1, 0.4])
ROTATION = np.linalg.qr(np.random.default_rng(41).normal(size=(3, 3)))[0]
ROTATION *= np.linalg.det(ROTATION)
TRANSLATION = np.array([0.3, -0.2, 0.5])


def pixels_to_ndc(pixels):
    """NDC (x, y) of the centres of pixels (row, column), which may be fractions."""
    row, column = np.moveaxis(np.asarray(pixels, float), -1, 0)
    return np.stack([(2 * column + 1 - WIDTH) / WIDTH, (HEIGHT - 2 * row - 1) / HEIGHT], axis=-1)


def camera_axes(handedness):
    """Right, up and forward of a camera at EYE that looks at AT, in world space."""
    forward = (AT - EYE) / np.linalg.norm(AT - EYE)
    right = np.cross(forward, [0.0, 1.0, 0.0])
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    # In left-handed coordinates the same numbers have the other side on the right.
    return (right if handedness == "right" else -right), up, forward


def _look_at(handedness):
    right, up, forward = camera_axes(handedness)
    slope, aspect = math.tan(math.radians(20.0)), WIDTH / HEIGHT
    camera = Camera.look_at(EYE, AT, fov_y_degrees=40.0, aspect=aspect, handedness=handedness)

    def unproject(pixels, depth):
        x, y = np.moveaxis(pixels_to_ndc(pixels), -1, 0)[..., None]
        return EYE + depth * (x * aspect * slope * right + y * slope * up + forward)

    return camera, unproject


def _orthographic(handedness):
    right, up, forward = camera_axes(handedness)
    aspect = WIDTH / HEIGHT
    camera = Camera.orthographic(EYE, AT, half_height=2.0, aspect=aspect, handedness=handedness)

    def unproject(pixels, depth):
        x, y = np.moveaxis(pixels_to_ndc(pixels), -1, 0)[..., None]
        return EYE + 2.0 * aspect * x * right + 2.0 * y * up + depth * forward

    return camera, unproject


def _n3mr(perspective):
    right, up, forward = camera_axes("left")
    camera = Camera.from_n3mr(EYE, target=AT, viewing_angle=25.0, perspective=perspective)
    # The half angle spans both sides of the image; N3MR's images are square.
    slope = math.tan(math.radians(25.0))

    def unproject(pixels, depth):
        x, y = np.moveaxis(pixels_to_ndc(pixels), -1, 0)[..., None]
        scale = depth * slope if perspective else 1.0
        return EYE + scale * x * right + scale * y * up + depth * forward

    return camera, unproject


def _opencv(pixel_centers):
    intrinsics = np.array([[40.0, 0.5, 22.0], [0.0, 45.0, 17.0], [0.0, 0.0, 1.0]])
    camera = Camera.from_opencv(
        intrinsics, ROTATION, TRANSLATION, image_size=SIZE, pixel_centers=pixel_centers
    )
    shift = 0.0 if pixel_centers == "integer" else 0.5

    def unproject(pixels, depth):
        row, column = np.moveaxis(np.asarray(pixels, float), -1, 0) + shift
        image = np.stack([column, row, np.ones_like(row)], axis=-1)
        view = depth * image @ np.linalg.inv(intrinsics).T
        return (view - TRANSLATION) @ ROTATION

    return camera, unproject


def _opengl():
    near, far = 0.5, 30.0
    left, right, bottom, top = -0.3, 0.4, -0.2, 0.25
    projection = np.array(
        [
            [2 * near / (right - left), 0, (right + left) / (right - left), 0],
            [0, 2 * near / (top - bottom), (top + bottom) / (top - bottom), 0],
            [0, 0, -(far + near) / (far - near), -2 * far * near / (far - near)],
            [0, 0, -1, 0],
        ]
    )
    view = np.eye(4)
    view[:3, :3], view[:3, 3] = ROTATION, TRANSLATION
    camera = Camera.from_opengl(view, projection, near=near, far=far)

    def unproject(pixels, depth):
        x, y = np.moveaxis((pixels_to_ndc(pixels) + 1) / 2, -1, 0)
        x, y = left + x * (right - left), bottom + y * (top - bottom)
        local = np.stack([x, y, np.full_like(x, -near)], axis=-1) * depth / near
        return (local - TRANSLATION) @ ROTATION

    return camera, unproject


def _pytorch3d():
    focal, point = np.array([[2.2, 1.9]]), np.array([[0.1, -0.2]])
    camera = Camera.from_pytorch3d(
        ROTATION, TRANSLATION, focal_length=focal, principal_point=point, image_size=SIZE
    )

    def unproject(pixels, depth):
        row, column = np.moveaxis(np.asarray(pixels, float), -1, 0)
        half_shorter = min(SIZE) / 2
        ndc_left = (WIDTH / 2 - (column + 0.5)) / half_shorter
        ndc_up = (HEIGHT / 2 - (row + 0.5)) / half_shorter
        plane = (np.stack([ndc_left, ndc_up], axis=-1) - point) / focal
        view = depth * np.concatenate([plane, np.ones_like(plane[..., :1])], axis=-1)
        return (view - TRANSLATION) @ ROTATION.T  # view = world R + T

    return camera, unproject


def _weak_perspective():
    quaternion, scale, shift = np.array([0.7, -0.4, 1.1, 0.3]), 0.8, np.array([0.2, -0.3])
    camera = Camera.from_weak_perspective(
        scale, shift, quaternion, aspect=WIDTH / HEIGHT, distance=3.0
    )
    rotation = Rotation.from_quat(quaternion, scalar_first=True).as_matrix()

    def unproject(pixels, depth):
        row, column = np.moveaxis(np.asarray(pixels, float), -1, 0)
        half = HEIGHT / 2
        image = np.stack([(column + 0.5 - WIDTH / 2) / half, (row + 0.5 - half) / half], axis=-1)
        plane = (image - shift) / scale
        view = np.concatenate([plane, np.full_like(plane[..., :1], depth - 3.0)], axis=-1)
        return view @ rotation

    return camera, unproject


# Name to (camera, function of pixels [..., 2] and depth that gives world points [..., 3]).
CAMERAS = {
    "look_at": lambda: _look_at("right"),
    "look_at_left_handed": lambda: _look_at("left"),
    "orthographic": lambda: _orthographic("right"),
    "orthographic_left_handed": lambda: _orthographic("left"),
    "n3mr": lambda: _n3mr(True),
    "n3mr_parallel": lambda: _n3mr(False),
    "opencv": lambda: _opencv("integer"),
    "opencv_half_integer": lambda: _opencv("half_integer"),
    "opengl": _opengl,
    "pytorch3d": _pytorch3d,
    "weak_perspective": _weak_perspective,
}
