"""The critic: shapes, borders, second derivatives, files."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer import losses, models

RNG = np.random.default_rng(5)


def pictures(batch=2, height=12, width=16, channels=4):
    return RNG.uniform(size=(batch, height, width, channels)).astype(np.float32)


def make(shape=(12, 16, 4), **options):
    critic = models.Discriminator(**({"filters": (6, 8)} | options))
    critic.build([None, *shape])
    return critic


def convolved(maps, kernel, bias, slope):
    """4x4 windows with stride 2 of NumPy, zeros one pixel beyond the border."""
    maps = np.pad(maps, [(0, 0), (1, 1), (1, 1), (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(maps, (4, 4), axis=(1, 2))[:, ::2, ::2]
    out = np.einsum("bhwcij,ijcd->bhwd", windows, kernel) + bias
    return np.where(out > 0, out, slope * out)


def test_against_numpy():
    critic, images = make(slope=0.3), pictures().astype(np.float64)
    outputs = critic(images)
    maps = images
    for layer, feature in zip(critic.convolutions, outputs["features"], strict=True):
        maps = convolved(maps, *(weight.numpy() for weight in layer.weights), 0.3)
        np.testing.assert_allclose(feature, maps, atol=1e-5)
    kernel, bias = (weight.numpy() for weight in critic.head.weights)
    expected = (maps.reshape(2, -1) @ kernel + bias)[:, 0]
    np.testing.assert_allclose(outputs["scores"], expected, atol=1e-5)
    np.testing.assert_array_equal(critic.score(images), outputs["scores"])


def test_the_default_is_five_layers():
    critic = models.Discriminator()
    critic.build([None, 64, 64, 4])
    shapes = [tuple(maps.shape[1:]) for maps in critic(pictures(1, 64, 64))["features"]]
    sizes = zip((32, 16, 8, 4, 2), (64, 128, 256, 512, 512))
    assert shapes == [(side, side, filters) for side, filters in sizes]
    assert not [layer for layer in critic.layers if "norm" in layer.name]


@pytest.mark.parametrize("wraps", [False, True])
@pytest.mark.parametrize("size", [(1, 1), (3, 7), (5, 2), (24, 9)])
def test_any_size_of_image(size, wraps):
    critic = make((*size, 1), wraps=wraps)
    outputs = critic(pictures(3, *size, 1))
    assert outputs["scores"].shape == [3]
    halves = [-(-side // 2) for side in size]
    assert outputs["features"][0].shape == [3, *halves, 6]


def test_a_map_that_wraps_is_seen_alike_wherever_it_is_cut():
    critic, images = make(wraps=True), pictures()
    first, moved = (critic(image)["features"] for image in (images, np.roll(images, 4, axis=2)))
    for maps, other, step in zip(first, moved, (2, 1), strict=True):
        np.testing.assert_allclose(np.roll(maps, step, axis=2), other, atol=1e-6)


def test_items_do_not_mix():
    critic, images = make(), pictures(3)
    together = critic(images)["scores"]
    for item in range(3):
        alone = critic(images[item : item + 1])["scores"]
        np.testing.assert_allclose(alone[0], together[item], rtol=1e-4, atol=1e-6)


def test_the_penalty_s_gradient_by_every_variable_against_differences():
    critic = make((6, 6, 2), filters=(3, 4), dtype="float64")
    images = tf.constant(RNG.uniform(size=(2, 6, 6, 2)))
    with tf.GradientTape() as tape:
        penalty = tf.reduce_sum(losses.gradient_penalty(images, critic.score))
    found = tape.gradient(penalty, critic.trainable_variables)
    for variable, gradient in zip(critic.trainable_variables, found, strict=True):
        if gradient is None:  # biases shift scores; ReLUs have no curvature
            assert variable.path.endswith("bias")
            continue
        value, index = variable.numpy(), tuple(np.array(variable.shape) // 2)
        step, sums = 1e-5 * np.eye(1, value.size, np.ravel_multi_index(index, value.shape)), []
        for sign in (1, -1):
            variable.assign(value + sign * step.reshape(value.shape))
            sums.append(float(tf.reduce_sum(losses.gradient_penalty(images, critic.score))))
        variable.assign(value)
        expected = (sums[0] - sums[1]) / 2e-5
        np.testing.assert_allclose(gradient[index], expected, rtol=1e-3, atol=1e-6)


def test_a_critic_learns_to_tell_two_kinds_of_images_with_slope_one():
    critic = make(filters=(8, 8))
    real, generated = pictures(8), pictures(8) * 0.5
    optimizer = keras.optimizers.Adam(1e-2, beta_1=0.5)
    # The score gains slope times the distance of the images, 8; more than 1 pays by 8 / 40.
    objective = losses.AdversarialObjective(adversarial=1, gradient_penalty=20)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            parts = objective.critic_parts(critic, real, generated)
            loss = tf.reduce_mean(objective.critic_loss(parts))
        variables = critic.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)
        return {name: tf.reduce_mean(value) for name, value in parts.items()}

    first = step()
    for _ in range(60):
        last = step()
    assert last["wasserstein"] < first["wasserstein"] - 1
    assert abs(last["gradient_norm"] - 1.2) < 0.1


@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "mixed_bfloat16"])
def test_scores_are_float32_and_the_penalty_finite_under_any_policy(policy):
    critic = make(dtype=policy)
    penalty = losses.gradient_penalty(pictures(), critic.score)
    assert critic(pictures())["scores"].dtype == tf.float32
    assert penalty.dtype == tf.float32
    assert np.all(np.isfinite(penalty))
    assert np.all(losses.critic_gradient_norm(pictures(), critic.score) > 0)


def test_the_penalty_compiles_with_xla():
    critic, images = make(), pictures()

    def derivatives():
        with tf.GradientTape() as tape:
            penalty = tf.reduce_sum(losses.gradient_penalty(images, critic.score))
        return tape.gradient(penalty, [layer.kernel for layer in critic.convolutions])

    compiled = tf.function(derivatives, jit_compile=True)
    for ours, eager in zip(compiled(), derivatives(), strict=True):
        np.testing.assert_allclose(ours, eager, rtol=1e-4, atol=1e-5)


def test_configuration_and_files(tmp_path):
    critic, images = make(slope=0.1, wraps=True), pictures()
    config = critic.get_config()
    assert json.loads(json.dumps(config)) == config
    assert models.Discriminator.from_config(config).get_config() == config
    critic.save(tmp_path / "critic.keras")
    restored = keras.saving.load_model(tmp_path / "critic.keras")
    np.testing.assert_array_equal(restored.score(images), critic.score(images))


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: models.Discriminator((4, 0)), "filters"),
        (lambda: models.Discriminator(slope=1), "slope"),
        (lambda: make((None, 4, 3)), "images"),
        (lambda: make()(pictures()[0]), "images"),
    ],
)
def test_wrong_arguments_are_named(call, argument):
    with pytest.raises(ValueError, match=f"argument `{argument}`.*Hint"):
        call()
