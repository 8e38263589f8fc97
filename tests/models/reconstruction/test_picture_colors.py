"""Colours that are taken out of a picture."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.conformance.model_cases import make_n3mr
from tf_mesh_renderer.models.reconstruction.picture_colors import PictureColors, mixed_colors

SIDE, NUMBER = 16, 5


@pytest.fixture(name="layer")
def fixture_layer():
    layer = PictureColors(NUMBER)
    layer.build([None, SIDE, SIDE, 4])
    return layer


def picture(left, right):
    """[1, S, S, 4]: an object of two colours over black, with half covered pixels at its rim."""
    image = np.zeros([SIDE, SIDE, 4], np.float32)
    image[3:13, 3:8] = [*left, 1]
    image[3:13, 8:13] = [*right, 1]
    image[3] *= 0.5
    return image[None]


def test_an_object_of_one_colour_has_no_other(layer):
    """Neither the background nor half covered pixels darken it."""
    color = [0.7, 0.2, 0.4]
    np.testing.assert_allclose(layer(picture(color, color))[0], [color] * NUMBER, atol=1e-5)


def test_colours_are_between_those_of_the_object(layer):
    left, right = np.array([0.9, 0.1, 0.3]), np.array([0.2, 0.6, 0.3])
    found = layer(picture(left, right)).numpy()[0]
    share = (found - right)[:, :2] / (left - right)[:2]
    np.testing.assert_allclose(share[:, 0], share[:, 1], atol=1e-4)
    assert 0 < share.min() < share.max() < 1
    np.testing.assert_allclose(found[:, 2], 0.3, atol=1e-5)


def test_an_empty_picture_is_black(layer):
    np.testing.assert_array_equal(layer(np.zeros([2, SIDE, SIDE, 4])), np.zeros([2, NUMBER, 3]))


def test_each_colour_of_the_object_can_be_learnt(layer):
    """Two of the colours become those of the left and of the right half, whatever they are."""
    rng = np.random.default_rng(0)
    optimizer = keras.optimizers.Adam(0.01)
    for _ in range(150):
        sides = rng.random((8, 2, 3)).astype(np.float32)
        pictures = np.concatenate([picture(*pair) for pair in sides])
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.abs(layer(pictures)[:, :2] - sides))
        optimizer.apply(tape.gradient(loss, layer.trainable_variables), layer.trainable_variables)
    sides = rng.random((1, 2, 3)).astype(np.float32)
    np.testing.assert_allclose(layer(picture(*sides[0]))[:, :2], sides, atol=0.1)


def test_vertices_have_mixtures_of_the_colours():
    rng = np.random.default_rng(1)
    shares, colors = rng.normal(size=(2, 7, NUMBER)), rng.random((2, NUMBER, 3))
    found = mixed_colors(tf.constant(shares), tf.constant(colors))
    for item, vertex in np.ndindex(2, 7):
        weights = np.exp(shares[item, vertex])
        expected = (weights[:, None] * colors[item]).sum(axis=0) / weights.sum()
        np.testing.assert_allclose(found[item, vertex], expected, rtol=1e-6)


@pytest.mark.parametrize("color", [(0.5, 0.25, 1.0), (0.0, 0.125, 0.75)])
def test_a_network_paints_its_mesh_in_the_colours_of_the_picture(color):
    network = make_n3mr(picture_colors=NUMBER)
    found = network(picture(color, color))["colors"]
    np.testing.assert_allclose(found, np.broadcast_to(color, found.shape), atol=1e-5)
