"""Compares gradients with central differences in float64."""

import numpy as np
import tensorflow as tf

# Balances truncation (grows with the square) against cancellation (grows with the inverse).
DEFAULT_STEP = 1e-6
DEFAULT_RTOL = 1e-6
DEFAULT_ATOL = 1e-7


def numeric_gradient(function, inputs, step=DEFAULT_STEP):
    """Central differences of a scalar function with respect to every element of every input.

    Args:
      function: takes float64 arrays, returns a scalar.
      inputs: list of arrays.
      step: distance by which one element moves to either side.
    Returns:
      List of float64 arrays, like `inputs`.
    """
    inputs = [np.array(value, np.float64) for value in inputs]
    gradients = [np.zeros_like(value) for value in inputs]
    for value, gradient in zip(inputs, gradients, strict=True):
        for index in np.ndindex(value.shape):
            original = value[index]
            value[index] = original + step
            above = float(function(*inputs))
            value[index] = original - step
            below = float(function(*inputs))
            value[index] = original
            gradient[index] = (above - below) / (2.0 * step)
    return gradients


def tape_gradient(function, inputs):
    """Gradient of a scalar TensorFlow function as the registered gradients give it, in float64."""
    tensors = [tf.constant(value, tf.float64) for value in inputs]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        result = function(*tensors)
    gradients = tape.gradient(result, tensors, unconnected_gradients="zero")
    return [gradient.numpy() for gradient in gradients]


def assert_close(actual, expected, *, rtol=DEFAULT_RTOL, atol=DEFAULT_ATOL, name="array"):
    """Fails unless |actual - expected| <= atol + rtol * max|expected| everywhere.

    Relative to the largest entry, not to each: gradients of one array share a scale, and entries
    that cancel to nearly 0 have no digits of their own. Entries of either sign and NaN can fail.
    """
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape, f"{name}: shape {actual.shape}, not {expected.shape}"
    if expected.size == 0:
        return
    error = np.abs(actual - expected)
    allowed = atol + rtol * np.max(np.abs(expected))
    # NaN compares false, so ask for what must hold.
    if np.all(error <= allowed):
        return
    worst = np.unravel_index(np.argmax(np.where(error <= allowed, -1.0, error)), error.shape)
    wrong = np.sum(~(error <= allowed))
    raise AssertionError(
        f"{name}: {wrong} of {error.size} entries differ by more than {allowed:.3g}; at {worst} "
        f"expected {expected[worst]:.9g}, received {actual[worst]:.9g}"
    )


def check_gradients(function, inputs, *, step=DEFAULT_STEP, rtol=DEFAULT_RTOL, atol=DEFAULT_ATOL):
    """Fails unless the registered gradients of a scalar function equal central differences.

    Args:
      function: takes float64 tensors, returns a scalar tensor; smooth within `step` of `inputs`.
      inputs: list of arrays.
      step: see `numeric_gradient`.
      rtol: tolerance relative to the largest entry of the gradient.
      atol: absolute tolerance.
    """

    def value(*arrays):
        return function(*(tf.constant(array) for array in arrays))

    numeric = numeric_gradient(value, inputs, step)
    analytic = tape_gradient(function, inputs)
    for position, (ours, expected) in enumerate(zip(analytic, numeric, strict=True)):
        name = f"gradient to input {position}"
        assert_close(ours, expected, rtol=rtol, atol=atol, name=name)
