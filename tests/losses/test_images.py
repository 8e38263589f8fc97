"""Losses on images: silhouettes and colours, equal to plain formulas, with exact derivatives."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import check_gradients
from tf_mesh_renderer import losses, metrics

RANDOM = np.random.default_rng(0)
MASKS = RANDOM.random([2, 3, 4, 5])  # target and prediction of 3 images
IMAGES = RANDOM.random([2, 3, 4, 5, 3])
ALPHA = RANDOM.random([3, 4, 5, 1])


def iou_by_loops(target, predicted):
    """N3MR's eq. 12 for one pair of silhouettes."""
    common = whole = 0.0
    for s, t in zip(predicted.ravel(), target.ravel(), strict=True):
        common += s * t
        whole += s + t - s * t
    return common / whole


def test_silhouettes():
    expected = [1 - iou_by_loops(*pair) for pair in zip(*MASKS, strict=True)]
    np.testing.assert_allclose(losses.silhouette_iou_loss(*MASKS, epsilon=0.0), expected)
    np.testing.assert_allclose(losses.silhouette_iou_loss(*MASKS), expected, atol=1e-6)
    np.testing.assert_allclose(
        losses.silhouette_iou_loss(MASKS[0][..., None], MASKS[1], epsilon=0.0), expected
    )
    np.testing.assert_allclose(1 - metrics.silhouette_iou(*MASKS), expected)


@pytest.mark.parametrize("dtype", [np.uint8, bool, np.float16])
def test_silhouettes_of_other_types(dtype):
    hard = (MASKS > 0.5).astype(dtype)
    expected = [1 - iou_by_loops(*pair) for pair in zip(*hard.astype(np.float64), strict=True)]
    loss = losses.silhouette_iou_loss(*hard)
    assert loss.dtype == tf.float32
    np.testing.assert_allclose(loss, expected, atol=1e-6)


def test_worked_silhouettes():
    left, all_of_it, nothing = (np.zeros([1, 2, 2]) for _ in range(3))
    left[..., 0], all_of_it[:] = 1, 1
    np.testing.assert_allclose(losses.silhouette_iou_loss(left, all_of_it), [0.5], atol=1e-6)
    np.testing.assert_allclose(losses.silhouette_iou_loss(left, left), [0], atol=1e-6)
    np.testing.assert_array_equal(losses.silhouette_iou_loss(left, nothing), [1])
    np.testing.assert_array_equal(losses.silhouette_iou_loss(nothing, nothing), [1])


def test_gradients_of_silhouettes():
    check_gradients(
        lambda t, p: tf.reduce_sum(losses.silhouette_iou_loss(t, p) * [1.0, -2.0, 3.0]), [*MASKS]
    )


def test_an_empty_target_gives_no_gradient():
    predicted = tf.constant(MASKS[1])
    with tf.GradientTape() as tape:
        tape.watch(predicted)
        loss = losses.silhouette_iou_loss(tf.zeros_like(predicted), predicted)
    np.testing.assert_array_equal(tape.gradient(loss, predicted), np.zeros_like(predicted))


@pytest.mark.parametrize(
    ("loss", "power"), [(losses.color_l1_loss, 1), (losses.color_l2_loss, 2)], ids=["l1", "l2"]
)
def test_colors(loss, power):
    target, predicted = IMAGES
    difference = np.abs(target - predicted) ** power
    np.testing.assert_allclose(loss(target, predicted), difference.sum(-1).mean((1, 2)))
    np.testing.assert_allclose(
        loss(target, predicted, mask=ALPHA), (difference * ALPHA).sum(-1).mean((1, 2))
    )
    np.testing.assert_array_equal(loss(target, target), [0, 0, 0])
    check_gradients(
        lambda *arguments: tf.reduce_sum(loss(*arguments[:2], mask=arguments[2]) * [1.0, 2.0, -1]),
        [target, predicted, ALPHA],
    )


def test_l1_is_three_times_mean_absolute_error():
    ours = losses.ColorL1Loss()(*IMAGES)
    np.testing.assert_allclose(ours, 3 * keras.losses.MeanAbsoluteError()(*IMAGES), rtol=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: losses.silhouette_iou_loss(MASKS[0], MASKS[1][:1]), "`predicted`: expected the"),
        (lambda: losses.silhouette_iou_loss(IMAGES[0], IMAGES[1]), "or .B, H, W, 1."),
        (lambda: losses.silhouette_iou_loss(MASKS[0, 0], MASKS[1, 0]), "expected rank 3 or 4"),
        (lambda: losses.color_l1_loss(IMAGES[0], IMAGES[1, ..., :1]), "`predicted`: expected the"),
        (lambda: losses.color_l2_loss(MASKS[0], MASKS[1]), "`predicted`: expected shape"),
        (lambda: losses.color_l1_loss(*IMAGES, mask=ALPHA[..., 0]), "`mask`: expected shape"),
        (lambda: losses.color_l1_loss(*IMAGES, mask=ALPHA[:1]), "`mask`: expected shape"),
    ],
)
def test_refusals(call, message):
    with pytest.raises(ValueError, match=message):
        call()
