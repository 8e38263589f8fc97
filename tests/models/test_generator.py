"""The generator: what it makes of noise, and how it is stored."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer.geometry import icosphere
from tf_mesh_renderer.models import GeneratorSize, MeshGenerator
from tf_mesh_renderer.models.generator import default_template

SIZE = GeneratorSize(noise_units=6, shape_units=(8, 10), texture_filters=(7, 5))


@pytest.fixture(params=["float32", "mixed_float16"])
def generator(request):
    keras.utils.set_random_seed(1)
    return MeshGenerator(icosphere(1, radius=0.25), size=SIZE, dtype=request.param)


def noise(count):
    return tf.random.stateless_normal([count, SIZE.noise_units], [0, count])


def test_outputs(generator):
    made = generator(noise(3))
    shapes = {name: tuple(value.shape) for name, value in made.items()}
    assert shapes == {
        "vertices": (3, 42, 3),
        "displacements": (3, 42, 3),
        "textures": (3, SIZE.texture_size, SIZE.texture_size, 3),
    }
    assert {value.dtype for value in made.values()} == {tf.float32}
    assert SIZE.texture_size == 8
    moved = made["vertices"] - generator.template
    np.testing.assert_allclose(moved, made["displacements"], atol=1e-6)
    assert np.min(made["textures"]) > 0
    assert np.max(made["textures"]) < 1
    assert np.ptp(made["textures"], axis=0).max() > 0


def test_begins_near_the_template_and_depends_on_the_noise(generator):
    displacements = generator.shapes(noise(4))["displacements"].numpy()
    assert 0 < np.abs(displacements).max() < 0.05
    assert np.ptp(displacements, axis=0).max() > 0


def test_shape_and_texture_share_no_variable(generator):
    with tf.GradientTape(persistent=True) as tape:
        made = generator(noise(2))
        shape, texture = (tf.reduce_sum(made[name]) for name in ("vertices", "textures"))
    of_shape = generator.shape_decoder.trainable_variables
    of_texture = generator.texture_decoder.trainable_variables
    assert len(of_shape) + len(of_texture) == len(generator.trainable_variables)
    assert None not in tape.gradient(shape, of_shape) + tape.gradient(texture, of_texture)
    assert set(tape.gradient(shape, of_texture) + tape.gradient(texture, of_shape)) == {None}


def test_stored_and_restored(generator, tmp_path):
    config = generator.get_config()
    assert json.loads(json.dumps(config)) == config
    expected = generator(noise(2))
    generator.save(tmp_path / "generator.keras")
    restored = keras.saving.load_model(tmp_path / "generator.keras")
    for name, value in restored(noise(2)).items():
        np.testing.assert_array_equal(value, expected[name])


def test_default_template_is_a_small_sphere():
    radius = np.linalg.norm(default_template().vertices, axis=-1)
    np.testing.assert_allclose(radius, 0.3, rtol=1e-5)
    assert GeneratorSize.from_config("full").texture_size == 128


@pytest.mark.parametrize(
    ("change", "message"),
    [({"noise_units": 0}, "noise_units"), ({"texture_filters": ()}, "at least one width")],
)
def test_sizes_are_checked(change, message):
    with pytest.raises(ValueError, match=message):
        GeneratorSize(**change)
    with pytest.raises(ValueError, match="full"):
        GeneratorSize.from_config("huge")
