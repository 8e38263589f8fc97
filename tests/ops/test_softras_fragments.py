"""SoftRas' fragments: against the oracle, against finite differences, mixed to an image."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from tests.reference import softras_clip
from tests.support.gradient_checker import assert_close, check_gradients
from tests.support.softras_scenes import (
    IMAGE_SIZE,
    NUM_FACES,
    SCENES,
    SOFT,
    background_for,
    colors_for,
    name_of,
    reference_settings,
    soup,
    variants,
)
from tf_mesh_renderer.ops import softras_color, softras_fragments

CHOICES = [
    *variants(distance=("euclidean", "barycentric", "hard"), cull=("none", "back")),
    *variants(perspective_correct=(False,), depth_from=("w", "z")),
]


@pytest.mark.parametrize("settings", CHOICES, ids=name_of)
@pytest.mark.parametrize("num_fragments", [1, 2, 9])
@pytest.mark.parametrize("scene", SCENES)
def test_meets_the_oracle(scene, num_fragments, settings):
    vertices, faces = SCENES[scene]()
    ours = softras_fragments(
        vertices, faces, image_size=IMAGE_SIZE, num_fragments=num_fragments, settings=settings
    )
    face_id, barycentrics, depth, coverage, count = softras_clip.softras_fragments(
        vertices, faces, IMAGE_SIZE, num_fragments, reference_settings(settings)
    )
    np.testing.assert_array_equal(ours.face_id, face_id)
    np.testing.assert_array_equal(ours.count, count)
    assert_close(ours.barycentrics, barycentrics, rtol=1e-10, atol=0.0)
    assert_close(ours.depth, depth, rtol=1e-12, atol=0.0)
    assert_close(ours.coverage, coverage, rtol=1e-10, atol=0.0)
    assert np.any(count > 0)


@pytest.mark.parametrize("settings", CHOICES, ids=name_of)
@pytest.mark.parametrize("scene", ["soup", "shared"])
def test_gradients_are_the_derivatives(scene, settings):
    settings = dataclasses.replace(settings, near=0.25, far=8.0)
    vertices, faces = SCENES[scene]()
    options = {"image_size": IMAGE_SIZE, "num_fragments": 2, "settings": settings}
    seen = softras_fragments(vertices, faces, **options).face_id

    def loss(vertices):
        fragments = softras_fragments(vertices, faces, **options)
        np.testing.assert_array_equal(fragments.face_id, seen)
        rng = np.random.default_rng(1)
        fields = (fragments.barycentrics, fragments.depth, fragments.coverage)
        return sum(tf.reduce_sum(field * rng.normal(size=field.shape)) for field in fields)

    check_gradients(loss, [vertices], rtol=1e-5)


def _mixed(fragments, faces, colors, background, settings):
    """The softmax of softras_color, written with plain ops."""
    nearness = (settings.far - fragments.depth) / (settings.far - settings.near)
    there = tf.cast(fragments.face_id >= 0, fragments.depth.dtype)
    weight = there * fragments.coverage * tf.exp(nearness / settings.gamma)
    behind = np.exp(2.0 * settings.eps / settings.gamma)
    corners = tf.gather(colors, tf.gather(faces, tf.maximum(fragments.face_id, 0)), batch_dims=1)
    color = tf.einsum("bhwk,bhwki,bhwkic->bhwc", weight, fragments.barycentrics, corners)
    total = tf.reduce_sum(weight, axis=-1, keepdims=True) + behind
    return (color + behind * background[:, None, None]) / total


def test_fragments_mix_to_what_the_fused_op_draws():
    """Forward and backward: two ways to the same image, the same gradients."""
    # Exact in float32, in which the op keeps them.
    settings = dataclasses.replace(SOFT, gamma=2**-3, eps=2**-4)
    vertices, faces = soup()
    inputs = [tf.constant(vertices), tf.constant(colors_for(vertices, faces))]
    background = background_for(vertices)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(inputs)
        fragments = softras_fragments(
            inputs[0], faces, image_size=IMAGE_SIZE, num_fragments=NUM_FACES, settings=settings
        )
        mixed = _mixed(fragments, faces, inputs[1], background, settings)
        fused = softras_color(
            inputs[0], faces, inputs[1], background, image_size=IMAGE_SIZE, settings=settings
        )[..., :3]
        losses = [tf.reduce_sum(image**2) for image in (mixed, fused)]
    assert_close(mixed, fused, rtol=1e-10)
    for ours, theirs in zip(*(tape.gradient(loss, inputs) for loss in losses), strict=True):
        assert_close(ours, theirs, rtol=1e-9)


def test_fewer_fragments_are_the_first_of_more():
    vertices, faces = soup(np.float32)
    options = {"image_size": (20, 30), "settings": SOFT}
    few = softras_fragments(vertices, faces, num_fragments=2, **options)
    many = softras_fragments(vertices, faces, num_fragments=5, **options)
    for name in ("face_id", "barycentrics", "depth", "coverage"):
        np.testing.assert_array_equal(getattr(few, name), getattr(many, name)[:, :, :, :2])
    np.testing.assert_array_equal(few.count, many.count)
    assert np.max(few.count) > 2


@pytest.mark.parametrize("num_fragments", [0, -1, 1025])
def test_number_of_fragments_is_limited(num_fragments):
    vertices, faces = soup()
    says = "SoftrasFragments: argument `num_fragments`: expected an integer from 1 to 1024"
    with pytest.raises(tf.errors.InvalidArgumentError, match=says):
        softras_fragments(vertices, faces, image_size=(4, 4), num_fragments=num_fragments)
