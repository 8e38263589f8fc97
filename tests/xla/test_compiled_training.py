"""Keras models whose training step XLA compiles, layers included: they learn what others learn."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.conformance.layer_cases import CASES, scene
from tests.layers.models import SIZE, MovableSphere, eyes, silhouette_model
from tf_mesh_renderer import gradients, layers
from tf_mesh_renderer.shading.lights import AmbientLight, DirectionalLight

SOFT = gradients.SoftRas(sigma=1e-3, gamma=1e-2, max_fragments=40)
GRADIENTS = {"n3mr": gradients.N3mr(), "dibr": gradients.DibR(), "softras": SOFT}
# XLA rounds what it fuses in its own way; the ops themselves give the same bits.
TOLERANCE = {"rtol": 2e-4, "atol": 2e-5}


@keras.saving.register_keras_serializable(package="tests")
class PaintedSphere(MovableSphere):
    """A sphere whose texels are trained too."""

    def build(self, input_shape):
        """Makes texels beside the four parameters."""
        super().build(input_shape)
        initializer = keras.initializers.RandomUniform(0.2, 0.9, seed=1)
        shape = (80, 2, 2, 2, 3)
        self.texels = self.add_weight(name="texels", shape=shape, initializer=initializer)

    def call(self, eye):
        """Returns vertices, faces and texels, with a batch axis."""
        ones = keras.ops.ones_like(eye[:, :1, None, None, None, None])
        return *super().call(eye), ones * self.texels


def painted_model(gradient, **options):
    """From camera positions to shaded pictures of a sphere."""
    eye = keras.Input([3])
    vertices, faces, texels = PaintedSphere(name="mesh")(eye)
    lights = (AmbientLight(intensity=0.3), DirectionalLight(direction=(0.3, 1.0, 0.5)))
    camera = layers.CameraSettings(near=1.0, far=6.0)
    draw = layers.MeshRenderer(
        SIZE, lights=lights, shading="phong", gradient=gradient, camera=camera, **options
    )
    return keras.Model(eye, draw(vertices, faces, eye, texels))


def train(model, *, jit_compile):
    """Loss and weights of one step."""
    model.get_layer("mesh").radius.assign(0.93)
    model.get_layer("mesh").center.assign([0.11, -0.07, 0.05])
    rng = np.random.default_rng(0)
    targets = rng.uniform(size=(8, *model.output_shape[1:])).astype(np.float32)
    model.compile(keras.optimizers.SGD(0.05), "mse", jit_compile=jit_compile)
    assert model.jit_compile is jit_compile
    history = model.fit(eyes(8), targets, batch_size=8, epochs=1, shuffle=False, verbose=0)
    return history.history["loss"], model.get_weights()


def assert_alike(make_model):
    losses, weights = train(make_model(), jit_compile=False)
    jit_losses, jit_weights = train(make_model(), jit_compile=True)
    np.testing.assert_allclose(jit_losses, losses, rtol=1e-5)
    start = make_model().get_weights()
    for ours, expected, before in zip(jit_weights, weights, start, strict=True):
        assert np.any(expected != before)
        np.testing.assert_allclose(ours, expected, **TOLERANCE)


@pytest.mark.parametrize("name", GRADIENTS)
def test_training_steps_of_every_gradient_model(name):
    assert_alike(lambda: painted_model(GRADIENTS[name]))


@pytest.fixture
def double_precision():
    before = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx(before[0])
    keras.config.set_dtype_policy(before[1])


@pytest.mark.slow
@pytest.mark.usefixtures("double_precision")
def test_training_step_in_double_precision():
    assert_alike(lambda: painted_model(GRADIENTS["n3mr"], dtype="float64"))


def test_training_step_of_silhouettes():
    assert_alike(silhouette_model)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("dtype", [np.float32, pytest.param(np.float64, marks=pytest.mark.slow)])
def test_layers_compile(case, dtype):
    layer, given = case.make(dtype=np.dtype(dtype).name), scene(dtype)

    def weights(shape):
        return np.random.default_rng(0).normal(size=shape).astype(dtype)

    watched = [given[name] for name in case.differentiable]

    def values_and_gradients():
        with tf.GradientTape() as tape:
            tape.watch(watched)
            outputs = tf.nest.flatten(layer(*(given[name] for name in case.inputs)))
            floats = [output for output in outputs if output.dtype.is_floating]
            loss = tf.add_n([tf.reduce_sum(output * weights(output.shape)) for output in floats])
        return floats, tape.gradient(loss, watched)

    compiled = tf.function(values_and_gradients, jit_compile=True)()
    digits = 1e-4 if dtype == np.float32 else 1e-10
    for ours, expected in zip(
        tf.nest.flatten(compiled), tf.nest.flatten(values_and_gradients()), strict=True
    ):
        np.testing.assert_allclose(ours, expected, rtol=0, atol=digits * np.abs(expected).max())
