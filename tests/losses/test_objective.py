"""The whole adversarial objective against its parts."""

import json

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer import losses

RNG = np.random.default_rng(3)
REAL = RNG.uniform(size=(2, 3, 4, 4))
GENERATED = RNG.uniform(size=(2, 3, 4, 4))
WEIGHT = RNG.normal(size=(3, 4, 4))


def critic(images):
    seen = tf.sin(images * tf.constant(WEIGHT, images.dtype))
    return {"scores": tf.reduce_sum(seen, [1, 2, 3]), "features": [seen, seen[:, :1] ** 2]}


def network(images):
    return [tf.sqrt(images)]


def scores(images):
    return np.sin(images * WEIGHT).sum(axis=(1, 2, 3))


def slopes(images):
    return np.sqrt(np.square(np.cos(images * WEIGHT) * WEIGHT).sum(axis=(1, 2, 3)))


def test_the_paper_s_weights_are_the_defaults():
    config = losses.AdversarialObjective().to_config()
    assert config.pop("penalty_at") == "generated"
    names = ("adversarial", "gradient_penalty", "perceptual", "reconstruction")
    assert config == dict(zip(names, (0.5, 0.5, 1.0, 1.0)))


def test_configuration():
    objective = losses.AdversarialObjective(0.1, 10, 0.2, 2, "interpolates")
    config = json.loads(json.dumps(objective.to_config()))
    assert losses.AdversarialObjective.from_config(config) == objective
    assert losses.AdversarialObjective.from_config(objective) is objective


def test_critic_parts_at_generated_images():
    objective = losses.AdversarialObjective(adversarial=0.3, gradient_penalty=0.7)
    parts = objective.critic_parts(critic, tf.constant(REAL), tf.constant(GENERATED))
    wasserstein = scores(GENERATED) - scores(REAL)
    np.testing.assert_allclose(parts["wasserstein"], wasserstein, rtol=1e-12)
    np.testing.assert_allclose(parts["gradient_norm"], slopes(GENERATED), rtol=1e-12)
    penalty = (slopes(GENERATED) - 1) ** 2
    np.testing.assert_allclose(parts["penalty"], penalty, rtol=1e-12)
    total = objective.critic_loss(parts)
    np.testing.assert_allclose(total, 0.3 * wasserstein + 0.7 * penalty, rtol=1e-12)


def test_critic_parts_at_interpolates():
    objective = losses.AdversarialObjective(penalty_at="interpolates")
    real, generated = tf.constant(REAL), tf.constant(GENERATED)
    found = objective.critic_parts(critic, real, generated, seed=(3, 4))["gradient_norm"]
    points = losses.interpolate_images(REAL, GENERATED, seed=(3, 4)).numpy()
    np.testing.assert_allclose(found, slopes(points), rtol=1e-12)


@pytest.mark.parametrize("where", ["generated", "interpolates"])
def test_the_critic_s_loss_has_no_gradient_to_what_was_drawn(where):
    objective = losses.AdversarialObjective(penalty_at=where)
    generated = tf.constant(GENERATED)
    with tf.GradientTape() as tape:
        tape.watch(generated)
        parts = objective.critic_parts(critic, tf.constant(REAL), generated)
        loss = objective.critic_loss(parts)
    assert tape.gradient(loss, generated) is None


def test_generator_parts():
    objective = losses.AdversarialObjective(0.3, 0.7, 0.9, 2.0)
    real, generated = tf.constant(REAL), tf.constant(GENERATED)
    parts = objective.generator_parts(critic, real, generated, network=network)
    seen = [np.sin(images * WEIGHT) for images in (REAL, GENERATED)]
    matching = np.abs(seen[0] - seen[1]).mean(axis=(1, 2, 3))
    matching += np.abs(seen[0][:, :1] ** 2 - seen[1][:, :1] ** 2).mean(axis=(1, 2, 3))
    perceptual = np.abs(np.sqrt(REAL[..., :3]) - np.sqrt(GENERATED[..., :3])).mean(axis=(1, 2, 3))
    expected = {
        "adversarial": -scores(GENERATED),
        "feature_matching": matching,
        "perceptual": perceptual,
    }
    assert parts.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_allclose(parts[name], value, rtol=1e-12)
    base = np.array([0.5, 0.25])
    total = 0.3 * expected["adversarial"] + 0.9 * (matching + perceptual) + 2.0 * base
    np.testing.assert_allclose(objective.generator_loss(parts, base), total, rtol=1e-12)


def test_parts_without_weight_are_left_out():
    real, generated = tf.constant(REAL), tf.constant(GENERATED)
    for objective, names in (
        (losses.AdversarialObjective(perceptual=0), {"adversarial"}),
        (losses.AdversarialObjective(adversarial=0), {"feature_matching", "perceptual"}),
        (losses.AdversarialObjective(adversarial=0, perceptual=0), set()),
    ):
        parts = objective.generator_parts(critic, real, generated, network=network)
        assert parts.keys() == names
    without = losses.AdversarialObjective().generator_parts(critic, real, generated)
    assert without.keys() == {"adversarial", "feature_matching"}
