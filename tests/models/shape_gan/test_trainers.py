"""Both stages of the 3D GAN: what a step changes, and what is learnt in a few."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer.datasets import CanonicalViews, MeshArrays, adversarial_batches
from tf_mesh_renderer.geometry import icosphere
from tf_mesh_renderer.models import Discriminator, GeneratorSize, MeshGenerator, shape_gan

SIDE, TEXELS = 16, 8
SIZE = GeneratorSize(noise_units=4, shape_units=(16,), texture_filters=(8, 8))
PRESET = dataclasses.replace(
    shape_gan.shape_gan_preset("tiny"),
    size=SIZE,
    subdivisions=1,
    image_size=SIDE,
    image_filters=(8, 8),
    texture_filters=(8,),
    critic_steps=2,
)


@pytest.fixture(scope="module")
def views():
    meshes = []
    for red, radius in ((60, 0.4), (240, 0.45)):
        ball = icosphere(1, radius=radius)
        flat = np.asarray(ball.vertices) * (1.0, 0.5, 1.0)
        colors = np.tile(np.uint8([red, 20, 200]), [len(flat), 1])
        meshes.append(MeshArrays(flat.astype(np.float32), np.asarray(ball.faces), colors))
    return CanonicalViews.of_meshes(meshes, image_size=SIDE, texture_size=TEXELS)


def real(views, stage):
    if stage == "shape":
        return {shape_gan.SILHOUETTES: views.silhouettes}
    return {shape_gan.IMAGES: views.colors, shape_gan.TEXTURES: views.textures}


def batches(views, stage, batch_size=4):
    return adversarial_batches(
        real(views, stage), batch_size=batch_size, seed=0, noise_units=4, critic_steps=2
    )


def make_trainer(stage, **changes):
    keras.utils.set_random_seed(0)
    return dataclasses.replace(PRESET, **changes).make_trainer(stage)


@pytest.mark.parametrize("stage", shape_gan.STAGES)
def test_a_step_changes_the_critics_and_only_the_stage_of_the_generator(views, stage):
    trainer = make_trainer(stage)
    before = {variable.path: variable.numpy() for variable in trainer.trainable_variables}
    history = trainer.fit(batches(views, stage), steps_per_epoch=1, verbose=0, shuffle=False)
    changed = {v.path for v in trainer.trainable_variables if np.any(v.numpy() != before[v.path])}
    trained = {v.path for v in [*trainer.trained_variables, *trainer.critic_variables]}
    # A bias of the last layer shifts all scores alike, which no difference of scores can see.
    assert changed >= {path for path in trained if not path.endswith("bias")}
    assert changed <= trained
    for name, (value,) in history.history.items():
        assert np.isfinite(value), name
    assert {f"norm_{name}" for name in trainer.critics} <= set(history.history)


@pytest.mark.parametrize("stage", shape_gan.STAGES)
def test_samples_are_what_the_real_arrays_are(views, stage):
    trainer = make_trainer(stage)
    drawn = trainer.samples(trainer.generate(tf.zeros([3, 4])))
    for name, array in real(views, stage).items():
        assert tuple(drawn[name].shape) == (3, *array.shape[1:])
        assert drawn[name].dtype == tf.float32
    # A generator that made the real objects would be drawn as they are.
    if stage == "texture":
        trainer.generator.shape_decoder.set_weights(
            [np.zeros_like(w) for w in trainer.generator.shape_decoder.get_weights()]
        )
        made = {"vertices": trainer.generator(tf.zeros([1, 4]))["vertices"]}
        made["textures"] = tf.constant(views.textures[:1] / np.float32(255))
        color = trainer.samples(made)["images"][0, SIDE // 2, SIDE // 2].numpy()
        np.testing.assert_allclose(color, views.colors[0, SIDE // 2, SIDE // 2] / 255, atol=0.01)


def test_the_gradient_penalty_is_that_of_the_critic(views):
    """Against a critic whose slope is known: a weighted sum of pixels."""
    trainer = make_trainer("shape")
    weights = np.random.default_rng(0).normal(size=[SIDE, SIDE, 4]).astype(np.float32)

    class Linear(Discriminator):
        def score(self, images):
            return tf.reduce_sum(images * weights, axis=[1, 2, 3])

    linear = Linear((2,))
    linear.build([None, SIDE, SIDE, 4])
    trainer.critic = linear
    (batch,) = batches(views, "shape").take(1)
    logs = trainer._judge_all(batch, 0)
    np.testing.assert_allclose(logs["norm_silhouettes"], np.linalg.norm(weights), rtol=1e-5)
    generated = trainer.samples(trainer.generate(batch["noise"][:, 0]))["silhouettes"]
    difference = tf.reduce_sum((batch["silhouettes"][:, 0] - generated) * weights, axis=[1, 2, 3])
    np.testing.assert_allclose(
        logs["distance_silhouettes"], tf.reduce_mean(difference), rtol=1e-4, atol=1e-4
    )


def test_shapes_grow_towards_the_real_ones(views):
    trainer = make_trainer("shape", learning_rate=2e-3)

    def distance():
        noise = tf.random.stateless_normal([8, 4], [1, 2])
        drawn = trainer.samples(trainer.generate(noise))["silhouettes"]
        return np.abs(np.mean(drawn) - views.silhouettes.mean() / 255)

    before = distance()
    trainer.fit(batches(views, "shape"), steps_per_epoch=60, verbose=0, shuffle=False)
    assert distance() < 0.5 * before


@pytest.mark.slow
def test_textures_take_the_real_colors(views):
    trainer = make_trainer("texture", learning_rate=2e-3)
    noise = tf.random.stateless_normal([16, 4], [1, 2])
    wanted = views.textures.astype(np.float32).mean(axis=(1, 2)) / 255  # [2, 3]

    def distances():
        found = trainer.generator(noise)["textures"].numpy().mean(axis=(1, 2))  # [16, 3]
        return np.abs(found[:, np.newaxis] - wanted).mean(axis=2).min(axis=1)

    before = distances().mean()
    trainer.fit(batches(views, "texture", 8), steps_per_epoch=200, verbose=0, shuffle=False)
    assert distances().mean() < 0.4 * before


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision_trains(views, policy):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        trainer = make_trainer("shape")
    finally:
        keras.config.set_dtype_policy(before)
    history = trainer.fit(batches(views, "shape"), steps_per_epoch=2, verbose=0, shuffle=False)
    assert all(np.isfinite(values).all() for values in history.history.values())
    scaled = isinstance(trainer.critic_optimizer, keras.optimizers.LossScaleOptimizer)
    assert scaled == (policy == "mixed_float16")


@pytest.mark.parametrize("stage", shape_gan.STAGES)
def test_a_configuration_makes_the_trainer_again(stage):
    trainer = make_trainer(stage)
    restored = type(trainer).from_config(trainer.get_config())
    assert restored.get_config() == trainer.get_config()
    assert restored(tf.zeros([1, 4]))["vertices"].shape == (1, 42, 3)


def test_what_cannot_be_trained_is_refused():
    generator = MeshGenerator(icosphere(1), size=SIZE)
    with pytest.raises(ValueError, match="not built"):
        shape_gan.ShapeGanTrainer(generator, Discriminator((4,)), image_size=SIDE)
    with pytest.raises(ValueError, match="stage"):
        PRESET.make_trainer("colour")
    with pytest.raises(ValueError, match="tiny"):
        shape_gan.shape_gan_preset("huge")
