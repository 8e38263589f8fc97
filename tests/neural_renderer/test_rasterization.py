"""The functions that take projected faces."""

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer import neural_renderer


def triples(batch=2, num_faces=5):
    rng = np.random.default_rng(0)
    corners = rng.uniform(-1, 1, [batch, num_faces, 3, 2])
    depth = rng.uniform(1, 4, [batch, num_faces, 3, 1])
    faces = np.concatenate([corners, depth], axis=-1)
    first, second = corners[..., 1, :] - corners[..., 0, :], corners[..., 2, :] - corners[..., 0, :]
    clockwise = first[..., 0] * second[..., 1] < first[..., 1] * second[..., 0]
    faces[clockwise] = faces[clockwise][:, ::-1]
    textures = rng.random((batch, num_faces, 2, 2, 2, 3))
    return tf.constant(faces, tf.float32), tf.constant(textures, tf.float32)


def test_all_outputs_at_once_equal_each_alone():
    faces, textures = triples()
    size = 15
    everything = neural_renderer.rasterize_rgbad(faces, textures, image_size=size)
    rgb = neural_renderer.rasterize(faces, textures, image_size=size)
    alpha = neural_renderer.rasterize_silhouettes(faces, image_size=size)
    depth = neural_renderer.rasterize_depth(faces, image_size=size)
    assert rgb.shape == (2, 3, size, size)
    assert alpha.shape == depth.shape == (2, size, size)
    for name, alone in (("rgb", rgb), ("alpha", alpha), ("depth", depth)):
        np.testing.assert_array_equal(everything[name], alone)


def test_what_is_not_asked_for_is_none():
    faces, _ = triples()
    images = neural_renderer.rasterize_rgbad(
        faces, image_size=4, return_rgb=False, return_depth=False
    )
    assert images["rgb"] is None
    assert images["depth"] is None
    assert images["alpha"].shape == (2, 4, 4)


def test_colour_needs_textures():
    faces, _ = triples()
    with pytest.raises(ValueError, match=r"argument `textures`: expected .*received None"):
        neural_renderer.rasterize_rgbad(faces)


def test_clockwise_faces_are_left_out():
    faces, textures = triples()
    reversed_faces = tf.reverse(faces, [2])
    image = neural_renderer.rasterize(
        reversed_faces, textures, image_size=8, background_color=(0.5, 0.25, 0.125)
    )
    expected = np.broadcast_to(np.reshape([0.5, 0.25, 0.125], [3, 1, 1]), image.shape)
    np.testing.assert_array_equal(image, expected)


def test_rgb_gives_no_gradient_to_depth_but_depth_does():
    faces, textures = triples()
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(faces)
        rgb = tf.reduce_sum(neural_renderer.rasterize(faces, textures, image_size=16) ** 2)
        depth = tf.reduce_sum(neural_renderer.rasterize_depth(faces, image_size=16))
    from_rgb, from_depth = tape.gradient(rgb, faces), tape.gradient(depth, faces)
    largest = np.abs(from_rgb).max()
    assert largest > 0
    np.testing.assert_allclose(from_rgb[..., 2], 0, atol=1e-6 * largest)
    assert np.abs(from_depth[..., 2]).max() > 0


def test_faces_at_and_behind_the_camera_are_left_out():
    faces, textures = triples()
    for depth in (0.0, -2.0):
        behind = tf.concat([faces[..., :2], tf.fill(faces[..., 2:].shape, depth)], axis=-1)
        images = neural_renderer.rasterize_rgbad(behind, textures, image_size=8)
        assert not np.any(images["alpha"])
        np.testing.assert_array_equal(images["depth"], 100)


def test_wrong_shape_is_explained():
    with pytest.raises(ValueError, match=r"argument `faces`: expected shape .*3, 3\]"):
        neural_renderer.rasterize_silhouettes(tf.zeros([1, 4, 3]))


def test_lighting_is_ambient_plus_cosine():
    corners = np.float32([[0, 0, 0], [1, 0, 0], [0, 1, 0]])
    faces = tf.constant([[corners, corners[[0, 2, 1]]]])
    lit = neural_renderer.lighting(
        faces,
        tf.ones([1, 2, 2, 2, 2, 3]),
        intensity_ambient=0.25,
        intensity_directional=0.5,
        color_directional=(1.0, 0.5, 0.0),
        direction=(0.0, 0.0, 2.0),
    )
    # (v0 - v1) x (v2 - v1) of the first face points to -z, of the second to +z.
    np.testing.assert_allclose(lit[0, 0], np.full([2, 2, 2, 3], 0.25), rtol=1e-6)
    expected = np.broadcast_to([1.25, 0.75, 0.25], [2, 2, 2, 3])
    np.testing.assert_allclose(lit[0, 1], expected, rtol=2e-5)


def test_camera_helpers_return_what_scripts_expect():
    point = neural_renderer.get_points_from_angles(2.0, 30, 90)
    assert isinstance(point, tuple)
    np.testing.assert_allclose(point, (3**0.5, 1, 0), atol=1e-6)
    azimuths = np.float32([0, 90])
    many = neural_renderer.get_points_from_angles(np.float32([2, 2]), np.float32([0, 0]), azimuths)
    np.testing.assert_allclose(many, [[0, 0, -2], [2, 0, 0]], atol=1e-6)
    np.testing.assert_array_equal(neural_renderer.cross([[1.0, 0, 0]], [[0, 1.0, 0]]), [[0, 0, 1]])
    vertices = np.float32([[[0, 0, 1]]])
    moved = neural_renderer.look(vertices, [0.0, 0.0, -1.0])
    np.testing.assert_allclose(moved, [[[0, 0, 2]]], rtol=1e-4)
