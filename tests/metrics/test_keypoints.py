"""Percentage of correct keypoints, against loops."""

import numpy as np
import pytest

from tf_mesh_renderer import metrics

RANDOM = np.random.default_rng(0)
TARGET = np.concatenate(
    [RANDOM.uniform(-1, 1, [6, 7, 2]), RANDOM.integers(0, 2, [6, 7, 1])], axis=-1
)
PREDICTED = TARGET[..., :2] + RANDOM.normal(0, 0.2, [6, 7, 2])


def _correct(image, keypoint, reach):
    x, y, visible = TARGET[image, keypoint]
    return visible > 0 and np.hypot(*(PREDICTED[image, keypoint] - [x, y])) <= reach


@pytest.mark.parametrize("side", [2.0, 1.5])
def test_share_of_the_visible_keypoints_within_a_distance(side):
    correct = np.array([[_correct(i, k, 0.1 * side) for k in range(7)] for i in range(6)])
    assert correct.any()
    assert not correct.all()
    within = metrics.keypoints_within(TARGET, PREDICTED, object_side=side)
    np.testing.assert_array_equal(within, correct)
    expected = [c.sum() / v.sum() for c, v in zip(correct, TARGET[..., 2], strict=True)]
    np.testing.assert_allclose(metrics.keypoint_pck(TARGET, PREDICTED, object_side=side), expected)


def test_every_image_may_have_a_side_of_its_own():
    sides = np.linspace(0.5, 3.0, 6)
    ours = metrics.keypoint_pck(TARGET, PREDICTED, object_side=sides)
    alone = [
        metrics.keypoint_pck(TARGET[i : i + 1], PREDICTED[i : i + 1], object_side=sides[i])[0]
        for i in range(6)
    ]
    np.testing.assert_array_equal(ours, alone)


def test_what_is_not_visible_counts_for_nothing():
    hidden = TARGET * [1.0, 1.0, 0.0]
    np.testing.assert_array_equal(metrics.keypoint_pck(hidden, PREDICTED), np.ones(6))
    assert not np.any(metrics.keypoints_within(hidden, hidden))


def test_the_metric_leaves_images_without_visible_keypoints_out():
    some = TARGET.copy()
    some[::2, :, 2] = 0
    metric = metrics.KeypointPck(object_side=1.0)
    metric.update_state(some, PREDICTED)
    expected = np.mean(metrics.keypoint_pck(TARGET[1::2], PREDICTED[1::2], object_side=1.0))
    np.testing.assert_allclose(metric.result(), expected)
    metric.update_state(some, PREDICTED, sample_weight=np.arange(6) == 1)
    again = metrics.keypoint_pck(TARGET[1:2], PREDICTED[1:2], object_side=1.0)[0]
    both = (3 * expected + again) / 4
    np.testing.assert_allclose(metric.result(), both, rtol=1e-6)


def test_the_third_number_of_a_prediction_is_not_read():
    junk = np.concatenate([PREDICTED, RANDOM.normal(size=[6, 7, 1])], axis=-1)
    np.testing.assert_array_equal(
        metrics.keypoint_pck(TARGET, junk), metrics.keypoint_pck(TARGET, PREDICTED)
    )


def test_refusals():
    with pytest.raises(ValueError, match="keypoint_pck: argument `target`: expected shape"):
        metrics.keypoint_pck(PREDICTED, PREDICTED)
    with pytest.raises(ValueError, match="`predicted`: expected 7 keypoints"):
        metrics.keypoint_pck(TARGET, PREDICTED[:, :4])
