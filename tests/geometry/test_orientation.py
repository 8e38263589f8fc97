"""Which faces are front: screen area where that exists, and also across the camera plane."""

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.geometry.orientation import face_is_front

RNG = np.random.default_rng(13)
FACES = np.arange(120, dtype=np.int32).reshape(40, 3)


def test_front_is_counter_clockwise_with_y_up():
    screen = RNG.uniform(-1, 1, size=(2, 120, 2))
    depth = RNG.uniform(0.5, 5.0, size=(2, 120, 1))
    clip = np.concatenate([screen * depth, depth, depth], axis=-1)
    p0, p1, p2 = np.moveaxis(screen[:, FACES], 2, 0)
    a, b = p1 - p0, p2 - p0
    area = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    np.testing.assert_array_equal(face_is_front(clip, FACES), area > 0)
    np.testing.assert_array_equal(face_is_front(clip, FACES[:, ::-1]), area < 0)


def test_faces_that_cross_the_camera_plane_keep_the_side_that_is_seen():
    # A camera at the origin along +z; x right, y up: a face is front if the camera lies on the side
    # opposite to its right-hand normal, because this space is mirrored.
    view = RNG.normal(size=(1, 120, 3))
    clip = np.concatenate([view, view[..., 2:]], axis=-1)
    v0, v1, v2 = np.moveaxis(view[:, FACES], 2, 0)
    normal = np.cross(v1 - v0, v2 - v0)
    crossing = (clip[:, FACES, 3].min(axis=-1) < 0) & (clip[:, FACES, 3].max(axis=-1) > 0)
    assert crossing.sum() > 10
    np.testing.assert_array_equal(face_is_front(clip, FACES), np.sum(normal * v0, axis=-1) > 0)


def test_small_faces_far_from_the_axis_keep_their_sign_in_float32():
    corners = np.array([[0.9, 0.9], [0.9 + 2e-6, 0.9], [0.9, 0.9 + 2e-6]], np.float32)
    clip = np.concatenate([corners, np.ones([3, 2], np.float32)], axis=-1)[None]
    faces = np.array([[0, 1, 2], [2, 1, 0], [-1, -1, -1], [0, 0, 1]], np.int32)
    np.testing.assert_array_equal(face_is_front(clip, faces), [[True, False, False, False]])


def test_no_gradient_flows_through_the_sign():
    clip = tf.constant(RNG.normal(size=(1, 120, 4)))
    with tf.GradientTape() as tape:
        tape.watch(clip)
        count = tf.reduce_sum(tf.cast(face_is_front(clip, FACES), tf.float64))
    assert tape.gradient(count, clip) is None
