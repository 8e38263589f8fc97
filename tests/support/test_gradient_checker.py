"""The gradient checker accepts right gradients and notices every kind of wrong one."""

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import assert_close, check_gradients, numeric_gradient

POINT = np.array([0.3, -1.2, 2.0])


def _with_gradient(wrong):
    """x -> sum(x^3) whose registered gradient is `wrong(3 x^2)`."""

    @tf.custom_gradient
    def cube_sum(x):
        return tf.reduce_sum(x**3), lambda upstream: upstream * wrong(3.0 * x**2)

    return cube_sum


def test_accepts_a_right_gradient():
    check_gradients(_with_gradient(lambda gradient: gradient), [POINT])


def test_accepts_several_inputs_one_of_them_unused():
    check_gradients(lambda x, y, unused: tf.reduce_sum(x * y**2), [POINT, POINT + 1.0, POINT])


@pytest.mark.parametrize(
    "wrong",
    [
        lambda gradient: -gradient,
        lambda gradient: gradient * 1.001,
        lambda gradient: gradient * 0.999,
        lambda gradient: tf.zeros_like(gradient),
        lambda gradient: gradient + tf.constant([0.0, 1e-3, 0.0], tf.float64),
        lambda gradient: gradient - tf.constant([0.0, 0.0, 1e-3], tf.float64),
        lambda gradient: gradient[::-1],
        lambda gradient: gradient * tf.constant([1.0, np.nan, 1.0], tf.float64),
    ],
    ids=["sign", "large", "small", "zero", "more", "less", "order", "nan"],
)
def test_notices_a_wrong_gradient(wrong):
    with pytest.raises(AssertionError, match="gradient to input 0"):
        check_gradients(_with_gradient(wrong), [POINT])


def test_notices_a_wrong_gradient_of_the_last_input_only():
    @tf.custom_gradient
    def product(x, y):
        return tf.reduce_sum(x * y), lambda upstream: (upstream * y, upstream * x * 1.01)

    with pytest.raises(AssertionError, match="gradient to input 1"):
        check_gradients(product, [POINT, POINT + 1.0])


def test_notices_a_wrong_shape():
    with pytest.raises(AssertionError, match="shape"):
        assert_close(np.zeros([3, 1]), np.zeros(3))


def test_numeric_gradient_of_a_polynomial():
    gradient = numeric_gradient(lambda x: np.sum(x**2) + x[0] * x[1], [POINT])[0]
    assert_close(gradient, 2.0 * POINT + np.array([POINT[1], POINT[0], 0.0]))
