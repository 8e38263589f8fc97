"""SoftRas' colours: against the oracle, against finite differences, by hand."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from tests.reference import softras_clip
from tests.support.gradient_checker import assert_close
from tests.support.softras_scenes import (
    IMAGE_SIZE,
    SCENES,
    SOFT,
    background_for,
    colors_for,
    name_of,
    reference_settings,
    soup,
    variants,
)
from tf_mesh_renderer.ops import softras_color

DTYPES = [np.float32, np.float64]
DISTANCES = ("euclidean", "barycentric", "hard")
ALPHAS = ("product", "sum", "hard")
CHOICES = [
    *variants(distance=DISTANCES, aggregate_rgb=("softmax", "hard")),
    *variants(aggregate_alpha=("sum", "hard"), cull=("back", "front")),
    *variants(perspective_correct=(False,), depth_from=("w", "z")),
    *variants(depth_from=("z",), aggregate_rgb=("softmax", "hard"), distance=("barycentric",)),
]
settings_parameter = pytest.mark.parametrize("settings", CHOICES, ids=name_of)


def _inputs(make, *, side=0, items=2, num_channels=3, dtype=np.float64):
    vertices, faces = make(dtype)
    colors = colors_for(vertices, faces, num_channels, side=side, items=items)
    return vertices, faces, colors, background_for(vertices, num_channels)


def _image_and_gradients(inputs, settings, upstream=None, image_size=IMAGE_SIZE):
    """The image, and the gradients to vertices, colours and background."""
    vertices, faces, colors, background = inputs
    tensors = [tf.constant(array) for array in (vertices, colors, background)]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        image = softras_color(
            tensors[0], faces, *tensors[1:], image_size=image_size, settings=settings
        )
    if upstream is None:
        upstream = np.random.default_rng(0).normal(size=image.shape).astype(vertices.dtype)
    return image, tape.gradient(image, tensors, upstream), upstream


def _check_oracle(inputs, settings, *, color_source="vertex", rtol=1e-10):
    image, gradients, upstream = _image_and_gradients(inputs, settings)
    oracle = reference_settings(settings, color_source)
    expected, _ = softras_clip.softras_color(inputs, IMAGE_SIZE, oracle)
    assert_close(image, expected, rtol=rtol, atol=0.0, name="image")
    assert np.ptp(expected) > 0.5
    of_oracle = softras_clip.softras_color_gradient(
        inputs, upstream, oracle, original=settings.original_gradient
    )
    for ours, theirs, name in zip(
        gradients, of_oracle, ("vertices", "colors", "background"), strict=True
    ):
        assert_close(ours, theirs, rtol=rtol, atol=0.0, name=name)


@settings_parameter
@pytest.mark.parametrize("scene", SCENES)
def test_meets_the_oracle(scene, settings):
    _check_oracle(_inputs(SCENES[scene]), settings)


@pytest.mark.parametrize(
    "settings",
    variants(
        original_gradient=(True,),
        distance=DISTANCES,
        aggregate_rgb=("softmax", "hard"),
        aggregate_alpha=ALPHAS,
        perspective_correct=(False,),
    ),
    ids=name_of,
)
def test_original_gradient_meets_its_oracle(settings):
    _check_oracle(_inputs(soup), settings)


@pytest.mark.parametrize("original_gradient", [False, True])
@pytest.mark.parametrize("aggregate_rgb", ["softmax", "hard"])
@pytest.mark.parametrize("items", [1, 2])
@pytest.mark.parametrize("side", [1, 2, 3, 8])
def test_surface_colours_meet_the_oracle(side, items, aggregate_rgb, original_gradient):
    settings = dataclasses.replace(
        SOFT, aggregate_rgb=aggregate_rgb, original_gradient=original_gradient
    )
    _check_oracle(_inputs(soup, side=side, items=items), settings, color_source="surface")


@pytest.mark.parametrize("num_channels", [0, 1, 2, 3, 4, 5, 9])
@pytest.mark.parametrize("side", [0, 2])
def test_any_number_of_channels(num_channels, side):
    if num_channels == 0:
        pass
    _check_oracle(
        _inputs(soup, num_channels=num_channels, side=side),
        SOFT,
        color_source="surface" if side else "vertex",
    )
