"""Maps of a sphere have no seam: turning the sphere before or after a layer is the same."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer.models.globe_maps import GlobeConvolution


@pytest.fixture
def maps():
    return tf.random.stateless_normal([2, 4, 6, 3], [0, 1])


@pytest.mark.parametrize("doubles", [False, True])
def test_turning_the_sphere_before_or_after_is_the_same(maps, doubles):
    keras.utils.set_random_seed(0)
    layer = GlobeConvolution(5, doubles=doubles)
    scale = 2 if doubles else 1
    found = layer(maps)
    assert tuple(found.shape) == (2, 4 * scale, 6 * scale, 5)
    assert layer.compute_output_shape((None, 4, None, 3)) == (None, 4 * scale, None, 5)
    turned = layer(tf.roll(maps, 2, axis=2))
    np.testing.assert_allclose(turned, tf.roll(found, 2 * scale, axis=2), atol=1e-5)


def test_inside_it_is_a_plain_convolution(maps):
    layer = GlobeConvolution(4)
    found = layer(maps)
    kernel, bias = layer.get_weights()
    expected = tf.nn.conv2d(maps, kernel, 1, "VALID") + bias
    np.testing.assert_allclose(found[:, 1:-1, 1:-1], expected, atol=1e-5)


def test_enlarged_maps_are_interpolated(maps):
    layer = GlobeConvolution(3, doubles=True)
    layer.build(maps.shape)
    pick = np.zeros([3, 3, 3, 3], np.float32)
    pick[1, 1] = np.eye(3)
    layer.set_weights([pick, np.zeros(3)])
    found = layer(maps)
    # A texel's four children lie a quarter of a texel from it.
    north, south = maps[:, 1:2], maps[:, 2:3]
    column = 0.75 * north + 0.25 * south
    expected = 0.75 * column + 0.25 * tf.roll(column, 1, axis=2)  # of the left child
    np.testing.assert_allclose(found[:, 3:4, ::2], expected, atol=1e-5)


def test_stored_and_half_precision(maps):
    layer = GlobeConvolution(4, doubles=True, dtype="mixed_float16")
    assert layer(maps).dtype == tf.float16
    assert GlobeConvolution.from_config(layer.get_config()).get_config() == layer.get_config()
