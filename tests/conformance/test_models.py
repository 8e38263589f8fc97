"""Contracts that every Keras model of the package keeps."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.conformance.model_cases import CASES, SIDE, images
from tf_mesh_renderer.models import reconstruction

case_of_each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@pytest.fixture(params=["float32", "mixed_float16", "mixed_bfloat16"])
def policy(request):
    before = keras.mixed_precision.dtype_policy()
    keras.mixed_precision.set_dtype_policy(request.param)
    yield request.param
    keras.mixed_precision.set_dtype_policy(before)


def expected_shapes(case, batch):
    names = ["vertices", "displacements"] + ["colors"] * case.has_colors
    return dict.fromkeys(names, (batch, case.num_vertices, 3))


def assert_equal_outputs(ours, expected, **tolerance):
    assert ours.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_allclose(ours[name], value, **tolerance)


def test_every_model_has_a_case():
    exported = {
        name
        for name in reconstruction.__all__
        if isinstance(getattr(reconstruction, name), type)
        and issubclass(getattr(reconstruction, name), keras.Model)
    }
    assert exported - {"MeshReconstruction"} == {case.name for case in CASES}
    assert len(CASES) == len({case.name for case in CASES})


@case_of_each
def test_outputs_are_float32_under_any_global_policy(case, policy):
    outputs = case.make()(images(3))
    assert {name: tuple(value.shape) for name, value in outputs.items()} == expected_shapes(case, 3)
    for value in outputs.values():
        assert value.dtype == tf.float32
        assert np.all(np.isfinite(value))


@case_of_each
def test_configuration_is_json_and_rebuilds_the_model(case):
    model = case.make()
    config = model.get_config()
    assert json.loads(json.dumps(config, allow_nan=False)) == config
    restored = type(model).from_config(json.loads(json.dumps(config)))
    assert restored.get_config() == config
    if not restored.built:
        restored.build([None, SIDE, SIDE, 4])
    restored.set_weights(model.get_weights())
    assert_equal_outputs(restored(images(2)), model(images(2)))


@case_of_each
def test_a_keras_file_restores_the_model(case, tmp_path):
    model = case.make()
    model.save(tmp_path / "model.keras")
    restored = keras.saving.load_model(tmp_path / "model.keras")
    assert_equal_outputs(restored(images(2)), model(images(2)))


@case_of_each
def test_a_saved_model_takes_any_batch(case, tmp_path):
    model = case.make()
    signature = [keras.InputSpec(shape=(None, SIDE, SIDE, 4), dtype="float32")]
    model.export(str(tmp_path), input_signature=signature, verbose=False)
    exported = tf.saved_model.load(str(tmp_path))
    for batch in (1, 3):
        ours = exported.serve(images(batch))
        assert_equal_outputs(ours, model(images(batch)), rtol=1e-5, atol=1e-6)


@case_of_each
def test_traced_once_for_all_batches(case):
    model = case.make()
    signature = [tf.TensorSpec([None, SIDE, SIDE, 4])]
    traced = tf.function(model.call, input_signature=signature, autograph=False)
    for batch in (1, 3):
        outputs = traced(images(batch))
        shapes = {name: tuple(value.shape) for name, value in outputs.items()}
        assert shapes == expected_shapes(case, batch)
        assert_equal_outputs(outputs, model(images(batch)), rtol=1e-5, atol=1e-6)
    assert traced.experimental_get_tracing_count() == 1


@case_of_each
def test_symbolic_shapes_and_dtypes_are_right(case):
    symbolic = case.make()(keras.Input([SIDE, SIDE, 4]))
    shapes = {name: tuple(value.shape) for name, value in symbolic.items()}
    assert shapes == expected_shapes(case, None)
    assert {value.dtype for value in symbolic.values()} == {"float32"}


@case_of_each
def test_every_variable_has_a_gradient(case):
    model = case.make()
    with tf.GradientTape() as tape:
        outputs = model(images(4), training=True)
        loss = tf.add_n(
            [
                tf.reduce_sum(value * tf.random.stateless_normal(value.shape, [1, 2]))
                for value in outputs.values()
            ]
        )
    gradients = tape.gradient(loss, model.trainable_variables)
    for variable, gradient in zip(model.trainable_variables, gradients, strict=True):
        assert gradient is not None, variable.path
        assert np.all(np.isfinite(gradient)), variable.path
        assert _does_nothing(variable) or np.any(gradient), variable.path


def _does_nothing(variable):
    """A bias is removed by the normalization behind it."""
    return variable.path.endswith("bias")


@case_of_each
def test_xla_is_accepted(case):
    model = case.make()
    compiled = tf.function(model.call, jit_compile=True, autograph=False)
    assert_equal_outputs(compiled(images(2)), model(images(2)), rtol=1e-4, atol=1e-5)
