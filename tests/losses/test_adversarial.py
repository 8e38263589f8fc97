"""Adversarial and perceptual losses against NumPy and differences, to the second derivative."""

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer import losses

RNG = np.random.default_rng(7)
IMAGES = RNG.uniform(size=(3, 4, 5, 2))
OTHERS = RNG.uniform(size=(3, 4, 5, 2))
KERNEL = RNG.normal(size=(40, 6)) / 4
OUT = RNG.normal(size=(6,))


def critic(images, kernel=KERNEL, out=OUT):
    """A critic of one hidden layer, [B]."""
    hidden = tf.tanh(tf.matmul(tf.reshape(images, [-1, 40]), tf.cast(kernel, images.dtype)))
    return tf.linalg.matvec(hidden, tf.cast(out, images.dtype))


def slope_by_hand(images, kernel=KERNEL, out=OUT):
    """[B, 40]: W (out (1 - tanh²(W^T x)))."""
    hidden = np.tanh(images.reshape(-1, 40) @ kernel)
    return (out * (1 - hidden**2)) @ kernel.T


def norm_by_hand(images, kernel=KERNEL, out=OUT):
    return np.sqrt(np.square(slope_by_hand(images, kernel, out)).sum(axis=1))


def differences(function, value, step=1e-6):
    """The derivative of a number by an array, by central differences."""
    found = np.zeros_like(value)
    for index in np.ndindex(value.shape):
        moved = np.zeros_like(value)
        moved[index] = step
        found[index] = (function(value + moved) - function(value - moved)) / (2 * step)
    return found


def test_wasserstein_losses():
    real, generated = RNG.normal(size=(3, 2, 4)), RNG.normal(size=(3, 2, 4))
    expected = generated.mean(axis=(1, 2)) - real.mean(axis=(1, 2))
    np.testing.assert_allclose(losses.wasserstein_critic_loss(real, generated), expected)
    found = losses.wasserstein_generator_loss(generated)
    np.testing.assert_allclose(found, -generated.mean(axis=(1, 2)))
    np.testing.assert_allclose(losses.wasserstein_generator_loss(real[:, 0, 0]), -real[:, 0, 0])


def test_critic_gradient_norm():
    found = losses.critic_gradient_norm(IMAGES, critic)
    np.testing.assert_allclose(found, norm_by_hand(IMAGES), rtol=1e-12)


def test_the_oracle_of_the_slope_is_right():
    found = differences(lambda images: float(np.sum(critic(tf.constant(images)))), IMAGES[:1])
    np.testing.assert_allclose(found.reshape(1, 40), slope_by_hand(IMAGES[:1]), atol=1e-8)


@pytest.mark.parametrize("target", [1.0, 0.0])
def test_gradient_penalty(target):
    found = losses.gradient_penalty(IMAGES, critic, target_norm=target)
    np.testing.assert_allclose(found, (norm_by_hand(IMAGES) - target) ** 2, rtol=1e-12)


def test_gradient_penalty_of_a_linear_critic_depends_on_its_weights_alone():
    weights = RNG.normal(size=40)

    def linear(images):
        return tf.linalg.matvec(tf.reshape(images, [-1, 40]), tf.constant(weights))

    expected = [(np.linalg.norm(weights) - 1) ** 2] * 3
    np.testing.assert_allclose(losses.gradient_penalty(IMAGES, linear), expected, rtol=1e-12)
    unit = losses.gradient_penalty(IMAGES, lambda images: linear(images) / np.linalg.norm(weights))
    np.testing.assert_allclose(unit, np.zeros(3), atol=1e-25)


