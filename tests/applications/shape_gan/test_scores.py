"""Scores of sets whose distances are known."""

import numpy as np
import pytest

from tf_mesh_renderer.applications.shape_gan.drawing import interpolated_noise
from tf_mesh_renderer.applications.shape_gan.scores import (
    color_distance,
    compare_sets,
    silhouette_distance,
)


def bars(*widths):
    """[N, 4, 8, 1] silhouettes: bars of these widths from the left."""
    return np.stack([np.arange(8) < w for w in widths])[:, None, :, None] * np.ones([1, 4, 1, 1])


def test_silhouette_distance_of_bars():
    found = silhouette_distance(bars(2, 4), bars(1, 4, 8))
    np.testing.assert_allclose(found, 1 - np.array([[1 / 2, 1 / 2, 1 / 4], [1 / 4, 1, 1 / 2]]))
    assert silhouette_distance(bars(0), bars(0, 3)).tolist() == [[1.0, 1.0]]


def test_half_coverage_counts():
    thin = 0.49 * bars(8)
    assert silhouette_distance(np.maximum(thin, bars(4)), bars(4)) == 0


def test_color_distance_is_the_mean_difference():
    rng = np.random.default_rng(0)
    a, b = rng.random([2, 3, 3, 2]), rng.random([4, 3, 3, 2])
    expected = [[np.abs(x - y).mean() for y in b] for x in a]
    np.testing.assert_allclose(color_distance(a, b), expected)


def test_scores_of_known_sets():
    scores = compare_sets(bars(4, 4, 8), bars(2, 4), silhouette_distance)
    assert scores.sample_to_real == pytest.approx((0 + 0 + 1 / 2) / 3)
    assert scores.real_to_sample == pytest.approx((1 / 2 + 0) / 2)
    assert scores.diversity == pytest.approx((0 + 1 / 2 + 1 / 2) / 3)
    assert scores.real_to_real == scores.real_diversity == pytest.approx(1 / 2)
    assert scores.relative_diversity == pytest.approx(2 / 3)
    figures = scores.figures(overlap=True)
    assert figures["sample_to_real"] == pytest.approx(5 / 6)
    assert figures["diversity"] == scores.diversity


def test_a_generator_that_makes_one_thing_has_no_diversity():
    scores = compare_sets(bars(4, 4), bars(2, 4, 6), silhouette_distance)
    assert scores.sample_to_real == scores.diversity == scores.relative_diversity == 0
    assert scores.real_to_sample > 0.2


def test_interpolated_noise_passes_its_corners_and_keeps_its_length():
    corners = np.random.default_rng(0).standard_normal([3, 16])
    corners *= 4 / np.linalg.norm(corners, axis=1, keepdims=True)
    path = interpolated_noise(corners, 4)
    assert path.shape == (12, 16)
    np.testing.assert_allclose(path[::4], corners, rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(path, axis=1), 4, rtol=1e-5)
    middle = corners[2] + corners[0]
    np.testing.assert_allclose(path[10], 4 * middle / np.linalg.norm(middle), rtol=1e-5)
