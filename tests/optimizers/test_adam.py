"""N3MR's Adam against its formula, element by element."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer import neural_renderer, optimizers

ALPHA, BETA1, BETA2, EPS = 0.1, 0.5, 0.9, 1e-8


def reference(start, gradients, multiplier=1.0):
    """The update rule in plain loops over elements."""
    p, m, v = (np.array(x, np.float64) for x in (start, 0 * start, 0 * start))
    for t, gradient in enumerate(gradients, start=1):
        step = multiplier * ALPHA * np.sqrt(1 - BETA2**t) / (1 - BETA1**t)
        for i, g in enumerate(gradient):
            if g == 0:
                continue
            m[i] += (1 - BETA1) * (g - m[i])
            v[i] += (1 - BETA2) * (g * g - v[i])
            p[i] -= step * m[i] / (np.sqrt(v[i]) + EPS)
    return p


def adam():
    return optimizers.Adam(ALPHA, BETA1, BETA2, EPS)


def gradients(steps=6, size=8):
    rng = np.random.default_rng(0)
    values = rng.normal(size=(steps, size)) * (rng.random((steps, size)) < 0.6)
    values[:, 0] = 0
    values[0, 1], values[1:, 1] = 3.0, 0.0
    return values.astype(np.float32)


@pytest.mark.parametrize("make", [tf.Variable, keras.Variable])
@pytest.mark.parametrize("traced", [False, True])
def test_equals_the_formula_and_skips_zeros(make, traced):
    start = np.linspace(-1, 1, 8).astype(np.float32)
    variable, optimizer = make(start), adam()
    optimizer.build([variable])
    apply = lambda g: optimizer.apply([g], [variable])  # noqa: E731
    apply = tf.function(apply) if traced else apply
    for gradient in gradients():
        apply(tf.constant(gradient))
    result = np.array(tf.convert_to_tensor(variable))
    np.testing.assert_allclose(result, reference(start, gradients()), rtol=1e-5)
    assert result[0] == start[0]
    assert abs(result[1] - (start[1] - ALPHA)) < 1e-6


@pytest.mark.parametrize("multiplier", [0.0, 0.01])
def test_every_variable_has_its_own_multiplier(multiplier):
    start = np.ones(8, np.float32)
    slow, normal, optimizer = keras.Variable(start), keras.Variable(start), adam()
    slow.lr = multiplier
    for gradient in gradients():
        optimizer.apply([tf.constant(gradient)] * 2, [slow, normal])
    np.testing.assert_allclose(slow, reference(start, gradients(), multiplier), rtol=1e-5)
    np.testing.assert_allclose(normal, reference(start, gradients()), rtol=1e-5)


def test_sparse_gradients_are_dense_ones_with_zeros():
    start = np.ones([4, 2], np.float32)
    variable, optimizer = keras.Variable(start), adam()
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.gather(variable.value, [1, 1, 3]) * 2.0)
    gradient = tape.gradient(loss, variable.value)
    assert isinstance(gradient, tf.IndexedSlices)
    optimizer.apply([gradient], [variable])
    expected = reference(start.ravel(), [[0, 0, 4, 4, 0, 0, 2, 2]]).reshape(4, 2)
    np.testing.assert_allclose(variable, expected, rtol=1e-5)


@pytest.mark.parametrize("alpha", [0.25, keras.optimizers.schedules.ExponentialDecay(0.5, 10, 0.9)])
def test_configuration_round_trip(alpha):
    optimizer = optimizers.Adam(alpha, beta1=0.5, clipnorm=1.0)
    config = keras.optimizers.serialize(optimizer)
    restored = keras.optimizers.deserialize(config)
    assert isinstance(restored, optimizers.Adam)
    assert restored.get_config() == optimizer.get_config()
    assert restored.clipnorm == 1.0


def test_defaults_are_those_of_chainer():
    config = optimizers.Adam().get_config()
    wanted = {"alpha": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    np.testing.assert_allclose([config[name] for name in wanted], list(wanted.values()), rtol=1e-6)


def test_trains_a_model():
    model = keras.Sequential([keras.Input([3]), keras.layers.Dense(1)])
    model.compile(optimizers.Adam(0.05), "mse")
    inputs = np.random.default_rng(1).normal(size=(64, 3)).astype(np.float32)
    history = model.fit(inputs, inputs @ [[1.0], [2.0], [-1.0]], epochs=20, verbose=0).history
    assert history["loss"][-1] < 0.2 * history["loss"][0]


def test_the_chainer_package_has_it_under_its_name():
    assert neural_renderer.Adam is optimizers.Adam
