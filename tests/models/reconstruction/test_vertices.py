"""Vertices from the numbers of a network: where they may go, and where not."""

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer.geometry.primitives import icosphere
from tf_mesh_renderer.models.reconstruction import displaced_vertices, octant_vertices
from tf_mesh_renderer.models.reconstruction.vertices import unit_template

SPHERE = unit_template(icosphere(2).vertices)


def numbers(batch=4, scale=3.0):
    rng = np.random.default_rng(0)
    offsets = rng.normal(size=(batch, *SPHERE.shape)) * scale
    return tf.constant(offsets, tf.float32), tf.constant(rng.uniform(-1, 1, (batch, 3)), tf.float32)


def test_without_offsets_it_is_a_sphere_of_radius_a_quarter():
    vertices = octant_vertices(SPHERE, tf.zeros([2, *SPHERE.shape]), tf.zeros([2, 3]))
    np.testing.assert_allclose(vertices[1], SPHERE / 4, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(vertices, axis=-1), 0.25, atol=1e-6)


@pytest.mark.parametrize("scale", [1.0, 100.0])
def test_vertices_stay_in_their_octant_around_the_centroid_and_in_the_cube(scale):
    offsets, centroid = numbers(scale=scale)
    vertices = octant_vertices(SPHERE, offsets, centroid).numpy()
    assert np.abs(vertices).max() <= 0.5
    from_centroid = vertices - 0.5 * centroid.numpy()[:, np.newaxis]
    assert np.all(from_centroid * np.sign(SPHERE) > -1e-6)


def test_coordinates_on_a_plane_stay_there():
    offsets, _ = numbers()
    template = SPHERE + np.float32(1e-9)  # what rounding may leave of a zero
    vertices = octant_vertices(template, offsets, tf.zeros([4, 3])).numpy()
    on_plane = SPHERE == 0
    assert on_plane.sum() == 48
    assert not vertices[:, on_plane].any()


def test_octant_vertices_by_the_steps_of_the_paper():
    offsets, centroid = (np.float64(x) for x in numbers())
    with np.errstate(divide="ignore"):
        logits = np.log(np.abs(SPHERE / 2.0) / (1 - np.abs(SPHERE / 2.0)))
    moved = np.sign(SPHERE) / (1 + np.exp(-logits - offsets))
    center = centroid[:, np.newaxis]
    scaled = np.where(moved > 0, moved * (1 - center), moved * (1 + center))
    ours = octant_vertices(SPHERE, tf.constant(offsets), tf.constant(centroid))
    assert ours.dtype == tf.float64
    np.testing.assert_allclose(ours, 0.5 * (scaled + center), atol=1e-6)


def test_octant_vertices_have_finite_gradients_everywhere():
    offsets, centroid = numbers(scale=100.0)
    with tf.GradientTape() as tape:
        tape.watch([offsets, centroid])
        loss = tf.reduce_sum(octant_vertices(SPHERE, offsets, centroid) ** 2)
    for gradient in tape.gradient(loss, [offsets, centroid]):
        assert np.all(np.isfinite(gradient))
        assert np.any(gradient != 0)


@pytest.mark.parametrize("half_extent", [0.45, 0.5])
def test_displaced_vertices_fill_their_box(half_extent):
    offsets, _ = numbers(scale=0.2)
    vertices = displaced_vertices(0.175 * SPHERE, offsets, half_extent=half_extent).numpy()
    low, high = vertices.min(axis=1), vertices.max(axis=1)
    np.testing.assert_allclose(low, -high, atol=1e-6)
    np.testing.assert_allclose(high.max(axis=-1), half_extent, rtol=1e-6)


def test_displacing_keeps_the_shape_up_to_place_and_size():
    offsets, _ = numbers(scale=0.2)
    moved = 0.175 * SPHERE + offsets.numpy()
    vertices = displaced_vertices(0.175 * SPHERE, offsets).numpy()
    edges, expected = vertices[:, 1:] - vertices[:, :1], moved[:, 1:] - moved[:, :1]
    ratio = np.linalg.norm(edges, axis=(1, 2)) / np.linalg.norm(expected, axis=(1, 2))
    np.testing.assert_allclose(edges, expected * ratio[:, None, None], atol=1e-5)


def test_a_shape_without_extent_stays_a_point():
    offsets = tf.constant(-0.175 * SPHERE[np.newaxis])
    with tf.GradientTape() as tape:
        tape.watch(offsets)
        vertices = displaced_vertices(0.175 * SPHERE, offsets)
        loss = tf.reduce_sum(vertices)
    assert not np.any(vertices)
    assert np.all(np.isfinite(tape.gradient(loss, offsets)))


def test_templates_are_centred_and_scaled():
    moved = SPHERE * [1.0, 2.0, 0.5] * 7 + [3.0, -1.0, 2.0]
    np.testing.assert_allclose(unit_template(moved), SPHERE * [0.5, 1.0, 0.25], atol=1e-6)


@pytest.mark.parametrize("wrong", [np.zeros((5, 3)), np.zeros((1, 5, 3)), np.ones((5, 2)) * np.nan])
def test_templates_without_extent_are_refused(wrong):
    with pytest.raises(ValueError, match=r"unit_template: argument `vertices`: expected .*Hint"):
        unit_template(wrong)
