"""Layers in Keras models: composed, trained, under mixed precision, in data pipelines, with XLA."""

import dataclasses
import functools
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.layers.models import SIZE, eyes, silhouette_model, step_by_step_model
from tf_mesh_renderer import layers
from tf_mesh_renderer.geometry.primitives import icosphere
from tf_mesh_renderer.ops import _library
from tf_mesh_renderer.shading import AmbientLight, DirectionalLight, SphericalHarmonicsLight, lights


@pytest.fixture
def mixed_float16():
    before = keras.mixed_precision.dtype_policy()
    keras.mixed_precision.set_dtype_policy("mixed_float16")
    yield
    keras.mixed_precision.set_dtype_policy(before)


def mesh_arrays(batch):
    sphere, rng = icosphere(1), np.random.default_rng(0)
    vertices = np.tile(np.asarray(sphere.vertices), [batch, 1, 1])
    faces = np.tile(np.asarray(sphere.faces), [batch, 1, 1])
    textures = rng.random((batch, 80, 2, 2, 2, 3)).astype(np.float32)
    return [vertices, faces, eyes(batch), textures]


def training_data(count=16):
    """Silhouettes of a smaller sphere off the centre."""
    model = silhouette_model()
    model.get_layer("mesh").set_weights([np.float32(0.7), np.float32([0.2, -0.1, 0.15])])
    return eyes(count), model.predict(eyes(count), verbose=0)


def test_layer_by_layer_equals_the_whole(tmp_path):
    whole = layers.MeshRenderer(SIZE, lights=(AmbientLight(), DirectionalLight()), background=0.25)
    model = step_by_step_model()
    expected = whole(*mesh_arrays(3))
    np.testing.assert_allclose(model(mesh_arrays(3)), expected, atol=1e-5)
    model.save(tmp_path / "steps.keras")
    restored = keras.saving.load_model(tmp_path / "steps.keras")
    np.testing.assert_allclose(restored(mesh_arrays(3)), expected, atol=1e-5)
    # The batch is unknown to the model: any other one works too.
    assert restored(mesh_arrays(1)).shape == (1, *SIZE, 4)


def test_fit_finds_the_sphere():
    inputs, targets = training_data()
    model = silhouette_model()
    model.compile(keras.optimizers.Adam(0.03), "mse")
    history = model.fit(inputs, targets, batch_size=8, epochs=25, verbose=0).history["loss"]
    assert history[-1] < 0.25 * history[0]
    radius, center = model.get_layer("mesh").get_weights()
    assert abs(radius - 0.7) < 0.1
    np.testing.assert_allclose(center, [0.2, -0.1, 0.15], atol=0.08)


@pytest.mark.usefixtures("mixed_float16")
def test_mixed_precision_trains():
    eye = keras.Input([3])
    features = keras.layers.Dense(8)(eye)
    offsets = keras.layers.Reshape([42, 3])(keras.layers.Dense(42 * 3)(features))
    assert offsets.dtype == "float16"
    vertices = offsets + keras.ops.cast(icosphere(1).vertices, "float16")
    image = layers.SilhouetteRenderer(SIZE)(vertices, icosphere(1).faces, eye)
    assert image.dtype == "float32"
    model = keras.Model(eye, keras.layers.Dense(1)(keras.layers.Flatten()(image)))
    model.compile("adam", "mse")
    assert model.output.dtype == "float16"
    inputs = eyes(8)
    losses = model.fit(inputs, inputs[:, :1], epochs=4, verbose=0).history["loss"]
    assert np.all(np.isfinite(losses))


def test_constant_faces_are_saved_with_the_model(tmp_path):
    vertices, eye = keras.Input([42, 3]), keras.Input([3])
    image = layers.SilhouetteRenderer(SIZE)(vertices, icosphere(1).faces, eye)
    model = keras.Model([vertices, eye], image)
    model.save(tmp_path / "constant.keras")
    restored = keras.saving.load_model(tmp_path / "constant.keras")
    arrays = [mesh_arrays(2)[0], eyes(2)]
    np.testing.assert_array_equal(restored(arrays), model(arrays))


def test_xla_is_used_where_it_is_asked_for():
    model = silhouette_model()
    model.compile("sgd", "mse", jit_compile=True)
    assert model.jit_compile
    inputs, targets = training_data(4)
    assert np.isfinite(model.fit(inputs, targets, verbose=0).history["loss"][0])


