"""The network: shapes, any size, files, XLA, precision, gradients, and light in world space."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.spatial.transform import Rotation

from tf_mesh_renderer.geometry import icosphere
from tf_mesh_renderer.models.texture_light import TextureLightNetwork, TextureLightSize

SIDE = 16
SIZE = TextureLightSize((4, 6, 8), convolutions=1, light_blocks=1, grid=2, shape_units=(12,))
NUMBERS = {"lambert": 3, "phong": 4, "sh": 9}


def images(batch=2, size=(SIDE, SIDE), seed=0):
    return np.random.default_rng(seed).random((batch, *size, 4)).astype(np.float32)


def make(**options):
    options = {"size": SIZE, "illumination": "phong", "predicts_vertices": True} | options
    network = TextureLightNetwork(icosphere(1), **options)
    network.build([None, SIDE, SIDE, 4])
    return network


@pytest.fixture
def mixed_float16():
    before = keras.mixed_precision.dtype_policy()
    keras.mixed_precision.set_dtype_policy("mixed_float16")
    yield
    keras.mixed_precision.set_dtype_policy(before)


@pytest.mark.parametrize("illumination", NUMBERS)
def test_shapes(illumination):
    outputs = make(illumination=illumination, texture_size=(10, 20))(images(3))
    assert {name: tuple(value.shape) for name, value in outputs.items()} == {
        "textures": (3, 10, 20, 3),
        "lights": (3, NUMBERS[illumination]),
        "vertices": (3, 42, 3),
        "displacements": (3, 42, 3),
    }
    assert set(make(predicts_vertices=False)(images())) == {"textures", "lights"}


@pytest.mark.parametrize("size", [(16, 16), (19, 23), (8, 30)])
def test_any_size_of_image_with_the_same_weights(size):
    network = make()
    outputs = network(images(size=size))
    assert outputs["textures"].shape == [2, *size, 3]
    unknown = tf.TensorSpec([None, None, None, 4])
    traced = tf.function(network.call, input_signature=[unknown], autograph=False)
    for name, value in traced(images(size=size)).items():
        np.testing.assert_allclose(value, outputs[name], rtol=1e-4, atol=1e-5)


def test_it_starts_grey_and_lit_from_the_viewer_with_a_sphere():
    outputs = make()(images())
    np.testing.assert_allclose(outputs["textures"], 0.5, atol=0.1)
    np.testing.assert_allclose(outputs["lights"][:, :3], [[0, 0, 1]] * 2, atol=0.15)
    extent = np.abs(outputs["vertices"]).max(axis=(1, 2))
    np.testing.assert_allclose(extent, 0.5, rtol=1e-5)


def test_float32_outputs_under_mixed_precision(mixed_float16):
    for value in make()(images()).values():
        assert value.dtype == tf.float32
        assert np.all(np.isfinite(value))


def test_configuration_and_files(tmp_path):
    network = make(texture_size=(8, 8), half_extent=0.4)
    config = network.get_config()
    assert json.loads(json.dumps(config, allow_nan=False)) == config
    network.save(tmp_path / "network.keras")
    restored = keras.saving.load_model(tmp_path / "network.keras")
    assert restored.get_config() == config
    for name, value in network(images()).items():
        np.testing.assert_allclose(restored(images())[name], value, atol=1e-6)


def test_xla():
    network = make()
    compiled = tf.function(network.call, jit_compile=True, autograph=False)(images())
    for name, value in network(images()).items():
        np.testing.assert_allclose(compiled[name], value, rtol=1e-3, atol=1e-4)


def test_every_variable_has_a_gradient():
    network = make()
    with tf.GradientTape() as tape:
        outputs = network(images(4), training=True)
        parts = [
            tf.reduce_sum(value * tf.random.stateless_normal(value.shape, [1, 2]))
            for value in outputs.values()
        ]
        loss = tf.add_n(parts)
    variables = network.trainable_variables
    for variable, gradient in zip(variables, tape.gradient(loss, variables), strict=True):
        assert gradient is not None, variable.path
        assert np.all(np.isfinite(gradient)), variable.path
        # A bias is removed by the normalization behind it.
        assert variable.path.endswith("bias") or np.any(gradient), variable.path


def test_lights_turn_with_the_camera_and_scale_does_not_matter():
    network = make(illumination="lambert")
    rotations = Rotation.random(3, random_state=0).as_matrix().astype(np.float32)
    views = np.tile(np.eye(4, dtype=np.float32), (3, 1, 1))
    views[:, :3, :3] = 2.5 * rotations
    seen = np.eye(3, dtype=np.float32)
    world = network.lights_in_world(tf.constant(seen), tf.constant(views))
    np.testing.assert_allclose(np.einsum("bij,bj->bi", rotations, world), seen, atol=1e-5)


@pytest.mark.parametrize("change", [{"filters": ()}, {"filters": (0, 2)}, {"grid": 0}])
def test_wrong_sizes_are_refused(change):
    with pytest.raises(ValueError, match="TextureLightSize"):
        TextureLightSize(**change)
    with pytest.raises(ValueError, match="size"):
        make(size="huge")
