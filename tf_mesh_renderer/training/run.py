"""A training in a folder: begun, or gone on with where a kill cut it off."""

import contextlib
import dataclasses
import functools
import pathlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import keras
import tensorflow as tf
from absl import logging

from tf_mesh_renderer.training.callbacks import ProgressBar, tensorboard
from tf_mesh_renderer.training.checkpoints import Checkpoints, SaveCheckpoints
from tf_mesh_renderer.training.csv_log import cut_log, read_log
from tf_mesh_renderer.training.distribution import distribute_batches, is_chief
from tf_mesh_renderer.training.experiment import CHECKPOINTS, Experiment
from tf_mesh_renderer.training.fitting import fit

LOG = "log.csv"
_PICTURES, _TENSORBOARD = "pictures", "tensorboard"
# How the ops refuse vertices; the networks are the only ones that make them.
_NOT_FINITE = "expected finite values"
_DIVERGED = (
    "train: vertices are no longer finite: the training has diverged. Hint: start again with a "
    "lower --learning_rate; the checkpoints of the epochs before are kept."
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunOptions:
    """What a training runs on and shows; what is learnt does not depend on it.

    Attributes:
      output: folder of checkpoints, log and pictures.
      jit_compile: whether XLA compiles the step; "auto" as in `keras.Model.compile`.
      tensorboard: write files for TensorBoard.
      pictures: draw a picture after each epoch.
      strategy: as `training.make_strategy` returns it.
    """

    output: pathlib.Path
    jit_compile: bool | str = "auto"
    tensorboard: bool = True
    pictures: bool = True
    strategy: tf.distribute.Strategy = dataclasses.field(default_factory=tf.distribute.get_strategy)

    @property
    def writes(self) -> bool:
        """Whether this process of perhaps several writes files."""
        return is_chief(self.strategy)

    @property
    def picture_folders(self) -> dict[str, pathlib.Path | None]:
        """Where `training.Pictures` writes: its arguments `directory` and `summaries`."""
        summaries = self.output / _TENSORBOARD / _PICTURES if self.tensorboard else None
        return {"directory": self.output / _PICTURES, "summaries": summaries}


@contextlib.contextmanager
def explained_divergence() -> Iterator[None]:
    """Says in words what it means that an op refuses vertices within a training.

    Raises:
      ArithmeticError: the training has diverged.
    """
    try:
        yield
    except tf.errors.InvalidArgumentError as error:
        if _NOT_FINITE not in error.message:
            raise
        raise ArithmeticError(_DIVERGED) from error


class TrainingRun:
    """Trainer, checkpoints and log of an experiment in its folder.

    Weights, optimizer and batches go on exactly as they would have without the interruption. The
    results are the same bits where TensorFlow's are: see
    `tf.config.experimental.enable_op_determinism`, which the command lines call.

    Args:
      experiment: what to train.
      options: where, and what to show.
      prepare: called with the new trainer, before a checkpoint is read.
    Attributes:
      trainer: with the weights of the latest checkpoint.
      done: epochs of earlier runs.
    Raises:
      ValueError: the folder holds another experiment.
    """

    def __init__(
        self,
        experiment: Experiment,
        options: RunOptions,
        *,
        prepare: Callable[[Any], None] | None = None,
    ):
        experiment.check_same(options.output)
        self._experiment, self._options = experiment, options
        with options.strategy.scope():
            self.trainer = experiment.make_trainer(jit_compile=options.jit_compile)
            if prepare is not None:
                prepare(self.trainer)
            self._checkpoints = Checkpoints(self.trainer, options.output / CHECKPOINTS)
            self.done = self._checkpoints.restore()

    @property
    def log(self) -> list[dict[str, float]]:
        """A dict for each epoch so far."""
        return read_log(self._options.output / LOG)

    def is_complete(self, *, stopped: bool = False) -> bool:
        """Whether there is nothing left to train; then it warns that this is so.

        Args:
          stopped: whether earlier runs have stopped early.
        Returns:
          True if all epochs are done, or no further one may begin.
        """
        complete = stopped or self.done == self._experiment.epochs
        if complete:
            logging.warning("%s is trained already", self._options.output)
        return complete

    def fit(
        self,
        make_batches: Callable[[int, int, int], tf.data.Dataset],
        *,
        label: str,
        measuring: Sequence[keras.callbacks.Callback] = (),
        showing: Callable[[], Sequence[keras.callbacks.Callback]] = lambda: (),
    ) -> list[dict[str, float]]:
        """Trains to the end.

        Args:
          make_batches: called with the first step, the number of processes and this one's number;
            returns its share of the batches from there on.
          label: in front of the progress bar.
          measuring: what adds to the log of an epoch; in all processes alike.
          showing: called in the process that writes; returns what shows more than bar, log and
            losses in TensorBoard.
        Returns:
          The log: a dict for each epoch.
        Raises:
          ArithmeticError: the training has diverged.
          ImportError: a package for what should be shown is not installed.
        """
        experiment, options = self._experiment, self._options
        every = experiment.checkpoint_every
        # Before anything is written: what does not fit must not claim the folder.
        batches = distribute_batches(
            options.strategy,
            functools.partial(make_batches, self.done * every),
            batch_size=experiment.settings.batch_size,
        )
        callbacks = list(measuring)
        if options.writes:
            experiment.write(options.output)
            cut_log(options.output / LOG, self.done)
            callbacks += [*self._writing(label), *showing(), SaveCheckpoints(self._checkpoints)]
        length = {"epochs": experiment.epochs, "steps_per_epoch": every}
        with explained_divergence():
            fit(self.trainer, batches, **length, initial_epoch=self.done, callbacks=callbacks)
        return self.log

    def _writing(self, label: str) -> list[keras.callbacks.Callback]:
        options = self._options
        shown = [tensorboard(options.output / _TENSORBOARD)] if options.tensorboard else []
        logger = keras.callbacks.CSVLogger(options.output / LOG, append=True)
        return [ProgressBar(label), *shown, logger]
