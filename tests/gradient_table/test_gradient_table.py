"""Every cell of the table of gradients is checked, and the document is what the table says."""

import dataclasses
import warnings

import numpy as np
import pytest
import tensorflow as tf

from tests.gradient_table.descent import check_descent
from tests.gradient_table.inputs import inputs_of
from tests.gradient_table.measure import BY_CLASS, MODELS, draw, measure
from tests.gradient_table.scenes import SCENES
from tests.gradient_table.table import COLUMNS, MEANINGS, OPTIONS, ROWS, Claim, inputs_in
from tests.support.gradient_checker import assert_close
from tf_mesh_renderer import gradients
from tools import make_gradient_table

# Alpha is the last channel of `render`, and all of `render_silhouette`.
OUTPUTS = {"alpha": ("alpha", "silhouette")}


def what_to_measure(cell, scene):
    """The scene to take, and the inputs to move in it, so that many cells share a measurement."""
    if cell.model is not None:
        return scene, inputs_in(scene) or cell.inputs
    # Without a model scenes differ by the camera alone.
    camera = SCENES[scene].camera
    same = next(name for name, other in SCENES.items() if other.camera is camera)
    return same, tuple(inputs_of("object"))


def measured(cell, *, shape="object"):
    """Yields what was measured for a cell, with a name for messages."""
    for given in cell.scenes:
        scene, names = what_to_measure(cell, given)
        found = measure(scene, shape, cell.model, names)
        for name in cell.inputs:
            for output in OUTPUTS.get(cell.output, (cell.output,)):
                yield f"{output} by {name} in {scene}", found[output, name]


def is_zero(gradient):
    return gradient is None or not np.any(gradient)


def check_exact(cell, **where):
    for name, found in measured(cell, **where):
        assert not is_zero(found.gradient), name
        assert_close(found.gradient, found.differences, name=name)


def check_sweep(cell):
    check_descents(cell)
    for name, found in measured(cell, shape="wall"):
        assert is_zero(found.gradient), name


def check_sweep_and_exact(cell):
    check_descents(cell)
    check_exact(cell, shape="wall")


def check_descents(cell):
    assert isinstance(cell.model, gradients.N3mr)
    for name in cell.inputs:
        for output in OUTPUTS.get(cell.output, (cell.output,)):
            check_descent(cell.scenes[0], name, output)


def check_in_part(cell):
    for name, found in measured(cell):
        error = np.max(np.abs(found.gradient - found.differences))
        assert error > 0.01 * np.max(np.abs(found.differences)), name
    check_exact(dataclasses.replace(cell, scenes=("cubes of one colour",)))


def check_zero(cell):
    for name, found in measured(cell):
        assert is_zero(found.gradient), name
        assert found.depends, name


def check_none(cell):
    for name, found in measured(cell):
        assert is_zero(found.gradient), name
        assert not np.any(found.differences), name
        assert not found.depends, name


CHECKS = {
    Claim.EXACT: check_exact,
    Claim.SWEEP: check_sweep,
    Claim.SWEEP_AND_EXACT: check_sweep_and_exact,
    Claim.IN_PART: check_in_part,
    Claim.ZERO: check_zero,
    Claim.NONE: check_none,
}


@dataclasses.dataclass(frozen=True)
class Cell:
    """What a claim is about."""

    inputs: tuple[str, ...]
    scenes: tuple[str, ...]
    output: str
    model: gradients.GradientModel | None


def cells_of_rows():
    for row in ROWS:
        for (output, model), claim in zip(COLUMNS, row.claims(), strict=True):
            name = "-".join(filter(None, [output, model, *row.inputs, row.scenes[0]]))
            cell = Cell(row.inputs, row.scenes, output, MODELS.get(model))
            yield pytest.param(cell, claim, id=name)


def model_of(option):
    return dataclasses.replace(BY_CLASS[option.model], **dict(option.arguments))


def cells_of_options():
    for option in OPTIONS:
        model = model_of(option)
        for output, claim in (("color", option.color), ("alpha", option.alpha)):
            cell = Cell(("vertices",), option.scenes, output, model)
            yield pytest.param(cell, claim, id=f"{output}-{option.call}")


@pytest.mark.filterwarnings("ignore:.* moves? (no )?vertices")
@pytest.mark.parametrize(("cell", "claim"), [*cells_of_rows(), *cells_of_options()])
def test_cell(cell, claim):
    CHECKS[claim](cell)


ALL_MODELS = {**MODELS, **{option.call: model_of(option) for option in OPTIONS}}
ALL_HARD = {"distance": "hard", "aggregate_rgb": "hard", "aggregate_alpha": "hard"}
ALL_MODELS["SoftRas, all hard"] = dataclasses.replace(MODELS["SoftRas"], **ALL_HARD)


@pytest.mark.parametrize("model", ALL_MODELS.values(), ids=ALL_MODELS)
@pytest.mark.parametrize("scene", ["plain", "white", "cubes", "cubes in place", "texels", "flat"])
def test_a_warning_says_where_colours_or_alpha_cannot_move_vertices(scene, model):
    values = {name: tf.constant(value[np.newaxis]) for name, value in inputs_of("object").items()}
    vertices = values["vertices"]
    with warnings.catch_warnings(record=True) as caught, tf.GradientTape(persistent=True) as tape:
        warnings.simplefilter("always")
        tape.watch(vertices)
        images = draw(values, scene=scene, shape="object", model=model)
        images = {name: image**2 for name, image in images.items()}
    said = " ".join(str(warning.message) for warning in caught)
    for output, words in (("color", "no gradient there"), ("alpha", "piecewise constant")):
        gradient = tape.gradient(images[output], vertices)
        moves = gradient is not None and np.max(np.abs(gradient)) > 1e-9  # less is rounding
        assert moves != (words in said), output


def test_the_table_has_every_model_input_and_scene():
    names = {gradients.serialize(model)["name"] for model in MODELS.values()}
    assert names == {"n3mr", "dibr", "softras"}
    assert {name for row in ROWS for name in row.inputs} == {*inputs_of("object")}
    assert {scene for row in ROWS for scene in row.scenes} == {*SCENES} - {"cubes of one colour"}
    assert {*MEANINGS} == {*CHECKS} == {*Claim}


def test_the_document_is_what_the_generator_writes():
    assert make_gradient_table.DOCUMENT.read_text(encoding="utf-8") == make_gradient_table.text()
