"""Vector algebra: values, gradients, and finite behaviour for vectors without a direction."""

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import assert_close, check_gradients
from tf_mesh_renderer.geometry.vectors import (
    cross,
    length,
    matrix_product,
    matrix_times_vectors,
    normalize,
)

RNG = np.random.default_rng(7)
WEIGHTS = RNG.normal(size=(5, 3))

# First row of the cross products and their vector-Jacobian products recorded from N3MR's tests.
CROSS_A = [0.001230153371579945, 0.2987455427646637, -0.27413785457611084]
CROSS_B = [-1.5301357507705688, -0.47775328159332275, -0.978519082069397]
CROSS_C = [-0.4232984781265259, 0.42067185044288635, 0.4565335214138031]
CROSS_GRAD_C = [0.20313860476016998, -0.46330758929252625, 0.12726841866970062]
CROSS_GRAD_A = [-0.5141581892967224, -0.004037052392959595, 0.8059736490249634]
CROSS_GRAD_B = [0.08898928016424179, 0.055844541639089584, 0.06125669181346893]


def test_cross_matches_n3mr():
    a, b = tf.constant(CROSS_A), tf.constant(CROSS_B)
    with tf.GradientTape() as tape:
        tape.watch([a, b])
        c = cross(a, b)
    grad_a, grad_b = tape.gradient(c, [a, b], output_gradients=tf.constant(CROSS_GRAD_C))
    assert_close(c, CROSS_C, rtol=1e-6)
    assert_close(grad_a, CROSS_GRAD_A, rtol=1e-6)
    assert_close(grad_b, CROSS_GRAD_B, rtol=1e-6)


def test_cross_of_arrays_is_numpys():
    a, b = RNG.normal(size=(2, 5, 3))
    assert_close(cross(tf.constant(a), tf.constant(b)), np.cross(a, b), rtol=1e-15)


def test_matrix_products_are_numpys_with_broadcasting():
    a, b, points = RNG.normal(size=(2, 4, 4)), RNG.normal(size=(4, 4)), RNG.normal(size=(2, 6, 3))
    assert_close(matrix_product(tf.constant(a), tf.constant(b)), a @ b, rtol=1e-14)
    shared = b[:, :3]
    expected = np.einsum("ij,bnj->bni", shared, points)
    actual = matrix_times_vectors(tf.constant(shared), tf.constant(points))
    assert_close(actual, expected, rtol=1e-14)


@pytest.mark.parametrize("epsilon", [0.0, 1e-5, 0.5])
def test_normalize_divides_by_length_plus_epsilon(epsilon):
    vectors = RNG.normal(size=(5, 3))
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    assert_close(
        normalize(tf.constant(vectors), epsilon), vectors / (lengths + epsilon), rtol=1e-14
    )
    check_gradients(lambda v: tf.reduce_sum(normalize(v, epsilon) * WEIGHTS), [vectors])


@pytest.mark.parametrize("dtype", [tf.float32, tf.float64])
@pytest.mark.parametrize("size", [0.0, 1e-38, 1e-20, 1e-14, 1e-7, 1e15])
def test_normalize_has_finite_gradients_at_any_length(dtype, size):
    vector = tf.constant([[size, 0.0, 0.0]], dtype)
    with tf.GradientTape() as tape:
        tape.watch(vector)
        unit = normalize(vector)
    gradient = tape.gradient(unit, vector, output_gradients=tf.ones_like(unit))
    assert np.all(np.isfinite(gradient))
    assert np.abs(np.linalg.norm(unit) - (0.0 if np.linalg.norm(unit) < 0.5 else 1.0)) < 1e-6


def test_normalize_refuses_half_precision_by_name():
    with pytest.raises(ValueError, match="normalize: argument `vectors`: expected dtype float32"):
        normalize(tf.zeros([2, 3], tf.float16))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_length(dtype):
    vectors = np.array([[3, 4, 12], [0, 0, 0], [1e-12, 0, 0]], dtype)
    np.testing.assert_allclose(length(tf.constant(vectors)), [13, 0, 1e-12], rtol=1e-6)
    assert np.isnan(length(tf.constant([[np.nan, 0.0]], dtype)))


def test_gradient_of_length_is_finite_at_zero():
    vectors = tf.constant([[3.0, 4.0], [0.0, 0.0]], tf.float64)
    with tf.GradientTape() as outer:
        outer.watch(vectors)
        with tf.GradientTape() as tape:
            tape.watch(vectors)
            lengths = length(vectors)
        gradient = tape.gradient(lengths, vectors)
    np.testing.assert_allclose(gradient, [[0.6, 0.8], [0.0, 0.0]])
    # Along itself a direction does not change.
    second = outer.gradient(gradient, vectors)
    np.testing.assert_allclose(second, [[0.032, -0.024], [0.0, 0.0]], atol=1e-12)
