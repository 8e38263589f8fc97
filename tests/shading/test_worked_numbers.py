"""The numbers that docstrings and docs/shading.md work out, computed."""

import pathlib
import types

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer import ops, shading

DOCUMENT = pathlib.Path(__file__).parents[2] / "docs" / "shading.md"
CORNERS = np.array([[[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]])
LIGHTS = (
    shading.AmbientLight(intensity=0.25),
    shading.DirectionalLight(intensity=1.0, direction=(0.6, 0.0, 0.8)),
)
# A face with the normal (0, 0, 1), seen from there from far away, in one pixel.
SCENE = shading.Scene(
    tf.constant(CORNERS),
    tf.constant([[0, 1, 2]]),
    ops.Fragments(tf.zeros([1, 1, 1], tf.int32), tf.fill([1, 1, 1, 3], np.float64(1 / 3)), None),
    tf.constant(np.concatenate([CORNERS, np.ones((1, 3, 1))], axis=-1)),
    types.SimpleNamespace(viewpoint=[0.0, 0.0, 1.0, 0.0], mirrors=False),
    LIGHTS,
)
NUMBERS = {
    shading.Unlit(): "0.5",
    shading.FlatLambert(): "0.525",
    shading.Lambert(diffuse=0.8): "0.42",
    shading.Phong(shininess=2.0): "0.781",
    shading.BlinnPhong(shininess=2.0): "0.885",
}


@pytest.mark.parametrize("model", NUMBERS, ids=lambda model: type(model).__name__)
def test_models_show_the_numbers_that_are_worked_out(model):
    number = NUMBERS[model]
    colors = model.shade(tf.fill([1, 1, 1, 3], np.float64(0.5)), SCENE)
    np.testing.assert_allclose(colors, np.full((1, 1, 1, 3), float(number)), rtol=1e-6)
    assert f" {number}" in type(model).__doc__
    assert f"` {number}" in DOCUMENT.read_text(encoding="utf-8")
