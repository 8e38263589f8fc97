"""Numbers of light and material: bounded, turned, and read back by lights of the library."""

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer.metrics import angle_degrees
from tf_mesh_renderer.shading import Illumination, Surface, illumination

NAMES = ("lambert", "phong", "sh")
QUARTER = np.array([[[0, 0, 1], [0, 1, 0], [-1, 0, 0]]], np.float32)  # about y: z goes to x
RNG = np.random.default_rng(0)


def features(model, batch=4):
    return tf.constant(RNG.normal(0, 2, (batch, model.num_numbers)), tf.float32)


@pytest.mark.parametrize("name", NAMES)
def test_no_features_are_a_light_from_the_viewer(name):
    model = illumination.get(name)
    assert isinstance(model, Illumination)
    numbers = model.from_features(tf.zeros([2, model.num_numbers]))
    np.testing.assert_allclose(model.direction(numbers), [[0, 0, 1]] * 2, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_turned_numbers_shine_as_much_on_turned_surfaces(name):
    model = illumination.get(name)
    numbers = model.from_features(features(model))
    rotation = tf.repeat(tf.constant(QUARTER), 4, axis=0)
    turned = model.rotated(numbers, rotation)
    normals = tf.constant(RNG.normal(size=(4, 6, 3)), tf.float32)
    normals = tf.math.l2_normalize(normals, axis=-1)
    to_eye = tf.math.l2_normalize(normals + 0.3, axis=-1)

    def shaded(numbers, turn):
        moved = [tf.einsum("bij,bnj->bni", turn, v) for v in (normals, normals, to_eye)]
        surface, albedo = Surface(*moved), tf.fill([4, 6, 3], 0.5)
        return model.material(numbers).shade_surface(albedo, surface, model.lights(numbers))

    still = tf.eye(3, batch_shape=[4])
    np.testing.assert_allclose(shaded(turned, rotation), shaded(numbers, still), atol=1e-5)


def test_shininess_stays_between_its_bounds():
    model = illumination.PhongIllumination(min_shininess=3.0, max_shininess=5.0)
    shininess = model.from_features(tf.constant([[0, 0, 0, 50.0], [0, 0, 0, -50.0]]))[:, 3]
    np.testing.assert_allclose(shininess, [5.0, 3.0], rtol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_names_and_configurations(name):
    model = illumination.get(name)
    assert illumination.get(illumination.serialize(model)) == model


def test_angles():
    found = angle_degrees(
        [[1.0, 0, 0], [0, 2.0, 0], [0, 0, 1.0]], [[0, 3.0, 0], [0, 1, 0], [0, 0, -1]]
    )
    np.testing.assert_allclose(found, [90.0, 0.0, 180.0], atol=1e-4)
    assert angle_degrees([[0.0, 0, 0]], [[0.0, 0, 1]]).numpy() == [0.0]
    near = angle_degrees(np.array([[1.0, 1e-6, 0]]), np.array([[1.0, 0, 0]]))
    np.testing.assert_allclose(near, np.degrees(1e-6), rtol=1e-6)  # an arc cosine would say 0
