"""Supersampling: sizes, means, and depth that never mixes with the background."""

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import check_gradients
from tf_mesh_renderer.rendering import downsample, downsample_depth, supersampled


def blocks(image, height, width):
    """[B, 2H, 2W, ...] to [B, H, W, 4, ...]."""
    split = image.reshape(len(image), height, 2, width, 2, *image.shape[3:]).swapaxes(2, 3)
    return split.reshape(len(image), height, width, 4, *image.shape[3:])


def test_sizes_double():
    assert supersampled((3, 5)) == (6, 10)
    np.testing.assert_array_equal(supersampled(tf.constant([3, 5])), [6, 10])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_downsample_is_the_mean_of_blocks(dtype):
    image = np.random.default_rng(0).random((2, 6, 10, 4)).astype(dtype)
    result = downsample(tf.constant(image))
    assert result.dtype == dtype
    np.testing.assert_allclose(result, blocks(image, 3, 5).mean(axis=3), rtol=1e-6)


def test_downsample_shares_the_gradient():
    weights = np.random.default_rng(1).normal(size=(1, 2, 3, 2))
    image = np.random.default_rng(2).random((1, 4, 6, 2))
    check_gradients(lambda image: tf.reduce_sum(downsample(image) * weights), [image])


def masked_scene():
    rng = np.random.default_rng(3)
    mask = (rng.random((2, 8, 12)) < 0.4).astype(np.float64)
    return rng.uniform(1, 9, mask.shape) * mask, mask


def test_depth_is_the_mean_of_what_is_covered():
    depth, mask = masked_scene()
    mean, coverage = downsample_depth(tf.constant(depth), tf.constant(mask))
    counts = blocks(mask, 4, 6).sum(axis=3)
    assert {0, 1, 2, 3} <= set(counts.ravel())
    expected = blocks(depth, 4, 6).sum(axis=3) / np.maximum(counts, 1)
    np.testing.assert_allclose(mean, expected, rtol=1e-12)
    np.testing.assert_allclose(coverage, counts / 4)


def test_depth_gradient_is_that_of_the_masked_mean():
    depth, mask = masked_scene()
    weights = np.random.default_rng(4).normal(size=(2, 4, 6))

    def loss(depth):
        return tf.reduce_sum(downsample_depth(depth, tf.constant(mask))[0] * weights)

    check_gradients(loss, [depth])


def test_size_that_is_no_pair_is_explained():
    with pytest.raises(ValueError, match="argument `image_size`"):
        supersampled(8)
