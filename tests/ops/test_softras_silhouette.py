"""SoftRas' silhouette: against the oracle, against finite differences, by hand."""

import numpy as np
import pytest
import tensorflow as tf

from tests.reference import softras_clip
from tests.support.gradient_checker import assert_close, check_gradients
from tests.support.scenes import grid, screen_to_clip
from tests.support.softras_scenes import SCENES, name_of, reference_settings, variants
from tf_mesh_renderer.ops import softras_silhouette

CHOICES = variants(
    distance=("euclidean", "barycentric", "hard"), aggregate_alpha=("product", "sum", "hard")
)
settings_parameter = pytest.mark.parametrize("settings", CHOICES, ids=name_of)


def _options(settings):
    return {
        "sigma": settings.sigma,
        "dist_eps": settings.dist_eps,
        "distance": settings.distance,
        "aggregate": settings.aggregate_alpha,
    }


def _alpha_and_gradient(vertices, faces, upstream, image_size, **options):
    vertices = tf.constant(vertices)
    with tf.GradientTape() as tape:
        tape.watch(vertices)
        alpha = softras_silhouette(vertices, faces, image_size=image_size, **options)
    return alpha, tape.gradient(alpha, vertices, tf.cast(upstream, alpha.dtype))


@settings_parameter
@pytest.mark.parametrize("image_size", [(17, 30), (1, 9), (33, 5), (65, 66)], ids=str)
@pytest.mark.parametrize("scene", SCENES)
def test_meets_the_oracle(scene, image_size, settings):
    vertices, faces = SCENES[scene]()
    upstream = np.random.default_rng(0).normal(size=(len(vertices), *image_size))
    alpha, gradient = _alpha_and_gradient(
        vertices, faces, upstream, image_size, **_options(settings)
    )
    oracle = reference_settings(settings)
    expected = softras_clip.softras_silhouette(vertices, faces, image_size, oracle)
    assert_close(alpha, expected, rtol=1e-10, atol=0.0)
    assert np.any(expected > 0.0)
    of_oracle = softras_clip.softras_silhouette_gradient(vertices, faces, upstream, oracle)
    assert_close(gradient, of_oracle, rtol=1e-9, atol=0.0)


@pytest.mark.parametrize("aggregate", ["product", "sum"])
@pytest.mark.parametrize("distance", ["euclidean", "barycentric"])
@pytest.mark.parametrize("scene", ["soup", "padded", "shared"])
def test_gradient_is_the_derivative(scene, distance, aggregate):
    vertices, faces = SCENES[scene]()

    def loss(vertices):
        alpha = softras_silhouette(
            vertices,
            faces,
            image_size=(7, 9),
            sigma=1e-2,
            dist_eps=1e-12,
            distance=distance,
            aggregate=aggregate,
        )
        return tf.reduce_sum(alpha * np.random.default_rng(1).normal(size=alpha.shape))

    check_gradients(loss, [vertices], rtol=1e-5)


def test_alpha_by_hand():
    """Columns 3 and 4 of 8 lie 1/8 NDC beside the edge of a half plane."""
    vertices = screen_to_clip([[[0.0, -9.0, 1.0], [9.0, 0.0, 2.0], [0.0, 9.0, 3.0]]])
    alpha = softras_silhouette(
        vertices, [[0, 1, 2]], image_size=(3, 8), sigma=2**-6, dist_eps=2**-4
    ).numpy()
    outside = 1.0 / (1.0 + np.e)
    np.testing.assert_allclose(alpha[0, :, 3], outside, rtol=1e-12)
    np.testing.assert_allclose(alpha[0, :, 4], 1.0 - outside, rtol=1e-12)
    np.testing.assert_array_equal(alpha[0, :, :3], 0.0)  # 1 / (1 + exp(9)) < dist_eps


@pytest.mark.parametrize("axis", [-2, -1])
def test_mirrored_mesh_gives_the_mirrored_silhouette(axis):
    vertices, faces = grid(3, 2, half_extent=0.6, dtype=np.float64)
    vertices[..., :2] += np.random.default_rng(1).normal(scale=0.1, size=vertices[..., :2].shape)
    mirrored = vertices.copy()
    mirrored[..., 0 if axis == -1 else 1] *= -1.0
    alpha, of_mirrored = (
        softras_silhouette(v, faces, image_size=(12, 17), sigma=1e-3) for v in (vertices, mirrored)
    )
    assert_close(tf.reverse(of_mirrored, [axis % 3]), alpha, rtol=1e-13)


def test_sharp_silhouette_is_what_faces_cover():
    vertices, faces = SCENES["soup"]()
    covered = softras_silhouette(
        vertices, faces, image_size=(40, 50), distance="hard", aggregate="hard"
    )
    sharp = softras_silhouette(vertices, faces, image_size=(40, 50), sigma=1e-9)
    assert np.mean(np.abs(covered - sharp) > 1e-3) < 5e-3  # centres within 1e-4 of an edge
    assert 0.1 < np.mean(covered) < 0.9


def test_faces_of_the_batch_equal_faces_of_each_item():
    vertices, faces = SCENES["soup"](np.float32)
    batched = np.stack([faces, faces[::-1]])
    whole = softras_silhouette(vertices, batched, image_size=(9, 14), sigma=1e-2)
    for item in range(2):
        one = slice(item, item + 1)
        single = softras_silhouette(vertices[one], batched[item], image_size=(9, 14), sigma=1e-2)
        np.testing.assert_array_equal(whole[one], single)


def test_descent_on_a_square_moves_it_to_its_target():
    """A square finds another one, which it overlaps at a corner, by gradient descent."""
    square, faces = grid(1, 1, depth=1.0, half_extent=0.3, dtype=np.float64)
    sizes = {"image_size": (24, 24), "sigma": 3e-3}
    target = softras_silhouette(square + np.array([0.3, 0.2, 0.0, 0.0]), faces, **sizes)
    offset = tf.Variable(np.zeros(2))
    optimizer = tf.keras.optimizers.Adam(0.03)
    for _ in range(60):
        with tf.GradientTape() as tape:
            moved = square + tf.pad(offset, [[0, 2]])
            loss = tf.reduce_mean((softras_silhouette(moved, faces, **sizes) - target) ** 2)
        optimizer.apply_gradients([(tape.gradient(loss, offset), offset)])
    np.testing.assert_allclose(offset, [0.3, 0.2], atol=0.01)


def test_scale_of_sigma_is_that_of_squares():
    """A scene of half the size with a quarter of sigma, seen in the middle of twice the image."""
    vertices, faces = SCENES["shared"]()
    small = vertices * [0.5, 0.5, 1.0, 1.0]
    alpha = softras_silhouette(vertices, faces, image_size=(8, 12), sigma=2**-8)
    of_small = softras_silhouette(small, faces, image_size=(16, 24), sigma=2**-10)
    assert_close(of_small[:, 4:12, 6:18], alpha, rtol=1e-12)