@pytest.mark.parametrize("compiled", [False, True])
def test_second_derivatives_of_the_critic(compiled):
    """Of the penalty by the critic's variables and by the images, against differences of NumPy."""

    @tf.function(jit_compile=compiled)
    def derivatives(images, kernel, out):
        with tf.GradientTape() as tape:
            tape.watch((images, kernel, out))
            penalty = losses.gradient_penalty(images, lambda x: critic(x, kernel, out))
            total = tf.reduce_sum(penalty)
        return tape.gradient(total, (images, kernel, out))

    def penalty(images=IMAGES, kernel=KERNEL, out=OUT):
        return np.square(norm_by_hand(images, kernel, out) - 1).sum()

    of_images, of_kernel, of_out = derivatives(*map(tf.constant, (IMAGES, KERNEL, OUT)))
    expected = differences(lambda value: penalty(images=value), IMAGES)
    np.testing.assert_allclose(of_images, expected, rtol=1e-6, atol=1e-8)
    expected = differences(lambda value: penalty(kernel=value), KERNEL)
    np.testing.assert_allclose(of_kernel, expected, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(of_out, differences(lambda v: penalty(out=v), OUT), rtol=1e-6)


def test_a_critic_that_is_flat_has_a_penalty_of_one_and_no_nan():
    kernel = tf.Variable(np.zeros_like(KERNEL))
    with tf.GradientTape() as tape:
        penalty = losses.gradient_penalty(IMAGES, lambda x: critic(x, kernel))
    np.testing.assert_array_equal(penalty, np.ones(3))
    np.testing.assert_array_equal(tape.gradient(penalty, kernel), np.zeros_like(KERNEL))


def test_interpolates_lie_between_and_one_fraction_serves_an_item():
    points = losses.interpolate_images(IMAGES, OTHERS, seed=(1, 2)).numpy()
    fractions = (points - IMAGES) / (OTHERS - IMAGES)
    np.testing.assert_allclose(fractions, fractions[:, :1, :1, :1] * np.ones_like(fractions))
    drawn = fractions[:, 0, 0, 0]
    assert np.all((drawn >= 0) & (drawn < 1))
    assert len(np.unique(np.round(drawn, 9))) == 3
    again = losses.interpolate_images(IMAGES, OTHERS, seed=(1, 2))
    np.testing.assert_array_equal(points, again)
    assert np.any(points != losses.interpolate_images(IMAGES, OTHERS, seed=(1, 3)))


def test_fractions_are_uniform():
    zeros, ones = tf.zeros([4000, 1]), tf.ones([4000, 1])
    drawn = np.sort(losses.interpolate_images(zeros, ones, seed=(0, 0)).numpy()[:, 0])
    # Largest distance of the distribution functions; above 0.026 once in a hundred draws.
    assert np.abs(drawn - np.linspace(0, 1, 4000)).max() < 0.026


def test_feature_matching():
    maps = [IMAGES, RNG.normal(size=(3, 7))]
    seen = [OTHERS, RNG.normal(size=(3, 7))]
    expected = np.abs(maps[0] - seen[0]).mean(axis=(1, 2, 3)) + np.abs(maps[1] - seen[1]).mean(1)
    np.testing.assert_allclose(losses.feature_matching_loss(maps, seen), expected, rtol=1e-12)
    np.testing.assert_array_equal(losses.feature_matching_loss(maps, maps), np.zeros(3))


def layers(images):
    """Two feature maps of images [B, 4, 5, 2]."""
    hidden = tf.tanh(images * 3.0)
    return [hidden, tf.reduce_sum(hidden * images, axis=-1, keepdims=True)]


def test_perceptual_loss():
    hidden = [np.tanh(3 * value) for value in (IMAGES, OTHERS)]
    sums = [(one * value).sum(-1) for one, value in zip(hidden, (IMAGES, OTHERS))]
    expected = np.abs(hidden[0] - hidden[1]).mean(axis=(1, 2, 3))
    expected += np.abs(sums[0] - sums[1]).mean(axis=(1, 2))
    np.testing.assert_allclose(losses.perceptual_loss(IMAGES, OTHERS, layers), expected)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: losses.perceptual_loss(IMAGES[:1], x, layers),
        lambda x: losses.feature_matching_loss(layers(tf.constant(IMAGES[:1])), layers(x)),
        lambda x: losses.wasserstein_critic_loss(critic(tf.constant(IMAGES[:1])), critic(x)),
        lambda x: losses.wasserstein_generator_loss(critic(x)),
        lambda x: critic(losses.interpolate_images(IMAGES[:1], x, seed=(0, 1))),
    ],
)
def test_gradients_against_differences(function):
    images = tf.constant(OTHERS[:1])
    with tf.GradientTape() as tape:
        tape.watch(images)
        value = function(images)
    expected = differences(lambda x: float(function(tf.constant(x))[0]), OTHERS[:1])
    np.testing.assert_allclose(tape.gradient(value, images), expected, atol=1e-8)


def test_perceptual_loss_takes_a_feature_network():
    from tf_mesh_renderer.models import FeatureNetwork

    network = FeatureNetwork("small", weights="random")
    pictures = RNG.uniform(size=(2, 2, 16, 16, 3)).astype(np.float32)
    found = losses.perceptual_loss(*pictures, network)
    both = zip(network(pictures[0]), network(pictures[1]))
    expected = sum(np.abs(one - other).mean(axis=(1, 2, 3)) for one, other in both)
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert np.all(found > 0)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: losses.wasserstein_critic_loss(np.zeros(3), np.zeros(4)), "generated_scores"),
        (lambda: losses.wasserstein_generator_loss(0.0), "generated_scores"),
        (lambda: losses.gradient_penalty(IMAGES, lambda x: tf.zeros(3)), "critic"),
        (lambda: losses.interpolate_images(IMAGES, OTHERS[:2], seed=(0, 0)), "generated"),
        (lambda: losses.feature_matching_loss([IMAGES], []), "predicted_features"),
        (lambda: losses.feature_matching_loss([], []), "predicted_features"),
        (lambda: losses.feature_matching_loss([IMAGES], [IMAGES[:, 1:]]), "predicted_features"),
        (lambda: losses.perceptual_loss(IMAGES, OTHERS[:, 1:], layers), "predicted"),
        (lambda: losses.AdversarialObjective(adversarial=-1), "adversarial"),
        (lambda: losses.AdversarialObjective(penalty_at="real"), "penalty_at"),
    ],
)
def test_wrong_arguments_are_named(call, argument):
    with pytest.raises(ValueError, match=f"argument `{argument}`.*Hint"):
        call()
