"""Every op compiled by XLA: the values, gradients and errors that TensorFlow gives."""

import re

import numpy as np
import pytest
import tensorflow as tf

from tests.conformance.op_cases import CASES
from tf_mesh_renderer import ops

case_parameter = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
dtype_parameter = pytest.mark.parametrize("dtype", [np.float32, np.float64])
MESSAGE = re.compile(
    r"\w+: argument `\w+`: expected .+, received .+\. Hint: .+?\.(?= for |\n| \[|$)"
)


def compiled(function):
    return tf.function(function, jit_compile=True, autograph=False)


def as_bytes(outputs):
    return {name: value.numpy().tobytes() for name, value in outputs.items()}


def tensors(case, dtype):
    return {name: tf.constant(value) for name, value in case.arguments(dtype).items()}


@case_parameter
@dtype_parameter
def test_values_are_those_of_tensorflow_bit_for_bit(case, dtype):
    plain = as_bytes(case.run(dtype))
    assert as_bytes(compiled(lambda: case.run(dtype))()) == plain
    of_arguments = compiled(lambda **inputs: case.run(dtype, **inputs))
    assert as_bytes(of_arguments(**tensors(case, dtype))) == plain


@case_parameter
@pytest.mark.parametrize("sizes", [{"B": 0}, {"B": 1}, {"F": 0}, {"V": 0, "F": 0}], ids=str)
def test_empty_inputs(case, sizes):
    inputs = case.resized(**sizes)
    assert as_bytes(compiled(lambda: case.run(**inputs))()) == as_bytes(case.run(**inputs))


@dtype_parameter
@pytest.mark.parametrize("case", [c for c in CASES if c.differentiable], ids=lambda case: case.name)
def test_gradients_are_those_of_tensorflow_bit_for_bit(case, dtype):
    inputs = tensors(case, dtype)
    # Weights, not squares: XLA may round other arithmetic than ours in its own way.
    weights = {
        name: np.random.default_rng(0).normal(size=value.shape).astype(dtype)
        for name, value in case.run(dtype).items()
        if value.dtype.is_floating
    }

    def gradients():
        watched = {name: inputs[name] for name in case.differentiable}
        with tf.GradientTape() as tape:
            tape.watch(watched)
            outputs = case.run(dtype, **{**inputs, **watched})
        outputs = {name: outputs[name] for name in weights}
        return tape.gradient(outputs, watched, output_gradients=weights)

    plain = gradients()
    assert all(np.any(value.numpy() != 0) for value in plain.values())
    assert as_bytes(compiled(gradients)()) == as_bytes(plain)


def _error(call):
    with pytest.raises((tf.errors.InvalidArgumentError, ValueError)) as caught:
        call()
    (message,) = MESSAGE.findall(str(caught.value))
    return type(caught.value), message


def _wrong_values(case):
    """Inputs that only a look at their values can refuse."""
    bad = {"vertices_clip": np.nan, "uv": np.inf, "faces": 6, "face_id": 4}
    arguments = case.arguments()
    for name in set(bad) & set(case.inputs):
        value = arguments[name].copy()
        # Coordinates of pixels that are not covered may be anything.
        pixel = np.flatnonzero(arguments["covered"])[3] if name == "uv" else 0
        value.reshape(-1)[2 * pixel + 1] = bad[name]
        yield {name: value}


@case_parameter
def test_errors_of_values_have_the_same_text(case):
    for changed in _wrong_values(case):
        inputs = {**tensors(case, np.float64), **{n: tf.constant(v) for n, v in changed.items()}}
        plain = tf.function(lambda **tensors: case.run(**tensors))
        expected = _error(lambda plain=plain, inputs=inputs: plain(**inputs))
        jitted = compiled(lambda **tensors: case.run(**tensors))
        assert _error(lambda jitted=jitted, inputs=inputs: jitted(**inputs)) == expected


def _soup():
    vertices = np.random.default_rng(0).uniform(-1, 1, [1, 30, 4]).astype(np.float32)
    vertices[..., 3] = 1.0
    return vertices, np.arange(30, dtype=np.int32).reshape(10, 3)


CALLS = {
    "attribute": lambda v, f: ops.rasterize(v, f, image_size=(8, 8), near=2.0, far=1.0),
    "image size": lambda v, f: ops.rasterize(v, f, image_size=(8, 0)),
    "negative size": lambda v, f: ops.softras_silhouette(v, f, image_size=(-1, 8)),
    "shape": lambda v, f: ops.rasterize(v[..., :3], f, image_size=(8, 8)),
    "layers": lambda v, f: ops.rasterize_layers(v, f, image_size=(8, 8), num_layers=1),
    "fragments": lambda v, f: ops.softras_fragments(
        v,
        f,
        image_size=(8, 8),
        num_fragments=1,
        on_overflow="error",
        settings=ops.SoftrasSettings(sigma=0.1, near=0.5, far=2.0),
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_other_errors_have_the_same_text(name):
    vertices, faces = _soup()
    expected = _error(tf.function(lambda: CALLS[name](vertices, faces)))
    assert _error(compiled(lambda: CALLS[name](vertices, faces))) == expected


def test_infinite_attributes_arrive():
    vertices, faces = _soup()
    vertices *= np.geomspace(1.0, 1e30, 30, dtype=np.float32)[:, np.newaxis]
    options = {"image_size": (8, 8), "cull": "none", "near": -np.inf, "far": np.inf}
    plain = ops.rasterize(vertices, faces, **options)
    jitted = compiled(lambda: ops.rasterize(vertices, faces, **options))()
    assert np.any(plain.face_id.numpy() >= 0)
    assert as_bytes(jitted._asdict()) == as_bytes(plain._asdict())


def test_image_size_may_be_an_argument_or_computed():
    vertices, faces = _soup()
    draw = compiled(lambda size: ops.rasterize(vertices, faces, image_size=2 * size).depth)
    for size in ((4, 6), (3, 5)):
        expected = ops.rasterize(vertices, faces, image_size=(2 * size[0], 2 * size[1])).depth
        np.testing.assert_array_equal(draw(tf.constant(size)), expected)


def test_sizes_that_depend_on_values_are_refused_by_name():
    vertices, faces = _soup()

    @compiled
    def draw(keep):
        return ops.rasterize(vertices, tf.boolean_mask(faces, keep), image_size=(8, 8)).depth

    says = "Rasterize: argument `faces`: expected a static shape under XLA"
    with pytest.raises(tf.errors.UnimplementedError, match=says):
        draw(tf.constant([True, False] * 5))


def test_two_ops_of_one_program_run_side_by_side():
    vertices, faces = _soup()

    @compiled
    def draw(vertices):
        options = {"image_size": (64, 64), "sigma": 1e-2}
        return [ops.softras_silhouette(vertices + i / 16, faces, **options) for i in range(8)]

    vertices = tf.constant(vertices)
    first = [value.numpy().tobytes() for value in draw(vertices)]
    assert len(set(first)) == 8
    for _ in range(20):
        assert [value.numpy().tobytes() for value in draw(vertices)] == first
