"""The energy of high frequencies, against loops and known images."""

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer import metrics

RANDOM = np.random.default_rng(2)
IMAGES = RANDOM.random([2, 5, 6, 3])


def by_loops(image, mask):
    total = weights = 0.0
    height, width = image.shape[:2]
    for row in range(height):
        for column in range(width):
            steps = ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1))
            pixels = [
                (min(max(row + down, 0), height - 1), min(max(column + right, 0), width - 1))
                for down, right in steps
            ]
            weight = min(mask[pixel] for pixel in pixels)
            around = sum(image[pixel] for pixel in pixels[1:])
            total += weight * np.abs(4 * image[row, column] - around).mean()
            weights += weight
    return total / weights


@pytest.mark.parametrize("masked", [False, True])
def test_against_loops(masked):
    masks = RANDOM.random([2, 5, 6, 1]) if masked else np.ones([2, 5, 6, 1])
    expected = [by_loops(image, mask[..., 0]) for image, mask in zip(IMAGES, masks)]
    found = metrics.laplacian_energy(IMAGES, masks if masked else None)
    np.testing.assert_allclose(found, expected)


def test_a_ramp_has_none_and_a_chessboard_the_most():
    rows, columns = np.mgrid[:8, :8].astype(float)
    inside = np.zeros([1, 8, 8, 1])
    inside[:, 1:-1, 1:-1] = 1
    ramp, chessboard = 0.1 * rows + 0.05 * columns, (rows + columns) % 2
    images, mask = np.stack([ramp, chessboard])[..., None], np.repeat(inside, 2, axis=0)
    np.testing.assert_allclose(metrics.laplacian_energy(images, mask), [0, 4], atol=1e-12)
    np.testing.assert_array_equal(metrics.laplacian_energy(np.full([1, 4, 4, 2], 0.3)), [0])


def test_the_outline_of_a_smooth_object_does_not_count():
    mask = np.zeros([1, 8, 8, 1])
    mask[:, 2:7, 1:6] = 1
    assert metrics.laplacian_energy(0.7 * mask, mask)[0] < 1e-12
    assert metrics.laplacian_energy(0.7 * mask)[0] > 0.1
    assert metrics.laplacian_energy(IMAGES, np.zeros([2, 5, 6, 1])).numpy().tolist() == [0, 0]


def test_gradient():
    theory, numeric = tf.test.compute_gradient(
        metrics.laplacian_energy, [tf.constant(IMAGES)], delta=1e-6
    )
    np.testing.assert_allclose(theory[0], numeric[0], atol=1e-8)


def test_wrong_shapes_are_named():
    with pytest.raises(ValueError, match=r"argument `images`.*Hint"):
        metrics.laplacian_energy(IMAGES[0])
    with pytest.raises(ValueError, match=r"argument `mask`.*Hint"):
        metrics.laplacian_energy(IMAGES, np.ones([2, 5, 6, 3]))
