"""Contracts that every Keras layer of the package keeps."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.conformance.layer_cases import BATCH, CASES, scene
from tf_mesh_renderer import layers

case_of_each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def call(layer, case, tensors):
    return layer(*(tensors[name] for name in case.inputs))


def flat(outputs):
    return tf.nest.flatten(outputs)


def symbolic_inputs(case, tensors):
    """Keras inputs with unknown batch for every tensor, in the structure of the arguments."""
    return [
        tf.nest.map_structure(lambda t: keras.Input(t.shape[1:], dtype=t.dtype.name), tensors[name])
        for name in case.inputs
    ]


def functional_model(layer, case, tensors):
    inputs = symbolic_inputs(case, tensors)
    return keras.Model(flat(inputs), flat(layer(*inputs)))


def test_every_layer_has_a_case():
    exported = {
        name
        for name in layers.__all__
        if isinstance(getattr(layers, name), type)
        and issubclass(getattr(layers, name), keras.layers.Layer)
    }
    assert exported - {"RenderingLayer"} == {case.name for case in CASES}
    assert len(CASES) == len({case.name for case in CASES})


@case_of_each
def test_cases_differ_from_the_defaults(case):
    """Otherwise an argument that `get_config` forgets would come back right by luck."""
    config = case.make().get_config()
    base = set(keras.layers.Layer().get_config())
    required = {"image_size": (6, 10)} if "image_size" in config else {}
    default = type(case.make())(**required).get_config()
    own = set(config) - base - set(required)
    assert not [key for key in own if config[key] == default[key]]


@case_of_each
def test_configuration_is_json_and_rebuilds_the_layer(case):
    layer = case.make(name="renamed", dtype="float64")
    config = layer.get_config()
    assert json.loads(json.dumps(config, allow_nan=False)) == config
    restored = type(layer).from_config(json.loads(json.dumps(config)))
    assert restored.get_config() == config
    tensors = scene(np.float64)
    for ours, expected in zip(
        flat(call(restored, case, tensors)), flat(call(layer, case, tensors)), strict=True
    ):
        assert ours.dtype in (tf.float64, tf.int32)
        np.testing.assert_array_equal(ours, expected)


@case_of_each
def test_xla_is_accepted(case):
    assert case.make().supports_jit is True


@case_of_each
@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "mixed_bfloat16"])
def test_float32_under_any_global_policy(case, policy):
    before = keras.mixed_precision.dtype_policy()
    keras.mixed_precision.set_dtype_policy(policy)
    try:
        layer = case.make()
    finally:
        keras.mixed_precision.set_dtype_policy(before)
    tensors = scene()
    half = {
        name: tf.nest.map_structure(
            lambda t: tf.cast(t, tf.float16) if t.dtype.is_floating else t, value
        )
        for name, value in tensors.items()
    }
    for output in flat(call(layer, case, half)):
        assert output.dtype in (tf.float32, tf.int32)
        assert np.all(np.isfinite(output))


@case_of_each
def test_half_precision_is_refused_where_it_is_asked_for(case):
    with pytest.raises(ValueError, match=r"argument `dtype`: expected .*float32.*Hint"):
        case.make(dtype="float16")


@case_of_each
def test_symbolic_shapes_and_dtypes_are_right(case):
    tensors, layer = scene(), case.make()
    outputs = flat(layer(*symbolic_inputs(case, tensors)))
    for symbolic, output in zip(outputs, flat(call(layer, case, tensors)), strict=True):
        assert symbolic.shape == (None, *output.shape[1:])
        assert symbolic.dtype == output.dtype.name


@case_of_each
def test_functional_model_survives_a_keras_file(case, tmp_path):
    tensors = scene()
    model = functional_model(case.make(), case, tensors)
    model.save(tmp_path / "model.keras")
    restored = keras.saving.load_model(tmp_path / "model.keras")
    arguments = flat([tensors[name] for name in case.inputs])
    expected = flat(call(case.make(), case, tensors))
    for outputs in (model(arguments), restored(arguments), restored.predict(arguments, verbose=0)):
        for ours, wanted in zip(flat(outputs), expected, strict=True):
            np.testing.assert_allclose(ours, wanted, rtol=1e-5, atol=1e-5)


@case_of_each
def test_gradients_reach_every_differentiable_input(case):
    tensors, layer = scene(), case.make()
    watched = [tensors[name] for name in case.differentiable]
    with tf.GradientTape() as tape:
        tape.watch(watched)
        outputs = [o for o in flat(call(layer, case, tensors)) if o.dtype.is_floating]
        weights = [tf.random.stateless_normal(o.shape, seed=[1, 2]) for o in outputs]
        loss = tf.add_n([tf.reduce_sum(o * w) for o, w in zip(outputs, weights, strict=True)])
    for gradient in tape.gradient(loss, watched):
        assert np.all(np.isfinite(gradient))
        assert np.any(np.abs(gradient) > 0)


@case_of_each
def test_traced_call_equals_the_eager_one(case):
    tensors, layer = scene(), case.make()
    arguments = [tensors[name] for name in case.inputs]
    signature = tf.nest.map_structure(
        lambda t: tf.TensorSpec([None, *t.shape[1:]], t.dtype), arguments
    )
    traced = tf.function(lambda *arguments: layer(*arguments), input_signature=signature)
    for ours, expected in zip(flat(traced(*arguments)), flat(layer(*arguments)), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-5)
    assert all(output.shape[0] == BATCH for output in flat(traced(*arguments)))


@pytest.mark.parametrize("size", [64, (64,), (4, 5, 6), "64", None])
@pytest.mark.parametrize("make", [layers.Rasterize, layers.MeshRenderer])
def test_image_size_is_a_pair(make, size):
    with pytest.raises(ValueError, match=r"argument `image_size`: expected \(height, width\)"):
        make(size)


@pytest.mark.parametrize(
    "make", [layers.Rasterize, layers.MeshRenderer, layers.SilhouetteRenderer, layers.DepthRenderer]
)
def test_misspelt_cull_mode_is_refused_at_once(make):
    with pytest.raises(
        ValueError, match="argument `cull`: expected one of 'back', 'front', 'none'"
    ):
        make((4, 4), cull="backface")
