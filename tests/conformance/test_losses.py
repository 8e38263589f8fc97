"""What every loss and every metric does alike."""

import inspect
import json
import pathlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.conformance.loss_cases import BATCH, LOSSES, METRICS, OTHERS, arrays
from tf_mesh_renderer import losses, metrics

ROOT = pathlib.Path(__file__).resolve().parents[2]
CASES = LOSSES + METRICS
WITH_KERAS_FORM = tuple(case for case in CASES if case.keras_form)


def identity(case):
    return case.name


each_case = pytest.mark.parametrize("case", CASES, ids=identity)
each_differentiable = pytest.mark.parametrize(
    "case", [case for case in CASES if case.differentiable], ids=identity
)
each_keras_form = pytest.mark.parametrize("case", WITH_KERAS_FORM, ids=identity)


def inputs(case, dtype=np.float32):
    return [arrays()[name].astype(dtype) for name in case.inputs]


def values_and_gradients(case, tensors):
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        values = case(*tensors)
        total = tf.reduce_sum(values)
    return values, tape.gradient(total, tensors)


def test_every_loss_and_every_metric_has_a_case():
    exported = {*losses.__all__, *metrics.__all__} - OTHERS
    forms = {type(case.keras_form()).__name__ for case in WITH_KERAS_FORM}
    assert exported == {case.name for case in CASES} | forms
    assert len(WITH_KERAS_FORM) == len(forms)


@each_case
def test_one_value_per_item_each_from_its_own_item(case):
    values = case(*inputs(case))
    assert values.shape == [BATCH]
    assert values.dtype == tf.float32
    for item in range(BATCH):
        alone = case(*(value[item : item + 1] for value in inputs(case)))
        np.testing.assert_allclose(alone[0], values[item], rtol=1e-5)


@each_case
def test_double_precision_stays_and_agrees(case):
    values = case(*inputs(case, np.float64))
    # Counts and TensorFlow's own metrics have one dtype.
    assert values.dtype == (
        tf.float32 if case.name in ("voxel_iou", "psnr", "ssim") else tf.float64
    )
    np.testing.assert_allclose(case(*inputs(case)), values, rtol=1e-4)


@each_case
@pytest.mark.parametrize("dtype", [tf.float16, tf.bfloat16], ids=lambda dtype: dtype.name)
def test_half_precision_is_computed_in_single(case, dtype):
    half = [tf.cast(value, dtype) for value in inputs(case)]
    values = case(*half)
    assert values.dtype == tf.float32
    np.testing.assert_array_equal(values, case(*(tf.cast(value, tf.float32) for value in half)))


@each_case
def test_no_items_no_values(case):
    tensors = [tf.constant(value[:0]) for value in inputs(case)]
    assert case(*tensors).shape == [0]
    if case.differentiable:
        for gradient, tensor in zip(values_and_gradients(case, tensors)[1], tensors, strict=True):
            assert gradient.shape == tensor.shape


@each_case
@pytest.mark.parametrize("compiled", [False, True], ids=["graph", "xla"])
def test_traced_call_equals_the_eager_one(case, compiled):
    tensors = [tf.constant(value) for value in inputs(case)]
    unknown_batch = [tf.TensorSpec([None, *tensor.shape[1:]], tensor.dtype) for tensor in tensors]
    traced = tf.function(
        lambda *values: case(*values), input_signature=unknown_batch, jit_compile=compiled
    )
    np.testing.assert_allclose(traced(*tensors), case(*tensors), rtol=1e-5, atol=1e-6)
    assert traced.get_concrete_function().structured_outputs.shape.as_list() == [None]


@each_differentiable
def test_compiled_gradients_equal_the_eager_ones(case):
    tensors = [tf.constant(value) for value in inputs(case)]
    compiled = tf.function(lambda *values: values_and_gradients(case, values)[1], jit_compile=True)
    for ours, eager in zip(compiled(*tensors), values_and_gradients(case, tensors)[1], strict=True):
        np.testing.assert_allclose(ours, eager, rtol=1e-4, atol=1e-5)
        assert np.any(eager)


