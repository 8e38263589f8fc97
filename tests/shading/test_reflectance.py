"""Reflectance: numbers by hand, dark sides, exponents, finite slopes."""

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import assert_close
from tf_mesh_renderer.shading import blinn_phong_specular, lambert_diffuse, phong_specular

UP = tf.constant([0.0, 0.0, 1.0], tf.float64)
SLANTED = tf.constant([0.6, 0.0, 0.8], tf.float64)
HIGHLIGHTS = [phong_specular, blinn_phong_specular]


def test_lambert_by_hand():
    # (0, 0, 1) . (0.6, 0, 0.8)
    np.testing.assert_array_equal(lambert_diffuse(UP, SLANTED), [0.8])
    np.testing.assert_array_equal(lambert_diffuse(UP, -SLANTED), [0.0])


def test_phong_by_hand():
    # R = 2 * 0.8 * (0, 0, 1) - (0.6, 0, 0.8) = (-0.6, 0, 0.8), so R . V = 0.8.
    shine = phong_specular(UP, SLANTED, to_eye=UP, shininess=tf.constant([1.0, 2.0], tf.float64))
    assert_close(shine, np.array([0.8, 0.64]), rtol=1e-15)


def test_blinn_phong_by_hand():
    # L + V = (0.6, 0, 1.8) has length sqrt(3.6), so (N . H)^2 = 1.8^2 / 3.6 = 0.9.
    shine = blinn_phong_specular(
        UP, SLANTED, to_eye=UP, shininess=tf.constant([2.0, 4.0], tf.float64)
    )
    assert_close(shine, np.array([0.9, 0.81]), rtol=1e-15)


@pytest.mark.parametrize("highlight", HIGHLIGHTS)
def test_highlights_are_1_in_the_mirrored_direction_and_keep_within_0_and_1(highlight):
    mirrored = tf.constant([-0.6, 0.0, 0.8], tf.float64)
    assert_close(highlight(UP, SLANTED, to_eye=mirrored, shininess=77.0), np.ones(1), rtol=1e-13)
    rng = np.random.default_rng(1)
    directions = rng.normal(size=(3, 1000, 3))
    directions /= np.linalg.norm(directions, axis=-1, keepdims=True)
    normals, to_light, to_eye = tf.constant(directions)
    shine = highlight(normals, to_light, to_eye=to_eye, shininess=tf.constant(3.0, tf.float64))
    assert np.all((shine >= 0) & (shine <= 1))


@pytest.mark.parametrize("highlight", HIGHLIGHTS)
def test_light_behind_the_surface_makes_no_highlight(highlight):
    # The viewer looks right into a light that the object hides.
    shine = highlight(SLANTED, -SLANTED, to_eye=SLANTED, shininess=1.0)
    np.testing.assert_array_equal(shine, [0.0])
    grazing = tf.constant([1.0, 0.0, 0.0], tf.float64)
    np.testing.assert_array_equal(highlight(UP, grazing, to_eye=-grazing, shininess=1.0), [0.0])


@pytest.mark.parametrize("highlight", HIGHLIGHTS)
@pytest.mark.parametrize("shininess", [0.25, 1.0, 1.5, 300.0])
@pytest.mark.parametrize("dtype", [tf.float32, tf.float64])
def test_first_and_second_slopes_are_finite_everywhere(highlight, shininess, dtype):
    axes = np.concatenate([np.eye(3), -np.eye(3), np.zeros([1, 3])])
    triples = np.stack(np.meshgrid(*[np.arange(7)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    normals, to_light, to_eye = (tf.constant(axes[column], dtype) for column in triples.T)
    exponent = tf.fill([len(triples), 1], tf.constant(shininess, dtype))
    inputs = [normals, to_light, to_eye, exponent]
    with tf.GradientTape(persistent=True) as outer:
        outer.watch(inputs)
        with tf.GradientTape() as inner:
            inner.watch(inputs)
            shine = highlight(normals, to_light, to_eye=to_eye, shininess=exponent)
        first = inner.gradient(shine, inputs)
        total = tf.add_n([tf.reduce_sum(slope) for slope in first])
    for slope in first + outer.gradient(total, inputs):
        assert np.all(np.isfinite(slope))
