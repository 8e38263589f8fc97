"""A network with a weighted sum of losses, for `fit`: the step that all trainers share."""

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from tf_mesh_renderer.models.replicas import agree_on_overflow


class LossTrainer(keras.Model):
    """Base of trainers: a subclass says what the losses of a batch are.

    Called on images it returns what the network does, so that `predict` works; export the network.

    Args:
      network: model whose variables are made (`build`).
      weights: names the losses in use, `used`, and adds them up, `total`, as
        `reconstruction.LossWeights` does.
      figures: names of other values that `losses_of` or `figures_of` return, for the log.
      **kwargs: passed to `keras.Model` (`name`, `dtype`).
    """

    def __init__(self, network: keras.Model, *, weights: Any, figures: Sequence[str], **kwargs):
        super().__init__(**kwargs)
        self.network = network
        self.weights_of_losses = weights
        names = ("loss", *weights.used, *figures)
        self._trackers = {name: keras.metrics.Mean(name=name) for name in names}
        self.built = True  # as its network is

    @property
    def metrics(self):
        """Means since the start of the epoch: the loss, its parts, and other figures."""
        return list(self._trackers.values())

    def call(self, images, training=False):
        return self.network(images, training=training)

    def train_step(self, data):
        """One step of the optimizer; `fit` calls it.

        Args:
          data: a batch of the training data.
        Returns:
          A dict of metrics.
        """
        with tf.GradientTape() as tape:
            parts = self.losses_of(data, training=True)
            loss = self.weights_of_losses.total(parts)
            # Gradients are summed over the replicas of a strategy, losses are means over a batch.
            objective = self.optimizer.scale_loss(tf.nn.scale_regularization_loss(loss))
        variables = self.trainable_variables
        gradients = tape.gradient(objective, variables)
        if isinstance(self.optimizer, keras.optimizers.LossScaleOptimizer):
            gradients = agree_on_overflow(gradients)
        self.optimizer.apply_gradients(zip(gradients, variables))
        return self._track({"loss": loss, **parts}, data)

    def test_step(self, data):
        """The metrics of one batch; `evaluate` calls it.

        Args:
          data: as in `train_step`.
        Returns:
          A dict of metrics.
        """
        parts = self.figures_of(data)
        return self._track({"loss": self.weights_of_losses.total(parts), **parts}, data)

    def losses_of(self, data, *, training: bool = False) -> dict[str, tf.Tensor]:
        """The parts of the loss of one batch, without their weights, and figures for the log.

        Args:
          data: a batch of the training data.
          training: as in the network.
        Returns:
          [] float32 for each part that is used, and of figures, which have no gradient.
        Gradients:
          To the variables of the network.
        """
        raise NotImplementedError  # Each trainer has its own.

    def figures_of(self, data) -> dict[str, tf.Tensor]:
        """What is measured of a batch that is not trained on: `losses_of`, and perhaps more.

        Args:
          data: a batch.
        Returns:
          [] float32 by name.
        Gradients:
          Not meant for any.
        """
        return self.losses_of(data, training=False)

    def _track(self, values, data):
        count = tf.shape(data["images"])[0]
        for name, value in values.items():
            self._trackers[name].update_state(value, sample_weight=count)
        return {name: self._trackers[name].result() for name in values}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Makes the trainer that a configuration describes.

        Args:
          config: a dict as `get_config` returns.
          custom_objects: classes by name that the network may need, or None.
        Returns:
          The trainer.
        """
        network = keras.saving.deserialize_keras_object(
            config["network"], custom_objects=custom_objects
        )
        return cls(**{**config, "network": network})
