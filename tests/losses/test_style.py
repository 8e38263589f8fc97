"""Losses of style transfer against NumPy, and in the cases that divide by zero."""

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer.losses import (
    feature_moments,
    gram_matrix,
    moment_loss,
    style_loss,
    total_variation_loss,
    vertex_displacement_loss,
)

RNG = np.random.default_rng(4)
FEATURES = RNG.uniform(size=(2, 4, 6, 3)).astype(np.float32)
MASK = RNG.uniform(size=(2, 8, 12)).astype(np.float32)


def gram_by_hand(features, weights):
    gram = np.einsum("bhw,bhwi,bhwj->bij", weights, features, features, dtype=np.float64)
    return gram / (features.shape[-1] * weights.sum(axis=(1, 2))[:, None, None])


def pooled(mask):
    return mask.reshape(2, 4, 2, 6, 2).mean(axis=(2, 4))


def test_gram_matrix():
    expected = gram_by_hand(FEATURES, np.ones(FEATURES.shape[:3]))
    np.testing.assert_allclose(gram_matrix(FEATURES), expected, rtol=1e-5)


@pytest.mark.parametrize("mask", [MASK, MASK[..., None]])
def test_gram_matrix_under_a_mask(mask):
    expected = gram_by_hand(FEATURES, pooled(MASK))
    np.testing.assert_allclose(gram_matrix(FEATURES, mask), expected, rtol=1e-5)


def test_a_mask_of_the_size_of_the_features_is_taken_as_it_is():
    expected = gram_by_hand(FEATURES, pooled(MASK))
    np.testing.assert_allclose(gram_matrix(FEATURES, pooled(MASK)), expected, rtol=1e-5)


def test_features_that_are_masked_out_do_not_count():
    mask = np.zeros((2, 8, 12), np.float32)
    mask[:, :4, :6] = 1.0
    other = np.where(pooled(mask)[..., None] > 0, FEATURES, 7.0).astype(np.float32)
    np.testing.assert_allclose(gram_matrix(FEATURES, mask), gram_matrix(other, mask), rtol=1e-6)


def test_a_mask_whose_size_is_no_multiple_averages_areas():
    mask = np.zeros((1, 5, 5), np.float32)
    mask[:, :, :2] = 1.0  # 2 of 5 columns: the first of 2 features has 2 / 2.5 of its area
    features = np.array([[[[1.0], [3.0]], [[1.0], [3.0]]]], np.float32)
    np.testing.assert_allclose(gram_matrix(features, mask), [[[1.0]]], rtol=1e-5)


def test_an_empty_mask_gives_zero_and_no_nan():
    features = tf.constant(FEATURES)
    with tf.GradientTape() as tape:
        tape.watch(features)
        gram = gram_matrix(features, np.zeros((2, 8, 12), np.float32))
    np.testing.assert_array_equal(gram, np.zeros((2, 3, 3)))
    assert np.isfinite(tape.gradient(gram, features)).all()


@pytest.mark.parametrize("relative", [False, True])
def test_style_loss(relative):
    references = [gram_by_hand(np.ones((1, 2, 2, 3)), np.ones((1, 2, 2)))]
    difference = gram_by_hand(FEATURES, pooled(MASK)) - references[0]
    expected = np.square(difference).sum(axis=(1, 2))
    if relative:
        expected /= np.square(references[0]).sum()
    loss = style_loss([FEATURES], references, MASK, relative=relative)
    np.testing.assert_allclose(loss, expected, rtol=1e-4)


def test_style_loss_adds_layers_and_is_zero_for_the_style_itself():
    maps = [FEATURES, FEATURES[:, ::2, ::2]]
    grams = [gram_matrix(one, MASK) for one in maps]
    np.testing.assert_allclose(style_loss(maps, grams, MASK), [0.0, 0.0], atol=1e-12)
    zeros = [np.zeros((3, 3), np.float32)] * 2
    separate = style_loss(maps[:1], zeros[:1]) + style_loss(maps[1:], zeros[1:])
    np.testing.assert_allclose(style_loss(maps, zeros), separate, rtol=1e-6)


def test_style_loss_has_the_right_gradient():
    reference = [np.eye(3)]

    def loss(features):
        return style_loss([features], reference, MASK.astype(np.float64), relative=True)

    features = tf.constant(FEATURES, tf.float64)
    theory, numeric = tf.test.compute_gradient(loss, [features], delta=1e-6)
    np.testing.assert_allclose(theory[0], numeric[0], atol=1e-7)


def test_a_black_image_has_a_relative_style_loss_of_one_per_layer():
    zeros = [np.zeros_like(FEATURES)] * 3
    grams = [gram_matrix(FEATURES[:1])] * 3
    np.testing.assert_allclose(style_loss(zeros, grams, relative=True), [3.0, 3.0], rtol=1e-6)


def test_feature_moments():
    weights = pooled(MASK)[..., None]
    mean, covariance = feature_moments(FEATURES, MASK)
    for item in range(2):
        pixels, counts = FEATURES[item].reshape(-1, 3), weights[item].reshape(-1)
        expected = np.average(pixels, axis=0, weights=counts)
        np.testing.assert_allclose(mean[item], expected, rtol=1e-5)
        expected = np.cov(pixels.T, aweights=counts, ddof=0)
        np.testing.assert_allclose(covariance[item], expected, rtol=1e-3, atol=1e-6)


