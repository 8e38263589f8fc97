"""How `fit` trains a generator against its critics; what the two stages share."""

from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.losses.adversarial import (
    critic_gradient_norm,
    wasserstein_critic_loss,
    wasserstein_generator_loss,
)
from tf_mesh_renderer.models.discriminator import Discriminator
from tf_mesh_renderer.models.generator import MeshGenerator
from tf_mesh_renderer.models.replicas import agree_on_overflow

# Of WGAN-GP's own experiments.
PENALTY_WEIGHT = 10.0
_UNIT_NORM = 1.0


class GanTrainer(keras.Model):
    """Base of the trainers of the stages: steps of the critics, then one of the generator.

    A subclass adds `critics`, `samples`, `trained_variables` and, if it has any, `regularization`.
    `compile` takes two optimizers. `fit` takes the batches of `datasets.adversarial_batches`, whose
    arrays have the names of the critics.

    Args:
      generator: `MeshGenerator`; its variables are made if they are not there.
      penalty_weight: of the gradient penalty.
      **kwargs: passed to `keras.Model` (`name`, `dtype`).
    Call arguments:
      noise: [B, Z] float.
    Returns:
      What the generator returns.
    Source:
      Gulrajani et al., "Improved Training of Wasserstein GANs", NeurIPS 2017, algorithm 1.
    """

    def __init__(
        self, generator: MeshGenerator, *, penalty_weight: float = PENALTY_WEIGHT, **kwargs
    ):
        super().__init__(**kwargs)
        generator.build()
        self.generator = generator
        self.penalty_weight = penalty_weight
        self.critic_optimizer: keras.optimizers.Optimizer | None = None
        self._trackers: dict[str, keras.metrics.Mean] = {}

    @property
    def critics(self) -> Mapping[str, Discriminator]:
        """The critics by the names of what they look at."""
        raise NotImplementedError  # Each stage has its own.

    @property
    def trained_variables(self) -> Sequence[keras.Variable]:
        """The variables of the generator that this stage trains."""
        raise NotImplementedError  # Each stage has its own.

    def samples(self, generated: Mapping[str, tf.Tensor]) -> dict[str, tf.Tensor]:
        """What the critics look at.

        Args:
          generated: outputs of the generator.
        Returns:
          [B, ...] float32 for each critic.
        Gradients:
          As the renderer defines them.
        """
        raise NotImplementedError  # Each stage has its own.

    def generate(self, noise: tf.Tensor) -> dict[str, tf.Tensor]:
        """What the stage needs of the generator.

        Args:
          noise: [B, Z] float.
        Returns:
          Outputs of the generator, or some of them.
        Gradients:
          Exact.
        """
        return self.generator(noise, training=True)

    def regularization(self, generated: Mapping[str, tf.Tensor]) -> dict[str, tf.Tensor]:
        """Further losses of the generator with their weights.

        Args:
          generated: outputs of the generator.
        Returns:
          [] float32 by names for the log.
        Gradients:
          Exact.
        """
        del generated
        return {}

    def make_trackers(self, names: Sequence[str]) -> None:
        """Makes the metrics; a subclass calls it when its critics are there.

        Args:
          names: of the parts of `regularization`.
        """
        per_critic = [f"{kind}_{of}" for of in self.critics for kind in ("distance", "norm")]
        names = ("generator_loss", *per_critic, *names)
        self._trackers = {name: keras.metrics.Mean(name=name) for name in names}
        self.built = True  # as its networks are

    def compile(self, optimizer, critic_optimizer, **kwargs):
        """Sets the optimizers and makes their variables.

        Args:
          optimizer: of the generator.
          critic_optimizer: of the critics.
          **kwargs: as of `keras.Model.compile`.
        """
        super().compile(optimizer, **kwargs)
        if isinstance(self.optimizer, keras.optimizers.LossScaleOptimizer):
            critic_optimizer = keras.optimizers.LossScaleOptimizer(critic_optimizer)
        self.critic_optimizer = critic_optimizer
        self.optimizer.build(self.trained_variables)
        self.critic_optimizer.build(self.critic_variables)

    @property
    def critic_variables(self) -> list[keras.Variable]:
        """The variables of all critics."""
        return [v for critic in self.critics.values() for v in critic.trainable_variables]

    @property
    def metrics(self):
        """Means since the start of the epoch.

        "generator_loss" without regularization; for each critic the estimate of the "distance"
        between real and generated, and the "norm" of its gradient between them, which should be 1.
        """
        return list(self._trackers.values())

    def call(self, noise, training=False):
        return self.generator(noise, training=training)

    def train_step(self, data):
        """Steps of the critics and one of the generator; `fit` calls it.

        Args:
          data: a batch of `datasets.adversarial_batches`.
        Returns:
          A dict of metrics.
        """
        steps = data["mix"].shape[1]
        logs = [self._train_critics(data, index) for index in range(steps)]
        means = {name: sum(log[name] for log in logs) / steps for name in logs[0]}
        means |= self._train_generator(data["noise"][:, steps])
        count = tf.shape(data["noise"])[0]
        for name, tracker in self._trackers.items():
            tracker.update_state(means[name], sample_weight=count)
        return {name: tracker.result() for name, tracker in self._trackers.items()}

    def get_config(self):
        return {
            **super().get_config(),
            "generator": keras.saving.serialize_keras_object(self.generator),
            "penalty_weight": self.penalty_weight,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Makes the trainer that a configuration describes.

        Args:
          config: a dict as `get_config` returns.
          custom_objects: classes by name that the networks may need, or None.
        Returns:
          The trainer.
        """
        networks = {
            name: keras.saving.deserialize_keras_object(value, custom_objects=custom_objects)
            for name, value in config.items()
            if isinstance(value, dict) and "class_name" in value and name != "dtype"
        }
        return cls(**{**config, **networks})

    def _train_critics(self, data, index: int) -> dict[str, tf.Tensor]:
        """One step of all critics on part `index` of a batch; returns what to log."""
        with tf.GradientTape() as tape:
            logs = self._judge_all(data, index)
            objective = _objective(self.critic_optimizer, logs.pop("loss"))
        _step(self.critic_optimizer, tape, objective, self.critic_variables)
        return logs

    def _judge_all(self, data, index: int) -> dict[str, tf.Tensor]:
        """The "loss" of the critics on part `index` of a batch, and what to log."""
        generated = self.samples(self.generate(data["noise"][:, index]))
        loss, logs = 0.0, {}
        for name, critic in self.critics.items():
            pair = data[name][:, index], tf.stop_gradient(generated[name])
            distance, norm = _judge(critic, *pair, data["mix"][:, index])
            penalty = tf.reduce_mean(tf.square(norm - _UNIT_NORM))
            loss += self.penalty_weight * penalty - distance
            logs |= {f"distance_{name}": distance, f"norm_{name}": tf.reduce_mean(norm)}
        return {"loss": loss, **logs}

    def _train_generator(self, noise) -> dict[str, tf.Tensor]:
        """One step of the generator; returns what to log."""
        with tf.GradientTape() as tape:
            generated = self.generate(noise)
            seen = self.samples(generated)
            scores = [critic.score(seen[name]) for name, critic in self.critics.items()]
            loss = sum(tf.reduce_mean(wasserstein_generator_loss(score)) for score in scores)
            others = self.regularization(generated)
            objective = _objective(self.optimizer, loss + sum(others.values()))
        _step(self.optimizer, tape, objective, self.trained_variables)
        return {"generator_loss": loss, **others}


def _judge(critic, real, generated, mix) -> tuple[tf.Tensor, tf.Tensor]:
    """The estimate of a distance [], and norms of the gradient [B] between real and generated."""

    # The place is part of the batch, not drawn here, so that any shares of it give the same.
    mix = tf.reshape(mix, [-1] + [1] * (real.shape.rank - 1))
    norm = critic_gradient_norm(real + mix * (generated - real), critic.score)
    scores = critic.score(real), critic.score(generated)
    return -tf.reduce_mean(wasserstein_critic_loss(*scores)), norm


def _objective(optimizer, loss: tf.Tensor) -> tf.Tensor:
    # Gradients are summed over the replicas of a strategy, losses are means over a batch.
    return optimizer.scale_loss(tf.nn.scale_regularization_loss(loss))


def _step(optimizer, tape, objective, variables) -> None:
    gradients = tape.gradient(objective, variables)
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        gradients = agree_on_overflow(gradients)
    optimizer.apply_gradients(zip(gradients, variables))


def check_critic(where: str, name: str, critic: Discriminator) -> None:
    """Refuses a critic without variables.

    Args:
      where: calling class, for the error.
      name: its argument.
      critic: what was passed.
    Raises:
      ValueError: the critic is not built.
    """
    if not critic.built:
        raise argument_error(
            where,
            name,
            expected="a critic with variables",
            received=f"{critic.name}, not built",
            hint="call its build([None, height, width, channels]) first",
        )
