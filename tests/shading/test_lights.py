"""Lights: N3MR's formula, length of the direction, batches, gradients, errors."""

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import assert_close, check_gradients
from tf_mesh_renderer.shading import AmbientLight, DirectionalLight

RNG = np.random.default_rng(31)
NORMALS = RNG.normal(size=(2, 5, 3))
NORMALS /= np.linalg.norm(NORMALS, axis=-1, keepdims=True)


def test_ambient_light_is_the_same_everywhere():
    light = AmbientLight(color=(1.0, 0.5, 0.25), intensity=0.5).irradiance(tf.constant(NORMALS))
    assert_close(np.broadcast_to(light, (2, 5, 3)), np.tile([0.5, 0.25, 0.125], (2, 5, 1)))


def test_directional_light_follows_the_cosine_and_leaves_the_dark_side_dark():
    direction, color = np.array([0.0, 0.8, -0.6]), np.array([0.7, 1.0, 0.6])
    light = DirectionalLight(color=color, intensity=0.5, direction=direction)
    expected = 0.5 * color * np.maximum(NORMALS @ direction, 0)[..., None]
    assert np.any(expected == 0)
    assert_close(light.irradiance(tf.constant(NORMALS)), expected, rtol=1e-15)


def test_length_of_the_direction_counts_only_on_request():
    normals = tf.constant(NORMALS)
    unit = DirectionalLight(direction=(0.0, 0.8, -0.6)).irradiance(normals)
    longer = DirectionalLight(direction=(0.0, 1.6, -1.2)).irradiance(normals)
    assert_close(longer, unit, rtol=1e-6)
    as_n3mr = DirectionalLight(direction=(0.0, 1.6, -1.2), normalize_direction=False)
    assert_close(as_n3mr.irradiance(normals), 2 * unit, rtol=1e-6)


def test_every_batch_item_may_have_its_own_light():
    colors, intensities, directions = RNG.uniform(size=(2, 4)), np.array([0.5, 2.0]), NORMALS[:, 0]
    batch = DirectionalLight(colors, intensities, directions).irradiance(tf.constant(NORMALS))
    assert batch.shape == [2, 5, 4]
    for item in range(2):
        one = DirectionalLight(colors[item], intensities[item], directions[item])
        assert_close(batch[item], one.irradiance(tf.constant(NORMALS[[item]]))[0], rtol=1e-14)


def test_gradients_are_exact():
    weights = RNG.normal(size=(2, 5, 3))

    def total(normals, color, intensity, direction):
        sun = DirectionalLight(color, intensity, direction).irradiance(normals)
        return tf.reduce_sum(weights * (sun + AmbientLight(color, intensity).irradiance(normals)))

    inputs = [NORMALS, np.array([0.7, 1.0, 0.6]), np.array(0.8), np.array([0.3, 1.6, -1.2])]
    check_gradients(total, inputs)


def test_direction_zero_is_dark_and_finite():
    direction = tf.zeros([3], tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(direction)
        light = DirectionalLight(direction=direction).irradiance(tf.constant(NORMALS))
    np.testing.assert_array_equal(light, np.zeros([2, 5, 3]))
    assert np.all(np.isfinite(tape.gradient(light, direction)))


def test_errors_name_the_argument():
    with pytest.raises(ValueError, match="DirectionalLight: argument `direction`: expected shape"):
        DirectionalLight(direction=(0.0, 1.0)).irradiance(tf.constant(NORMALS))
    with pytest.raises(ValueError, match="argument `color`: expected shape"):
        AmbientLight(color=1.0).irradiance(tf.constant(NORMALS))