@pytest.mark.parametrize(("gpus", "used"), [([], True), (["GPU:0"], False)])
def test_xla_is_left_off_where_it_lacks_a_device(monkeypatch, gpus, used):
    """Keras turns XLA on by itself where there is a GPU, which the library may not compile for."""
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: gpus)
    monkeypatch.setattr(_library, "xla", lambda: "cpu")
    assert layers.Downsample().supports_jit is used


def test_traced_once_for_all_batch_sizes():
    renderer = layers.MeshRenderer(SIZE)
    sphere = icosphere(1)

    @tf.function(
        input_signature=[tf.TensorSpec([None, 42, 3]), tf.TensorSpec([None, 3])],
        autograph=False,
    )
    def gradient(vertices, eye):
        with tf.GradientTape() as tape:
            tape.watch(vertices)
            image = renderer(vertices, sphere.faces, eye)
            loss = tf.reduce_sum(image[..., 3])
        return image, tape.gradient(loss, vertices)

    for batch in (1, 3):
        vertices, _, eye, _ = mesh_arrays(batch)
        image, to_vertices = gradient(vertices, eye)
        assert image.shape == (batch, *SIZE, 4)
        assert np.any(to_vertices.numpy())
    assert gradient.experimental_get_tracing_count() == 1


def test_inside_a_data_pipeline():
    renderer = layers.SilhouetteRenderer(SIZE)
    sphere = icosphere(1)

    def draw(eye):
        return renderer(sphere.vertices[tf.newaxis], sphere.faces, eye[tf.newaxis])[0]

    dataset = tf.data.Dataset.from_tensor_slices(eyes(4)).map(draw, num_parallel_calls=2).batch(4)
    images = next(iter(dataset))
    direct = tf.stack([draw(eye) for eye in tf.constant(eyes(4))])
    assert images.shape == (4, *SIZE)
    np.testing.assert_allclose(images, direct, atol=1e-6)


@pytest.mark.parametrize("gradient", ["softras", {"name": "softras", "sigma": 1e-4}])
def test_blend_refuses_models_that_choose_their_fragments(gradient):
    with pytest.raises(ValueError, match=r"Blend: argument `gradient`: .*Hint: .*MeshRenderer"):
        layers.Blend(gradient)


@dataclasses.dataclass(frozen=True)
class Glow:
    """A light of a user."""

    strength: float = 0.25

    def irradiance(self, normals, positions=None):
        """The same from all sides."""
        del positions
        return tf.fill(tf.shape(normals), self.strength)


@pytest.mark.parametrize(
    "layer", [layers.FlatLighting, functools.partial(layers.MeshRenderer, SIZE)]
)
def test_lights_are_restored_or_refused_by_name(layer):
    coefficients = np.arange(27.0).reshape(9, 3)
    given = (
        DirectionalLight(direction=tf.constant([0.0, 0.6, 0.8])),
        SphericalHarmonicsLight(coefficients),
        AmbientLight((0.25, 0.5, 1.0), 0.5),
    )
    config = json.loads(json.dumps(layer(lights=given).get_config()["lights"]))
    sun, sky, ambient = layer(lights=config).lights
    np.testing.assert_allclose(sun.direction, [0.0, 0.6, 0.8], rtol=1e-6)
    np.testing.assert_array_equal(sky.coefficients, coefficients)
    assert ambient == given[2]
    says = r"shading\.lights\.get: argument `identifier`: expected .*'ambient', 'directional'.*Hint"
    for unknown in ("sun", {"name": "sun"}, 3):
        with pytest.raises(ValueError, match=says):
            layer(lights=(unknown,))


def test_layers_hold_lights_of_users():
    renderer = layers.MeshRenderer(SIZE, lights=(Glow(),))
    image = renderer(*mesh_arrays(1)[:3])
    centre = image[0, SIZE[0] // 2, SIZE[1] // 2]
    np.testing.assert_allclose(centre, [0.25, 0.25, 0.25, 1.0], rtol=1e-6)
    with pytest.raises(ValueError, match=r"Hint: decorate its class with shading\.lights\.reg"):
        renderer.get_config()
    assert lights.get(Glow()) == Glow()


@pytest.mark.parametrize("background", [0.5, np.float32(0.5), np.array(0.5), tf.constant(0.5)])
def test_background_may_be_a_number_of_any_kind(background):
    layer = layers.Blend(background=background)
    assert layer.get_config()["background"] == 0.5
