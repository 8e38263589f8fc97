"""A network and its critic, trained together: what each step does, checked on a toy."""

import json
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer import losses, models

SIDE = 12
RANDOM = np.random.default_rng(9)


class Weights:
    """Of the toy's only loss."""

    used = ("color",)

    @staticmethod
    def total(parts):
        return 2.0 * parts["color"]


@keras.saving.register_keras_serializable(package="tests")
class ToyTrainer(keras.Model):
    """Its network mixes the channels of a picture; that is its drawing."""

    weights_of_losses = Weights()

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.network = keras.layers.Conv2D(4, 1, dtype=self.dtype_policy)
        self.network.build([None, SIDE, SIDE, 4])
        self._means = [keras.metrics.Mean(name=name) for name in ("loss", "color", "error")]
        self.built = True

    @property
    def metrics(self):
        return self._means

    def call(self, images, training=False):
        return self.network(images)

    def losses_and_drawings(self, data, *, training=False):
        images = data["images"][:, 0]
        drawn = tf.cast(self.network(images), tf.float32)
        loss = tf.reduce_mean(losses.color_l1_loss(images[..., :3], drawn[..., :3]))
        return {"color": loss}, images, drawn

    def figures_of(self, data):
        parts, _, _ = self.losses_and_drawings(data)
        return {**parts, "error": parts["color"] / 3}


def batch(count=4):
    images = RANDOM.random([count, 1, SIDE, SIDE, 4]).astype(np.float32)
    images[..., 3] = 1.0
    return {"images": tf.constant(images)}


def make_trainer(*, compiled=True, policy=None, **options):
    keras.utils.set_random_seed(0)
    critic = models.Discriminator((4, 6), dtype=policy)
    critic.build([None, SIDE, SIDE, 3])
    trainer = models.AdversarialTrainer(ToyTrainer(dtype=policy), critic, dtype=policy, **options)
    if compiled:
        sgd = keras.optimizers.SGD
        trainer.compile(sgd(1e-2), critic_optimizer=sgd(1e-2), jit_compile=False)
        trainer.build_optimizers()
    return trainer


def gradients_by_hand(trainer, data):
    """Of the critic's loss by its variables; a function for those of the network after that."""
    objective, critic = trainer.objective, trainer.critic
    _, real, drawn = trainer.trainer.losses_and_drawings(data, training=True)
    with tf.GradientTape() as tape:
        scores = [tf.reduce_mean(critic.score(images[..., :3])) for images in (real, drawn)]
        penalty = tf.reduce_mean(losses.gradient_penalty(drawn[..., :3], critic.score))
        loss = objective.adversarial * (scores[1] - scores[0])
        loss += objective.gradient_penalty * penalty
    of_critic = tape.gradient(loss, critic.trainable_variables)

    def of_network():
        with tf.GradientTape() as tape:
            parts, real, drawn = trainer.trainer.losses_and_drawings(data, training=True)
            judged, truth = critic(drawn[..., :3]), critic(real[..., :3])
            matching = losses.feature_matching_loss(truth["features"], judged["features"])
            loss = 2.0 * parts["color"] + objective.perceptual * tf.reduce_mean(matching)
            loss -= objective.adversarial * tf.reduce_mean(judged["scores"])
        return tape.gradient(loss, trainer.network.trainable_variables)

    return of_critic, of_network


def test_a_step_moves_the_critic_then_the_network():
    objective = losses.AdversarialObjective(0.3, 0.7, 0.9, 1.0)
    trainer, data = make_trainer(objective=objective), batch()
    of_critic, of_network = gradients_by_hand(trainer, data)
    groups = trainer.critic.trainable_variables, trainer.network.trainable_variables
    before = [[variable.numpy() for variable in group] for group in groups]
    trainer.train_step(data)
    after = [variable.numpy() for variable in groups[0]]
    for old, new, gradient in zip(before[0], after, of_critic, strict=True):
        np.testing.assert_allclose(old - new, 1e-2 * gradient, atol=1e-6)
    moved = [variable.numpy() for variable in groups[1]]
    for variable, value in zip(groups[1], before[1], strict=True):
        variable.assign(value)
    # The critic has moved already, the network has not.
    for old, new, gradient in zip(before[1], moved, of_network(), strict=True):
        np.testing.assert_allclose(old - new, 1e-2 * gradient, atol=1e-6)
        assert np.any(gradient)