def test_moments_add_up_to_the_gram_matrix():
    mean, covariance = feature_moments(FEATURES, MASK)
    together = (covariance + mean[:, :, None] * mean[:, None]) / 3
    np.testing.assert_allclose(together, gram_matrix(FEATURES, MASK), rtol=1e-4)


def test_moment_loss_is_zero_for_the_style_and_two_per_layer_for_black():
    moments = [feature_moments(FEATURES, MASK)] * 2
    np.testing.assert_allclose(moment_loss([FEATURES] * 2, moments, MASK), [0, 0], atol=1e-12)
    zeros = [np.zeros_like(FEATURES)] * 2
    np.testing.assert_allclose(moment_loss(zeros, moments), [4.0, 4.0], rtol=1e-5)


def test_moment_loss_has_the_right_gradient():
    moments, mask = [(np.full(3, 0.3), np.eye(3))], MASK[:1, :4, :6].astype(np.float64)

    def loss(features):
        return moment_loss([features], moments, mask)

    features = tf.constant(FEATURES[:1, :2, :3], tf.float64)
    theory, numeric = tf.test.compute_gradient(loss, [features], delta=1e-6)
    np.testing.assert_allclose(theory[0], numeric[0], atol=1e-7)


@pytest.mark.parametrize("mask_value", [None, 1.0])
def test_total_variation(mask_value):
    image = np.zeros((1, 3, 3, 2), np.float32)
    image[0, 1, 1] = (1.0, 2.0)
    mask = None if mask_value is None else np.full((1, 3, 3), mask_value, np.float32)
    # Seen from the pixel above, from the left one, and twice from the pixel itself.
    np.testing.assert_allclose(total_variation_loss(image, mask), [4 * (1 + 4)])


def test_total_variation_counts_only_pixels_that_are_wholly_covered():
    image = RNG.uniform(size=(1, 4, 4, 3)).astype(np.float32)
    mask = np.ones((1, 4, 4, 1), np.float32)
    mask[0, 0, 0] = 0.75
    corner = image[0, :2, :2]
    first = np.square(corner[1, 0] - corner[0, 0]) + np.square(corner[0, 1] - corner[0, 0])
    missing = total_variation_loss(image) - total_variation_loss(image, mask)
    np.testing.assert_allclose(missing, [first.sum()], rtol=1e-4)


def test_vertex_displacement():
    start = RNG.uniform(size=(5, 3)).astype(np.float32)
    moved = start + np.float32([1.0, 2.0, 0.0])
    assert float(vertex_displacement_loss(moved, start)) == pytest.approx(25.0, rel=1e-5)
    both = vertex_displacement_loss(np.stack([start, moved]), start)
    np.testing.assert_allclose(both, [0.0, 25.0], rtol=1e-5)


def test_half_precision_is_computed_in_single():
    half = FEATURES.astype(np.float16)
    assert gram_matrix(tf.constant(half)).dtype == tf.float32
    assert total_variation_loss(tf.constant(half)).dtype == tf.float32
    expected = gram_by_hand(half.astype(np.float64), pooled(MASK))
    np.testing.assert_allclose(gram_matrix(tf.constant(half), MASK), expected, rtol=1e-4)


def test_losses_compile_with_xla():
    @tf.function(jit_compile=True)
    def total(features, mask):
        grams = [tf.eye(3)]
        style = style_loss([features], grams, mask)
        return style + total_variation_loss(features, mask[:, ::2, ::2])

    features, mask = tf.constant(FEATURES), tf.constant(MASK)
    expected = style_loss([features], [tf.eye(3)], mask)
    expected += total_variation_loss(features, mask[:, ::2, ::2])
    np.testing.assert_allclose(total(features, mask), expected, rtol=1e-5)


def test_an_empty_batch_gives_no_values():
    empty = np.zeros((0, 4, 4, 3), np.float32)
    assert style_loss([empty], [np.eye(3)]).shape == (0,)
    assert total_variation_loss(empty).shape == (0,)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: gram_matrix(FEATURES[0]), "features"),
        (lambda: gram_matrix(FEATURES, MASK[0]), "mask"),
        (lambda: style_loss([FEATURES], []), "reference_grams"),
        (lambda: style_loss([], []), "reference_grams"),
        (lambda: style_loss([FEATURES], [np.eye(4)]), "reference_grams"),
        (lambda: moment_loss([FEATURES], []), "reference_moments"),
        (lambda: moment_loss([FEATURES], [(np.zeros(3), np.eye(4))]), "reference_moments"),
        (lambda: feature_moments(FEATURES[0]), "features"),
        (lambda: total_variation_loss(FEATURES[0]), "images"),
        (lambda: vertex_displacement_loss(np.zeros((4, 2)), np.zeros((4, 3))), "vertices"),
    ],
)
def test_wrong_shapes_are_named(call, argument):
    with pytest.raises(ValueError, match=f"argument `{argument}`.*Hint"):
        call()
