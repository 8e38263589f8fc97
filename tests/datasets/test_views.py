"""The 24 cameras of N3MR's data set."""

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer.datasets import NUM_VIEWS, camera_of_view

POINTS = np.random.default_rng(0).uniform(-0.5, 0.5, [7, 3]).astype(np.float32)


def turned_about_y(points, degrees):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return (points @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]).T).astype(np.float32)


def test_the_first_camera_stands_in_front_and_above():
    eye = camera_of_view(0).eye
    np.testing.assert_allclose(eye, [0, 1.366, -2.366], atol=1e-3)


@pytest.mark.parametrize("view", range(NUM_VIEWS))
def test_a_view_shows_what_the_first_shows_of_an_object_turned_back(view):
    seen = camera_of_view(view).project(turned_about_y(POINTS, 15 * view))
    np.testing.assert_allclose(seen, camera_of_view(0).project(POINTS), atol=2e-5)


def test_an_array_of_views_is_a_batch_of_cameras():
    batch = camera_of_view(np.arange(NUM_VIEWS)).project(POINTS)
    single = [camera_of_view(view).project(POINTS)[0] for view in range(NUM_VIEWS)]
    np.testing.assert_allclose(batch, single, atol=1e-6)


def test_views_may_be_tensors_inside_a_function():
    @tf.function(input_signature=[tf.TensorSpec([None], tf.int32)])
    def project(views):
        return camera_of_view(views).project(POINTS)

    expected = camera_of_view([3, 20]).project(POINTS)
    np.testing.assert_allclose(project(tf.constant([3, 20])), expected, atol=1e-6)


def test_the_image_is_mirrored_and_its_half_height_at_the_origin_is_0_732():
    camera = camera_of_view(0)
    assert camera.mirrors
    up = (
        np.array([0, np.cos(np.radians(30)), np.sin(np.radians(30))])
        * 2.732
        * np.tan(np.radians(15))
    )
    x, y, _, w = camera.project(np.array([up], np.float32))[0, 0]
    np.testing.assert_allclose([x / w, y / w], [0, 1], atol=1e-4)
    right = camera.project(np.array([[0.1, 0, 0]], np.float32))[0, 0]
    assert right[0] > 0, "+x is on the right for one who looks along +z: a mirror image"
