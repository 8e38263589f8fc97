"""Distances of point clouds: equal to loops, and the ceilings that sampling sets."""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from scipy import spatial

from tests.support.gradient_checker import check_gradients
from tf_mesh_renderer import geometry, losses, metrics
from tf_mesh_renderer.geometry.nearest import distances_to_nearest

RANDOM = np.random.default_rng(0)
TARGET, PREDICTED = RANDOM.normal(size=[2, 9, 3]), RANDOM.normal(size=[2, 7, 3])


def nearest(points, others):
    """[N] distances by a tree."""
    return spatial.KDTree(others).query(points)[0]


@pytest.mark.parametrize("squared", [True, False])
@pytest.mark.parametrize("directions", ["sum", "mean"])
def test_chamfer_distance(squared, directions):
    power, share = (2 if squared else 1), (1.0 if directions == "sum" else 0.5)
    expected = [
        share * (np.mean(nearest(t, p) ** power) + np.mean(nearest(p, t) ** power))
        for t, p in zip(TARGET, PREDICTED, strict=True)
    ]
    settings = {"squared": squared, "directions": directions}
    np.testing.assert_allclose(metrics.chamfer_distance(TARGET, PREDICTED, **settings), expected)
    np.testing.assert_allclose(losses.chamfer_loss(TARGET, PREDICTED, **settings), expected)
    one = metrics.chamfer_distance(TARGET[0], PREDICTED[0], **settings)
    np.testing.assert_allclose(one, expected[0])


@pytest.mark.parametrize("squared", [True, False])
def test_gradients(squared):
    check_gradients(
        lambda t, p: tf.reduce_sum(losses.chamfer_loss(t, p, squared=squared) * [1.0, -2.0]),
        [TARGET[:, :4], PREDICTED[:, :3]],
    )


@pytest.mark.parametrize("squared", [True, False])
def test_gradients_are_finite_where_points_coincide(squared):
    points = tf.constant(TARGET)
    with tf.GradientTape() as tape:
        tape.watch(points)
        loss = losses.chamfer_loss(TARGET, points, squared=squared)
    np.testing.assert_array_equal(loss, [0, 0])
    np.testing.assert_array_equal(tape.gradient(loss, points), np.zeros_like(TARGET))


def test_near_neighbours_far_from_the_origin_are_told_apart():
    """|a|² - 2 a b + |b|² in float32 would see no difference here."""
    others = np.array([[1000.0, 0, 0], [1000.001, 0, 0]], np.float32)
    np.testing.assert_array_equal(distances_to_nearest(others[1:], others), [0])


@pytest.mark.parametrize("tau", [0.3, 0.8, 3.0, 1e-3])
def test_f_score(tau):
    for target, predicted in zip(TARGET, PREDICTED, strict=True):
        precision = np.mean(nearest(predicted, target) <= tau)
        recall = np.mean(nearest(target, predicted) <= tau)
        total = precision + recall
        expected = 2 * precision * recall / total if total else 0.0
        ours = metrics.f_score(target, predicted, tau=tau)
        np.testing.assert_allclose(ours, expected, atol=1e-12)


def test_worked_f_score():
    target = np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0], [3, 0, 0]], np.float32)
    predicted = np.array([[0.1, 0, 0], [5, 0, 0]], np.float32)
    # Precision 1/2, recall 1/4.
    np.testing.assert_allclose(metrics.f_score(target, predicted, tau=0.2), 1 / 3, rtol=1e-6)
    np.testing.assert_allclose(metrics.f_score(target, target, tau=0.2), 1)
    assert metrics.f_score(target, predicted + 100, tau=0.2) == 0


@pytest.mark.parametrize(
    ("mesh", "published"),
    [(geometry.icosphere(4, radius=0.45), 0.71), (geometry.cube(half_side=0.45), 0.48)],
    ids=["sphere", "cube"],
)
def test_ceiling_of_the_papers_protocol(mesh, published):
    """2500 points of a surface against 2500 others of the same."""
    area = geometry.surface_area(mesh.vertices, mesh.faces)
    ceiling = metrics.f_score_ceiling(area, 2500, tau=0.02)
    assert ceiling == pytest.approx(published, abs=0.005)
    samples = [
        geometry.sample_surface(mesh.vertices, mesh.faces, 2500, seed=seed) for seed in range(4)
    ]
    scores = [metrics.f_score(a, b) for a, b in itertools.combinations(samples, 2)]
    # One score is the mean of 5000 nearly independent hits: a standard deviation of 0.007.
    assert np.mean(scores) == pytest.approx(ceiling, abs=0.012)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metrics.f_score(TARGET[:, :0], PREDICTED), "expected at least one point"),
        (lambda: metrics.f_score(TARGET, PREDICTED[:, :0]), "expected at least one point"),
        (lambda: metrics.f_score(TARGET, PREDICTED[..., :2]), "the same batch and dimension"),
        (lambda: metrics.chamfer_distance(TARGET, PREDICTED, directions="both"), "`directions`"),
        (lambda: metrics.f_score(TARGET, PREDICTED[:1]), "the same batch and"),
    ],
)
def test_refusals(call, message):
    with pytest.raises(ValueError, match=message):
        call()
