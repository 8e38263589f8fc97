"""Checkpoints of `keras.Model.fit` from which a killed run goes on as if it had not been."""

import math
import os
from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error


class Checkpoints:
    """Weights, optimizer and the number of epochs done, in a folder of `tf.train` checkpoints.

    An epoch is the steps between two checkpoints. TensorFlow writes the name of a checkpoint only
    after its data, so that a kill in between leaves the one before. Keras has
    `keras.callbacks.BackupAndRestore`; it deletes its backup at the end, when others want to read
    the weights, and does not check that what it restores belongs to the model.

    Args:
      model: built and compiled; its optimizer must be built too.
      directory: folder of the checkpoints; made when the first is written.
      keep: how many of the latest stay.
    """

    def __init__(self, model: keras.Model, directory: str | os.PathLike, *, keep: int = 2):
        self._epochs = tf.Variable(0, trainable=False, dtype=tf.int64, name="epochs")
        # TensorFlow does not see layers in Python lists of a Keras model. The optimizer knows their
        # trainable variables; means and variances of batch normalization have to be named.
        self._checkpoint = tf.train.Checkpoint(
            model=model,
            optimizer=model.optimizer,
            not_trained=list(model.non_trainable_variables),
            rounds=self._epochs,  # the name in the files
        )
        self._manager = tf.train.CheckpointManager(
            self._checkpoint, str(directory), max_to_keep=keep
        )

    @property
    def latest(self) -> str | None:
        """Path of the latest checkpoint; None if there is none."""
        return self._manager.latest_checkpoint

    def save(self, epochs: int) -> str:
        """Writes a checkpoint.

        Args:
          epochs: how many are done.
        Returns:
          Its path, without the endings of its files.
        """
        self._epochs.assign(epochs)
        return self._manager.save(checkpoint_number=epochs)

    def restore(self, *, weights_only: bool = False) -> int:
        """Reads the latest checkpoint, if there is one.

        Args:
          weights_only: leave what only training needs, such as the state of the optimizer, unread.
        Returns:
          The epochs that were done; 0 without a checkpoint.
        Raises:
          ValueError: the checkpoint is that of another model or optimizer.
        """
        if self.latest is None:
            return 0
        try:
            status = self._checkpoint.restore(self.latest)
            status.expect_partial() if weights_only else status.assert_consumed()
            status.assert_existing_objects_matched()
        except (AssertionError, ValueError, tf.errors.OpError) as error:
            raise argument_error(
                "Checkpoints.restore",
                "directory",
                expected="a checkpoint of this model and optimizer",
                received=f"'{self.latest}' ({str(error).strip().splitlines()[0]})",
                hint="build the model from the configuration beside it, or train into a new folder",
            ) from error
        return int(self._epochs.numpy())


class SaveCheckpoints(keras.callbacks.Callback):
    """Writes a checkpoint after every epoch of `fit`; the last callback, after all logs.

    Args:
      checkpoints: where to.
    """

    def __init__(self, checkpoints: Checkpoints):
        super().__init__()
        self._checkpoints = checkpoints

    def on_epoch_end(self, epoch, logs=None):
        """Saves; `epoch` counts from 0."""
        self._checkpoints.save(epoch + 1)


class SaveBest(SaveCheckpoints):
    """Writes a checkpoint after every epoch of `fit` that is better than all before.

    Args:
      checkpoints: where to, with `keep=1`; another folder than that of all checkpoints.
      monitor: which value of the log should rise.
      earlier: the log of the epochs before, as `read_log` gives it.
    """

    def __init__(
        self, checkpoints: Checkpoints, monitor: str, *, earlier: Sequence[Mapping[str, float]]
    ):
        super().__init__(checkpoints)
        self._monitor = monitor
        self._best = max((row[monitor] for row in earlier), default=-math.inf)

    def on_epoch_end(self, epoch, logs=None):
        """Callbacks before this one may have measured the value."""
        if logs[self._monitor] > self._best:
            self._best = logs[self._monitor]
            super().on_epoch_end(epoch, logs)
