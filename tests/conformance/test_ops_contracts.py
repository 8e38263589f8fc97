"""What every op does alike: shapes, dtypes, empty inputs, graph and eager mode, gradients."""

import numpy as np
import pytest
import tensorflow as tf

from tests.conformance.op_cases import CASES, first_items, shape_of

case_parameter = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
dtype_parameter = pytest.mark.parametrize("dtype", [np.float32, np.float64])
INTEGERS = ("face_id", "last_face", "layered_face_id", "count", "soft_face_id", "soft_count")
# What shows the background, and where its gradient goes: not empty where the scene is.
BACKGROUNDS = {("n3mr", "output"), ("softras_color_grad", "grad_background")}


def _as_bytes(outputs):
    return {name: value.numpy().tobytes() for name, value in outputs.items()}


def _static_shapes(case, signature):
    """Output shapes of a graph whose inputs have the shapes and dtypes of `signature`."""
    graph = tf.function(lambda **inputs: case.run(**inputs)).get_concrete_function(**signature)
    return {name: value.shape for name, value in graph.structured_outputs.items()}


def _signature(case, shape_for):
    return {
        name: tf.TensorSpec(shape_for(value.shape), value.dtype)
        for name, value in case.arguments().items()
    }


@case_parameter
@dtype_parameter
def test_outputs_have_the_shapes_and_the_dtype_of_the_inputs(case, dtype):
    for name, value in case.run(dtype).items():
        assert value.shape == shape_of(name), name
        assert value.dtype == (tf.int32 if name in INTEGERS else dtype), name


@case_parameter
def test_float_agrees_with_double(case):
    single, double = case.run(np.float32), case.run(np.float64)
    for name, value in double.items():
        scale = np.abs(value).max()
        np.testing.assert_allclose(single[name], value, rtol=0, atol=1e-5 * scale, err_msg=name)


@case_parameter
@dtype_parameter
def test_graph_equals_eager_bit_for_bit(case, dtype):
    eager = _as_bytes(case.run(dtype))
    assert _as_bytes(tf.function(lambda: case.run(dtype))()) == eager
    assert _as_bytes(case.run(dtype)) == eager


@case_parameter
def test_shape_function_knows_what_the_op_returns(case):
    arguments = {name: tf.constant(value) for name, value in case.arguments().items()}
    graph = tf.function(lambda: case.run(**arguments)).get_concrete_function()
    for name, value in graph.structured_outputs.items():
        assert value.shape.as_list() == list(shape_of(name)), name


@case_parameter
def test_shape_function_accepts_unknown_sizes(case):
    shapes = _static_shapes(case, _signature(case, lambda shape: [None] * len(shape)))
    for name, shape in shapes.items():
        assert shape.rank == len(shape_of(name)), name
        assert shape.is_compatible_with(shape_of(name)), name


@case_parameter
def test_shape_function_accepts_unknown_ranks(case):
    shapes = _static_shapes(case, _signature(case, lambda _: None))
    for name, shape in shapes.items():
        assert shape.is_compatible_with(shape_of(name)), name


@case_parameter
@pytest.mark.parametrize(
    "sizes", [{"B": 0}, {"B": 1}, {"F": 0}, {"V": 0}, {"V": 0, "F": 0}], ids=str
)
def test_empty_inputs_are_legal(case, sizes):
    full = case.run()
    inputs = case.resized(**sizes)
    nothing = {"face_id": -1, "layered_face_id": -1, "soft_face_id": -1, "aggregates": [1, 0]}
    if "faces" in inputs:
        nothing["last_face"] = inputs["faces"].shape[1]
    outputs = case.run(**inputs)
    has_mesh = not {"faces", "face_id"}.isdisjoint(inputs)
    for name, value in outputs.items():
        assert np.all(np.isfinite(value)), name
        if has_mesh and not {"F", "V"}.isdisjoint(sizes):
            if (case.name, name) not in BACKGROUNDS:
                assert np.all(value == nothing.get(name, 0)), name
        else:
            expected = first_items(name, full[name], sizes.get("B"))
            assert value.numpy().tobytes() == expected.numpy().tobytes(), name


@case_parameter
def test_op_has_no_state(case):
    graph = tf.function(lambda: case.run()).get_concrete_function().graph
    (op,) = (op for op in graph.get_operations() if op.type == f"MeshRenderer>{case.title}")
    assert not op.op_def.is_stateful


def _tape(case, **attributes):
    inputs = {name: tf.constant(value) for name, value in case.arguments().items()}
    floats = {name: value for name, value in inputs.items() if value.dtype.is_floating}
    with tf.GradientTape() as tape:
        tape.watch(floats)
        outputs = case.run(**inputs, **attributes)
        loss = sum(tf.reduce_sum(v**2) for v in outputs.values() if v.dtype.is_floating)
    return tape, loss, floats


@pytest.mark.parametrize("mode", ["eager", "graph"])
@pytest.mark.parametrize("case", [c for c in CASES if c.differentiable], ids=lambda case: case.name)
def test_gradients_reach_the_differentiable_inputs_and_no_others(case, mode):
    def gradients():
        tape, loss, floats = _tape(case)
        found = tape.gradient(loss, floats)
        return {name: value for name, value in found.items() if value is not None}

    found = gradients() if mode == "eager" else tf.function(gradients)()
    assert set(found) == set(case.differentiable)
    for name, value in found.items():
        assert value.shape == shape_of(name), name
        assert np.any(value.numpy() != 0), name


@pytest.mark.parametrize("mode", ["eager", "graph"])
@pytest.mark.parametrize("case", [c for c in CASES if not c.differentiable], ids=lambda c: c.name)
def test_second_derivatives_are_refused_by_name(case, mode):
    def gradients():
        tape, loss, floats = _tape(case)
        return tape.gradient(loss, floats)

    with pytest.raises(LookupError, match=f"MeshRenderer>{case.title}: second derivatives"):
        # AutoGraph replaces LookupError by an error of its own with the same message.
        (gradients if mode == "eager" else tf.function(gradients, autograph=False))()
