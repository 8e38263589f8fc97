"""Metrics of images and voxels, and their means over batches."""

import numpy as np
import pytest

from tf_mesh_renderer import geometry, metrics

RANDOM = np.random.default_rng(0)
MASKS = RANDOM.random([2, 3, 4, 5])
IMAGES = RANDOM.random([2, 3, 12, 16, 3])
GRIDS = RANDOM.random([2, 3, 4, 5, 6]) < 0.4


def test_silhouette_iou():
    target, predicted = MASKS
    common = target * predicted
    expected = common.sum((1, 2)) / (target + predicted - common).sum((1, 2))
    np.testing.assert_allclose(metrics.silhouette_iou(target, predicted), expected)


def test_two_empty_silhouettes_are_equal():
    empty = np.zeros([2, 4, 5])
    np.testing.assert_array_equal(metrics.silhouette_iou(empty, empty), [1, 1])
    np.testing.assert_array_equal(metrics.silhouette_iou(empty, empty + 1), [0, 0])


def test_voxel_iou():
    target, predicted = GRIDS
    expected = [np.sum(t & p) / np.sum(t | p) for t, p in zip(target, predicted, strict=True)]
    np.testing.assert_allclose(metrics.voxel_iou(target, predicted), expected, rtol=1e-6)
    np.testing.assert_allclose(metrics.voxel_iou(target[0], predicted[0]), expected[0], rtol=1e-6)
    np.testing.assert_array_equal(metrics.voxel_iou(target & False, target & False), [1, 1, 1])


def test_voxels_of_a_network_have_a_threshold():
    target = np.array([[[[1, 0, 1, 1]]]], np.uint8)
    probabilities = np.array([[[[0.9, 0.6, 0.3, np.nan]]]], np.float32)
    np.testing.assert_allclose(metrics.voxel_iou(target, probabilities), [1 / 4])
    np.testing.assert_allclose(metrics.voxel_iou(target, probabilities, threshold=0.7), [1 / 3])
    np.testing.assert_allclose(metrics.voxel_iou(target, probabilities, threshold=0.2), [2 / 4])


def test_a_mesh_overlaps_itself_and_half_a_box():
    box = geometry.cube(half_side=0.5)
    whole = geometry.voxelize(box.vertices, box.faces)
    half = geometry.voxelize(np.asarray(box.vertices) * [0.5, 1, 1], box.faces)
    assert metrics.voxel_iou(whole, whole) == 1
    np.testing.assert_allclose(metrics.voxel_iou(whole, half), 0.5)


def test_color_l1():
    target, predicted = IMAGES
    difference = np.abs(target - predicted)
    np.testing.assert_allclose(metrics.color_l1(target, predicted), difference.mean((1, 2, 3)))
    mask = RANDOM.random([3, 12, 16, 1])
    expected = (difference * mask).sum((1, 2, 3)) / (3 * mask.sum((1, 2, 3)))
    np.testing.assert_allclose(metrics.color_l1(target, predicted, mask=mask), expected)
    np.testing.assert_array_equal(metrics.color_l1(target, predicted, mask=mask * 0), [0, 0, 0])


def test_psnr():
    target, predicted = IMAGES
    expected = -10 * np.log10(np.square(target - predicted).mean((1, 2, 3)))
    np.testing.assert_allclose(metrics.psnr(target, predicted), expected, rtol=1e-5)
    bytes_range = metrics.psnr(target * 255, predicted * 255, max_value=255.0)
    np.testing.assert_allclose(bytes_range, expected, rtol=1e-5)
    np.testing.assert_array_equal(metrics.psnr(target, target), [np.inf] * 3)


def ssim_by_loops(target, predicted):
    """Wang et al. with a Gaussian window of 11 and 1.5, over one channel."""
    place = np.arange(11) - 5
    window = np.exp(-(place**2) / (2 * 1.5**2))
    window = np.outer(window, window)
    window /= window.sum()
    values = []
    for row in range(target.shape[0] - 10):
        for column in range(target.shape[1] - 10):
            x, y = (image[row : row + 11, column : column + 11] for image in (target, predicted))
            mean_x, mean_y = np.sum(window * x), np.sum(window * y)
            var_x = np.sum(window * (x - mean_x) ** 2)
            var_y = np.sum(window * (y - mean_y) ** 2)
            covariance = np.sum(window * (x - mean_x) * (y - mean_y))
            luminance = (2 * mean_x * mean_y + 1e-4) / (mean_x**2 + mean_y**2 + 1e-4)
            values.append(luminance * (2 * covariance + 9e-4) / (var_x + var_y + 9e-4))
    return np.mean(values)


def test_ssim():
    target, predicted = IMAGES[0], np.clip(IMAGES[0] + 0.1 * IMAGES[1], 0, 1)
    expected = [
        np.mean([ssim_by_loops(t[..., c], p[..., c]) for c in range(3)])
        for t, p in zip(target, predicted, strict=True)
    ]
    np.testing.assert_allclose(metrics.ssim(target, predicted), expected, atol=1e-4)
    np.testing.assert_allclose(metrics.ssim(target, target), [1, 1, 1], atol=1e-6)


def test_mean_over_batches_is_one_over_items():
    """Not of the means of batches, which differ in size; weights count items."""
    metric = metrics.SilhouetteIoU()
    target, predicted = MASKS
    metric.update_state(target[:1], predicted[:1])
    metric.update_state(target[1:], predicted[1:])
    values = metrics.silhouette_iou(target, predicted).numpy()
    np.testing.assert_allclose(metric.result(), values.mean(), rtol=1e-6)
    metric.reset_state()
    metric.update_state(target, predicted, sample_weight=[1.0, 0.0, 3.0])
    np.testing.assert_allclose(metric.result(), (values[0] + 3 * values[2]) / 4, rtol=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metrics.voxel_iou(GRIDS[0], GRIDS[1, :1]), "`predicted`: expected the shape"),
        (lambda: metrics.voxel_iou(GRIDS[0, 0, 0], GRIDS[1, 0, 0]), "`target`: expected shape"),
        (lambda: metrics.psnr(IMAGES[0], IMAGES[1, :, :3]), "`predicted`: expected the shape"),
        (lambda: metrics.ssim(*MASKS), "`target`: expected shape"),
        (lambda: metrics.color_l1(*IMAGES, mask=MASKS[0]), "`mask`: expected shape"),
    ],
)
def test_refusals(call, message):
    with pytest.raises(ValueError, match=message):
        call()