@each_case
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_bad_item_spoils_no_other_and_nan_is_seen(case, bad):
    spoilt = inputs(case)
    expected = case(*spoilt).numpy()
    spoilt[-1][1].reshape(-1)[0] = bad
    values = case(*spoilt).numpy()
    np.testing.assert_allclose(values[[0, 2]], expected[[0, 2]], rtol=1e-6)
    if np.isnan(bad):
        assert np.isfinite(values[1]) == case.outlives_nan


# --- Keras forms ----------------------------------------------------------------------------------


@each_keras_form
def test_keras_form_is_the_mean_of_the_function(case):
    values = case(*inputs(case), **case.keras_arguments)
    np.testing.assert_allclose(case.keras_form()(*inputs(case)), np.mean(values), rtol=1e-5)
    weights = np.array([1.0, 0.0, 2.0], np.float32)
    total = np.sum(values * weights)
    # Keras divides losses by the number of items, and metrics by the sum of the weights.
    divisor = BATCH if case in LOSSES else weights.sum()
    weighted = case.keras_form()(*inputs(case), sample_weight=weights)
    np.testing.assert_allclose(weighted, total / divisor, rtol=1e-5)


@each_keras_form
def test_configuration_is_json_and_has_every_argument(case):
    form = case.keras_form(name="renamed")
    config = form.get_config()
    assert json.loads(json.dumps(config, allow_nan=False)) == config
    own = {name: config[name] for name in case.keras_arguments}
    assert own == case.keras_arguments
    restored = type(form).from_config(json.loads(json.dumps(config)))
    assert restored.get_config() == config
    np.testing.assert_array_equal(restored(*inputs(case)), case.keras_form()(*inputs(case)))
    default = type(form)().get_config()
    assert not [name for name in own if default[name] == own[name]]
    names = set(inspect.signature(type(form)).parameters)
    assert names - {"dtype"} <= set(config)


@each_keras_form
def test_registered_for_saving(case):
    serialized = keras.saving.serialize_keras_object(case.keras_form())
    assert serialized["registered_name"].startswith("tf_mesh_renderer>")
    restored = keras.saving.deserialize_keras_object(serialized)
    np.testing.assert_array_equal(restored(*inputs(case)), case.keras_form()(*inputs(case)))


def test_a_compiled_model_trains_with_them_and_survives_a_file(tmp_path):
    target, start = (arrays()[name].astype(np.float32)[..., np.newaxis] for name in ("mask",) * 2)
    inputs_layer = keras.Input(start.shape[1:])
    outputs = keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid")(inputs_layer)
    model = keras.Model(inputs_layer, outputs)
    model.compile(
        optimizer=keras.optimizers.Adam(0.05),
        loss=losses.SilhouetteIoULoss(epsilon=1e-3),
        metrics=[metrics.SilhouetteIoU()],
        jit_compile=True,
    )
    history = model.fit(start, target, epochs=8, batch_size=2, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]
    assert history["silhouette_iou"][-1] > history["silhouette_iou"][0]
    model.save(tmp_path / "model.keras")
    restored = keras.saving.load_model(tmp_path / "model.keras")
    assert restored.loss.epsilon == 1e-3
    np.testing.assert_allclose(
        restored.evaluate(start, target, verbose=0), model.evaluate(start, target, verbose=0)
    )


@pytest.mark.parametrize("name", sorted({*losses.__all__, *metrics.__all__} - {"MeanOverItems"}))
def test_the_page_of_definitions_has_every_one(name):
    """`losses.` or `metrics.` and the name in a table."""
    page = (ROOT / "docs" / "losses_and_metrics.md").read_text(encoding="utf-8")
    part = "losses" if name in losses.__all__ else "metrics"
    assert [line for line in page.splitlines() if line[0:1] == "|" and f"mr.{part}.{name}`" in line]
