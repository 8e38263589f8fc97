"""The list of ops is complete, and every op is documented."""

import inspect
import re

import pytest

from tests.conformance.op_cases import CASES, PREFIX
from tf_mesh_renderer.ops._library import library

case_parameter = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def _registered():
    names = (name for name in dir(library()) if name.startswith(PREFIX))
    return {name for name in names if not name.endswith("_eager_fallback")}


def test_every_op_is_in_the_list():
    assert _registered() == {PREFIX + case.name for case in CASES}


@case_parameter
def test_inputs_are_listed_in_order(case):
    parameters = list(inspect.signature(case.function).parameters)
    assert tuple(parameters[: len(case.inputs)]) == case.inputs


# The sentences that TensorFlow writes about every argument.
GENERATED = re.compile(r"(A `Tensor`|An optional|Must|Defaults to) ?([^`.]|`[^`]*`)*\.")


@case_parameter
def test_every_input_and_attribute_is_documented(case):
    documentation = inspect.getdoc(case.function)
    assert documentation.splitlines()[0].endswith(".")
    for name in set(inspect.signature(case.function).parameters) - {"name"}:
        (entry,) = re.findall(rf"^  {name}: (.*(?:\n    .*)*)", documentation, re.MULTILINE)
        assert len(GENERATED.sub("", entry).strip()) > len("As given."), name
