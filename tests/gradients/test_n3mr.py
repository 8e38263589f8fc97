"""N3MR's gradient model: what it draws and where it pushes."""

import numpy as np
import pytest
import tensorflow as tf

from tests.support.scenes import triangle_soup
from tf_mesh_renderer import gradients, ops

SIZE = (18, 26)


def soup(dtype=np.float64):
    vertices, faces = triangle_soup(3, 6, batch=2, dtype=dtype)
    vertices = tf.constant(vertices)
    fragments = ops.rasterize(vertices, faces, image_size=SIZE, cull="none")
    colors = tf.random.stateless_uniform([2, *SIZE, 3], seed=[1, 2], dtype=vertices.dtype)
    return vertices, faces, fragments, colors


def blend(model, vertices, faces, fragments, colors, background=0.0):
    return model.blend(
        colors, fragments, vertices_clip=vertices, faces=faces, background=background
    )


@pytest.mark.parametrize("background", [0.5, [0.1, 0.2, 0.3], [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]])
def test_image_is_colour_over_background_and_alpha(background):
    vertices, faces, fragments, colors = soup()
    image = blend(gradients.N3mr(), vertices, faces, fragments, colors, background)
    seen = (fragments.face_id.numpy() >= 0)[..., None]
    rows = (
        np.asarray(background) if np.ndim(background) < 2 else np.asarray(background)[:, None, None]
    )
    np.testing.assert_array_equal(image[..., :3], np.where(seen, colors, rows))
    np.testing.assert_array_equal(image[..., 3:], seen.astype(np.float64))


def test_colours_of_empty_pixels_do_not_matter():
    vertices, faces, fragments, colors = soup()
    empty = (fragments.face_id.numpy() < 0)[..., None]
    poisoned = tf.where(empty, np.nan, colors)
    with tf.GradientTape() as tape:
        tape.watch([vertices, poisoned])
        image = blend(gradients.N3mr(), vertices, faces, fragments, poisoned)
        loss = tf.reduce_sum(image**2)
    assert np.isfinite(image).all()
    for gradient in tape.gradient(loss, [vertices, poisoned]):
        assert np.isfinite(gradient).all()


def test_gradients_to_colours_and_background_are_those_of_a_selection():
    vertices, faces, fragments, colors = soup()
    background = tf.constant([0.1, 0.2, 0.3], tf.float64)
    weights = tf.random.stateless_normal([2, *SIZE, 4], seed=[3, 4], dtype=tf.float64)
    with tf.GradientTape() as tape:
        tape.watch([colors, background])
        image = blend(gradients.N3mr(), vertices, faces, fragments, colors, background)
        loss = tf.reduce_sum(image * weights)
    to_colors, to_background = tape.gradient(loss, [colors, background])
    seen = (fragments.face_id.numpy() >= 0)[..., None]
    np.testing.assert_array_equal(to_colors, weights[..., :3] * seen)
    expected = np.sum(np.where(seen, 0, weights[..., :3]), axis=(0, 1, 2))
    np.testing.assert_allclose(to_background, expected, rtol=1e-12)


def test_loss_on_rgb_alone_ignores_alpha():
    """The sweep sums channels before its test, so a channel without gradient must add nothing."""
    vertices, faces, fragments, colors = soup()
    weights = tf.random.stateless_normal([2, *SIZE, 3], seed=[5, 6], dtype=tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(vertices)
        rgba = blend(gradients.N3mr(), vertices, faces, fragments, colors)
        loss = tf.reduce_sum(rgba[..., :3] * weights)
    with_alpha = tape.gradient(loss, vertices)
    with tf.GradientTape() as tape:
        tape.watch(vertices)
        rgb = gradients.composite(colors, fragments.mask, 0.0)[..., :3]
        loss = tf.reduce_sum(ops.n3mr(rgb, vertices, faces, fragments.face_id) * weights)
    without_alpha = tape.gradient(loss, vertices)
    assert np.abs(with_alpha).max() > 0
    np.testing.assert_allclose(with_alpha, without_alpha, rtol=1e-12)


def test_no_channels_draw_a_silhouette_that_can_be_moved():
    vertices, faces, fragments, colors = soup()
    with tf.GradientTape() as tape:
        tape.watch(vertices)
        alpha = blend(gradients.N3mr(1e-4), vertices, faces, fragments, colors[..., :0])
        loss = tf.reduce_sum(alpha)
    assert alpha.shape == (2, *SIZE, 1)
    gradient = tape.gradient(loss, vertices).numpy()
    assert np.abs(gradient[..., [0, 1]]).max() > 0
    np.testing.assert_array_equal(gradient[..., 2], 0)


def test_eps_bounds_the_gradient():
    vertices, faces, fragments, colors = soup()

    def largest(eps):
        with tf.GradientTape() as tape:
            tape.watch(vertices)
            image = blend(gradients.N3mr(eps), vertices, faces, fragments, colors)
            loss = tf.reduce_sum(image[..., 3])
        return np.abs(tape.gradient(loss, vertices)).max()

    assert largest(1e-1) < largest(1e-2) < largest(1e-4)
