"""Every illegal input of every op is refused by an error that names the op and the argument."""

import re

import numpy as np
import pytest
import tensorflow as tf

from tests.conformance.op_cases import CASES

# Inputs whose last axis has one size only, beside barycentrics.
FIXED_LAST = ("vertices_clip", "faces", "image_size", "uv", "uv_derivatives")
# Inputs that need not have the batch of the others.
NO_BATCH = ("image_size", "textures", "texture")
FORM = r"{op}: argument `{argument}`: expected .+, received .+\. Hint: .+\."


def pairs(select, *, at_least=1):
    """Parameters (case, input name) for the inputs that `select` accepts, `at_least` per case."""
    selected = [(case, [name for name in case.inputs if select(name)]) for case in CASES]
    chosen = [(case, name) for case, names in selected if len(names) >= at_least for name in names]
    return pytest.mark.parametrize(("case", "name"), chosen, ids=lambda x: getattr(x, "name", x))


def assert_refused(case, argument, changed, *, says=""):
    """Eager mode, a graph with static shapes and one with unknown shapes give the same error."""
    form = FORM.format(op=case.title, argument=argument)
    inputs = {**case.arguments(), **changed}
    unknown = {name: tf.TensorSpec(None, value.dtype) for name, value in inputs.items()}
    static = tf.function(lambda: case.run(**inputs))
    dynamic = tf.function(lambda **tensors: case.run(**tensors), input_signature=None)
    dynamic = dynamic.get_concrete_function(**unknown)
    calls = {
        "eager": lambda: case.run(**inputs),
        "static": static,
        "dynamic": lambda: dynamic(**{k: tf.constant(v) for k, v in inputs.items()}),
    }
    for mode, call in calls.items():
        with pytest.raises((tf.errors.InvalidArgumentError, ValueError)) as caught:
            call()
        message = str(caught.value)
        assert re.search(form, message), (mode, message)
        assert says in message, (mode, message)


def _is_image(name):
    images = (
        *("image", "face_id", "barycentrics", "mask", "last_face"),
        *("uv", "uv_derivatives", "covered", "alpha", "aggregates"),
    )
    return name in images or name.startswith("grad_")


def _at_fault(changed, holders):
    """The input that the error names: the first holder of a size binds it for the others."""
    return changed if changed != holders[0] else holders[1]


@pairs(lambda name: True)
def test_missing_axis(case, name):
    value = case.arguments()[name]
    assert_refused(case, name, {name: value.reshape(-1)[0]})


@pairs(lambda name: True)
def test_one_axis_too_many(case, name):
    value = case.arguments()[name]
    assert_refused(case, name, {name: value[None]}, says=f"received shape [1, {value.shape[0]}")


@pairs(lambda name: name in FIXED_LAST or "barycentrics" in name)
def test_last_axis_of_fixed_size(case, name):
    value = case.arguments()[name]
    assert_refused(case, name, {name: np.concatenate([value, value[..., :1]], axis=-1)})


@pairs(lambda name: name not in NO_BATCH)
def test_batch_sizes_must_agree(case, name):
    value = case.arguments()[name]
    changed = {name: np.concatenate([value, value[:1]])}
    at_fault = _at_fault(name, [n for n in case.inputs if n not in NO_BATCH])
    assert_refused(case, at_fault, changed, says="all arguments share the size B")


@pairs(lambda name: _is_image(name), at_least=2)
def test_image_sides_must_agree(case, name):
    value = case.arguments()[name]
    at_fault = _at_fault(name, [n for n in case.inputs if _is_image(n)])
    assert_refused(case, at_fault, {name: value[:, :-1]}, says="all arguments share the size H")


@pairs(lambda name: name == "vertices_clip")
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e101])
def test_vertices_that_are_not_finite(case, name, bad):
    value = case.arguments()[name].copy()
    value[1, 4, 3] = bad
    assert_refused(case, name, {name: value}, says="at [1, 4, 3]")


@pairs(lambda name: name == "faces")
@pytest.mark.parametrize("bad", [6, -2, -1, 2**31 - 1, -(2**31)])
def test_faces_out_of_range(case, name, bad):
    value = case.arguments()[name].copy()
    value[1, 3, 2] = bad
    says = f"indices in [0, 6) or rows of -1, received {bad} at [1, 3, 2]"
    assert_refused(case, name, {name: value}, says=says)
    assert_refused(case, name, {name: value[1]}, says=f"received {bad} at [3, 2]")


@pairs(lambda name: name == "face_id")
@pytest.mark.parametrize("bad", [4, -2, 2**31 - 1, -(2**31)])
def test_face_ids_out_of_range(case, name, bad):
    value = case.arguments()[name].copy()
    value[1, 2, 6] = bad
    assert_refused(
        case, name, {name: value}, says=f"face ids in [-1, 4), received {bad} at [1, 2, 6"
    )


@pytest.mark.parametrize(
    "case", [c for c in CASES if {"faces", "face_id"} <= {*c.inputs}], ids=lambda case: case.name
)
def test_face_ids_of_padding(case):
    arguments = case.arguments()
    faces, face_id = arguments["faces"].copy(), arguments["face_id"].copy()
    faces[1, 3] = -1
    face_id[face_id == 3] = 2
    face_id[1, 2, 6] = 3
    changed = {"faces": faces, "face_id": face_id}
    if case.padding_may_be_seen:
        case.run(**changed)
        return
    assert_refused(case, "face_id", changed, says="not padding, received 3 at [1, 2, 6]")


@pytest.mark.parametrize("case", [c for c in CASES if "face_id" in c.inputs], ids=lambda c: c.name)
def test_empty_images(case):
    changed = {n: value[:, :0] for n, value in case.arguments().items() if _is_image(n)}
    assert_refused(case, next(iter(changed)), changed, says="1 <= H <= 32768")
