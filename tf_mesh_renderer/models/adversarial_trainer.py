"""Fine-tuning of a network that draws, by a critic that learns beside it."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf

from tf_mesh_renderer import metrics
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.losses.objective import AdversarialObjective
from tf_mesh_renderer.models.discriminator import Discriminator
from tf_mesh_renderer.models.replicas import agree_on_overflow

_COLORS = 3
_OF_NETWORK = ("adversarial", "feature_matching", "perceptual")
_OF_CRITIC = ("wasserstein", "gradient_norm", "penalty")
_OF_DETAIL = ("detail", "real_detail")


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class AdversarialTrainer(keras.Model):
    """A trainer of a network, with a critic of what it draws; `fit` trains both.

    In each step the network draws once. The critic takes a step on these drawings and the pictures
    that they should look like, then the network takes one with the critic's gradient added to that
    of its own losses. The critic sees colours without alpha: soft outlines would tell drawings from
    pictures at once, and no texture can mend them.

    Example:
      >>> trainer = AdversarialTrainer(texture_light_trainer, critic)
      >>> trainer.compile(keras.optimizers.Adam(1e-4, 0.5),
      ...                 critic_optimizer=keras.optimizers.Adam(1e-5, 0.5))
      >>> trainer.fit(textured_batches(...), steps_per_epoch=400)

    Args:
      trainer: what trained the network: a `TextureLightTrainer`, or any model with its
        `losses_and_drawings`.
      critic: `Discriminator` whose variables are made (`build`), of images of 3 channels.
      objective: `AdversarialObjective` or its configuration.
      feature_network: from images [B, H, W, 3] to feature maps, as `FeatureNetwork`; None: no
        perceptual loss but that of the critic's layers.
      seed: of the points where `penalty_at="interpolates"` looks.
      **kwargs: passed to `keras.Model` (`name`, `dtype`).
    Call arguments:
      images: as of the trainer.
      training: as of the trainer.
    Training data:
      As of the trainer.
    Raises:
      ValueError: the critic is not built.
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer", NeurIPS 2019, sections 4.1 and 5.3. One step of the critic for one of the network
      is ours: the paper does not say.
    """

    def __init__(
        self,
        trainer: keras.Model,
        critic: Discriminator,
        *,
        objective: Any = AdversarialObjective(),  # noqa: B008  (a frozen value)
        feature_network: Callable[[tf.Tensor], Sequence[tf.Tensor]] | None = None,
        seed: int = 0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not critic.built:
            raise argument_error(
                "AdversarialTrainer",
                "critic",
                expected="a critic with variables",
                received=f"{critic.name}, not built",
                hint=f"call critic.build([None, height, width, {_COLORS}]) first",
            )
        self.trainer = trainer
        self.critic = critic
        self.feature_network = feature_network
        # Under a strategy `fit` would make the variables of all that lacks some, from a batch.
        if isinstance(feature_network, keras.Layer) and not feature_network.built:
            feature_network.build((None, None, None, _COLORS))
        self.objective = AdversarialObjective.from_config(objective)
        self.seed = seed
        self.critic_optimizer = None
        of_trainer = (metric.name for metric in trainer.metrics)
        names = (*of_trainer, *_OF_NETWORK, *_OF_CRITIC, *_OF_DETAIL)
        self._trackers = {name: keras.metrics.Mean(name=name) for name in names}
        self.built = True  # as its network is

    @property
    def network(self) -> keras.Model:
        """The network that is trained."""
        return self.trainer.network

    @property
    def metrics(self):
        """Means since the start of the epoch."""
        return list(self._trackers.values())

    def compile(self, optimizer, *, critic_optimizer, **kwargs):
        """Sets how to train.

        Args:
          optimizer: of the network.
          critic_optimizer: of the critic; another object.
          **kwargs: passed to `keras.Model.compile`.
        """
        super().compile(optimizer=optimizer, **kwargs)
        if isinstance(self.optimizer, keras.optimizers.LossScaleOptimizer):
            critic_optimizer = keras.optimizers.LossScaleOptimizer(critic_optimizer)
        self.critic_optimizer = critic_optimizer

    def build_optimizers(self) -> None:
        """Makes the variables of both optimizers, so that a checkpoint can hold them."""
        self.optimizer.build(self.network.trainable_variables)
        self.critic_optimizer.build(self.critic.trainable_variables)

    def call(self, images, training=False):
        return self.trainer(images, training=training)

    def train_step(self, data):
        """A step of the critic and one of the network; `fit` calls it.

        Args:
          data: a batch of the training data.
        Returns:
          A dict of metrics.
        """
        with tf.GradientTape() as tape:
            parts, real, drawn = self.trainer.losses_and_drawings(data, training=True)
            with tape.stop_recording():
                learnt = self._train_critic(real[..., :_COLORS], drawn[..., :_COLORS])
            loss, judged = self._judge(parts, real, drawn)
            objective = _scaled(self.optimizer, loss)
        _apply(self.optimizer, tape, objective, self.network.trainable_variables)
        return self._track({**parts, **judged, **learnt, "loss": loss}, data)

    def test_step(self, data):
        """The metrics of one batch; `evaluate` calls it.

        Args:
          data: as in `train_step`.
        Returns:
          A dict of metrics, those of `figures_of`.
        """
        return self._track(self.figures_of(data), data)

    def figures_of(self, data) -> dict[str, tf.Tensor]:
        """What is measured of a batch that is not trained on.

        Args:
          data: as in `train_step`.
        Returns:
          [] float32 each: the trainer's figures, what `train_step` returns, and "detail" and
          "real_detail", `metrics.laplacian_energy` of drawings and pictures.
        Gradients:
          Not meant for any.
        """
        parts, real, drawn = self.trainer.losses_and_drawings(data, training=False)
        loss, judged = self._judge(parts, real, drawn)
        colors = real[..., :_COLORS], drawn[..., :_COLORS]
        learnt = _means(self.objective.critic_parts(self.critic, *colors))
        mask = real[..., _COLORS:]
        energies = (metrics.laplacian_energy(images, mask) for images in reversed(colors))
        detail = _means(dict(zip(_OF_DETAIL, energies)))
        figures = self.trainer.figures_of(data)
        return {**figures, **judged, **learnt, **detail, "loss": loss}

    def _train_critic(self, real, drawn):
        """The parts of the critic's loss before its step."""
        with tf.GradientTape() as tape:
            seed = [self.seed, tf.cast(self.critic_optimizer.iterations, tf.int32)]
            # Replicas take their items' part of what one device would draw for the whole batch.
            replica = tf.distribute.get_replica_context().replica_id_in_sync_group
            draws = {"seed": seed, "first": replica * tf.shape(real)[0]}
            parts = _means(self.objective.critic_parts(self.critic, real, drawn, **draws))
            objective = _scaled(self.critic_optimizer, self.objective.critic_loss(parts))
        _apply(self.critic_optimizer, tape, objective, self.critic.trainable_variables)
        return parts

    def _judge(self, parts, real, drawn):
        """The network's whole loss, and what the critic and the features have in it."""
        judged = self.objective.generator_parts(
            self.critic, real[..., :_COLORS], drawn[..., :_COLORS], network=self.feature_network
        )
        judged = _means(judged)
        reconstruction = self.trainer.weights_of_losses.total(parts)
        return self.objective.generator_loss(judged, reconstruction), judged

    def _track(self, values, data):
        count = tf.shape(data["images"])[0]
        for name, value in values.items():
            self._trackers[name].update_state(value, sample_weight=count)
        return {name: self._trackers[name].result() for name in values}

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            **super().get_config(),
            "trainer": serialize(self.trainer),
            "critic": serialize(self.critic),
            "objective": self.objective.to_config(),
            "feature_network": serialize(self.feature_network),
            "seed": self.seed,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Makes the trainer that a configuration describes.

        Args:
          config: a dict as `get_config` returns.
          custom_objects: classes by name that the networks may need, or None.
        Returns:
          The trainer; its critic has no variables yet if it had none.
        """
        parts = {
            name: keras.saving.deserialize_keras_object(config[name], custom_objects)
            for name in ("trainer", "critic", "feature_network")
        }
        return cls(**{**config, **parts})


def _means(parts: dict[str, tf.Tensor]) -> dict[str, tf.Tensor]:
    return {name: tf.reduce_mean(values) for name, values in parts.items()}


def _scaled(optimizer: keras.optimizers.Optimizer, loss: tf.Tensor) -> tf.Tensor:
    """What is differentiated: gradients are summed over the replicas of a strategy."""
    return optimizer.scale_loss(tf.nn.scale_regularization_loss(loss))


def _apply(optimizer, tape: tf.GradientTape, objective: tf.Tensor, variables) -> None:
    gradients = tape.gradient(objective, variables)
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        gradients = agree_on_overflow(gradients)
    optimizer.apply_gradients(zip(gradients, variables))