def test_without_weights_the_network_learns_as_without_a_critic():
    trainer = make_trainer(objective=losses.AdversarialObjective(0, 0.5, 0))
    data = batch()
    with tf.GradientTape() as tape:
        parts, _, _ = trainer.trainer.losses_and_drawings(data, training=True)
        loss = 2.0 * parts["color"]
    kernel = trainer.network.kernel
    expected = kernel - 1e-2 * tape.gradient(loss, kernel)
    values = trainer.train_step(data)
    np.testing.assert_allclose(kernel, expected, atol=1e-6)
    np.testing.assert_allclose(values["loss"], loss, rtol=1e-6)


@pytest.mark.parametrize(
    ("policy", "where"), [("float32", "interpolates"), ("mixed_float16", "generated")]
)
def test_fit_and_evaluate(policy, where):
    objective = losses.AdversarialObjective(penalty_at=where)
    trainer = make_trainer(objective=objective, policy=policy)
    data = tf.data.Dataset.from_tensors(batch()).repeat()
    history = trainer.fit(data, steps_per_epoch=3, epochs=2, verbose=0).history
    names = {"loss", "color", "adversarial", "feature_matching"}
    names |= {"wasserstein", "gradient_norm", "penalty"}
    assert names <= history.keys()
    assert all(np.all(np.isfinite(history[name])) for name in names)
    assert trainer.critic_optimizer.iterations == 6
    figures = trainer.evaluate(data, steps=1, verbose=0, return_dict=True)
    assert np.isclose(figures["error"], figures["color"] / 3)
    assert figures["real_detail"] > 0


def test_detail_is_that_of_the_pictures():
    from tf_mesh_renderer import metrics

    trainer, data = make_trainer(), batch()
    values = trainer.test_step(data)
    _, real, drawn = trainer.trainer.losses_and_drawings(data)
    for name, images in (("real_detail", real), ("detail", drawn)):
        expected = np.mean(metrics.laplacian_energy(images[..., :3], real[..., 3:]))
        np.testing.assert_allclose(values[name], expected, rtol=1e-5)


def test_a_feature_network_adds_its_part():
    features = models.FeatureNetwork("small", weights="random")
    trainer = make_trainer(feature_network=features)
    before = features.get_weights()
    assert trainer.train_step(batch())["perceptual"] > 0
    for old, new in zip(before, features.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_a_checkpoint_holds_both_optimizers(tmp_path):
    trainer = make_trainer()
    adam = keras.optimizers.Adam
    trainer.compile(adam(1e-2), critic_optimizer=adam(1e-2))
    trainer.build_optimizers()
    for _ in range(2):
        trainer.train_step(batch())
    path = tf.train.Checkpoint(model=trainer).save(str(tmp_path / "checkpoint"))
    names = [name for name, _ in tf.train.list_variables(path)]
    for part in ("critic_optimizer", "critic/", "trainer/"):
        assert [name for name in names if name.startswith(f"model/{part}")], part


def test_configuration_and_file(tmp_path):
    features = models.FeatureNetwork("small", weights="random")
    trainer = make_trainer(compiled=False, feature_network=features, seed=3)
    assert json.loads(json.dumps(trainer.get_config()))["seed"] == 3
    trainer.save(tmp_path / "trainer.keras")
    restored = keras.saving.load_model(tmp_path / "trainer.keras")
    images = batch()["images"][:, 0]
    np.testing.assert_array_equal(restored(images), trainer(images))
    np.testing.assert_array_equal(
        restored.critic.score(images[..., :3]), trainer.critic.score(images[..., :3])
    )


def test_a_critic_without_variables_is_refused():
    with pytest.raises(ValueError, match=r"argument `critic`.*Hint"):
        models.AdversarialTrainer(ToyTrainer(), models.Discriminator())


@pytest.mark.slow
@pytest.mark.parametrize("penalty_at", ["generated", "interpolates"])
def test_two_replicas_learn_what_one_does(penalty_at):
    command = [sys.executable, "-m", "tests.models.adversarial_replicas", penalty_at]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout + process.stderr
