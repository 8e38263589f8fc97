"""Trains a network for one category, or goes on with it where a kill cut it off."""

import dataclasses
import functools
import pathlib

import keras
import tensorflow as tf
from absl import logging

from tf_mesh_renderer.applications.reconstruction.callbacks import tensorboard
from tf_mesh_renderer.applications.single_view.drawing import Sheets
from tf_mesh_renderer.applications.single_view.experiment import (
    CHECKPOINTS,
    SingleViewExperiment,
)
from tf_mesh_renderer.applications.single_view.measuring import Validation
from tf_mesh_renderer.datasets import AnnotatedPictures, every_picture, single_views
from tf_mesh_renderer.training import (
    Checkpoints,
    ProgressBar,
    SaveCheckpoints,
    cut_log,
    distribute_batches,
    fit,
    is_chief,
    read_log,
)

LOG = "log.csv"
_PICTURES, _TENSORBOARD = "pictures", "tensorboard"
_SHOWN = 6


@dataclasses.dataclass(frozen=True)
class TrainingOptions:
    """What a training runs on and shows; what is learnt does not depend on it.

    Attributes:
      output: folder of checkpoints, log and pictures.
      validation: photographs that are measured after each epoch; None: none.
      jit_compile: whether XLA compiles the step; "auto" as in `keras.Model.compile`.
      tensorboard: write files for TensorBoard.
      pictures: draw a sheet of predictions after each epoch.
      strategy: as `training.make_strategy` returns it; None: one device.
    """

    output: pathlib.Path
    validation: AnnotatedPictures | None = None
    jit_compile: bool | str = "auto"
    tensorboard: bool = True
    pictures: bool = True
    strategy: tf.distribute.Strategy | None = None


def train(
    experiment: SingleViewExperiment, dataset: AnnotatedPictures, options: TrainingOptions
) -> list[dict[str, float]]:
    """Trains to the end, from the latest checkpoint in the output folder if there is one.

    Weights, optimizer and batches go on exactly as they would have without the interruption.

    Args:
      experiment: what to train.
      dataset: the photographs that it was made with.
      options: where, and what to show.
    Returns:
      The log: a dict for each epoch.
    Raises:
      ValueError: the folder holds another experiment.
      ImportError: a package for what should be shown is not installed.
    """
    experiment.check_same(options.output)
    strategy = options.strategy or tf.distribute.get_strategy()
    with strategy.scope():
        trainer = experiment.make_trainer(jit_compile=options.jit_compile)
        checkpoints = Checkpoints(trainer, options.output / CHECKPOINTS)
        done = checkpoints.restore()
    if done == experiment.epochs:
        logging.warning("%s is trained already", options.output)
        return read_log(options.output / LOG)
    callbacks = _measuring(experiment, options)
    if is_chief(strategy):
        experiment.write(options.output)
        cut_log(options.output / LOG, done)
        callbacks = [*callbacks, *_writing(experiment, dataset, options)]
        callbacks.append(SaveCheckpoints(checkpoints))
    batches = distribute_batches(
        strategy,
        functools.partial(_batches, experiment, dataset, done),
        batch_size=experiment.settings.batch_size,
    )
    length = {"epochs": experiment.epochs, "steps_per_epoch": experiment.checkpoint_every}
    fit(trainer, batches, **length, initial_epoch=done, callbacks=callbacks)
    return read_log(options.output / LOG)


def _batches(experiment, dataset, done: int, num_shards: int, shard: int) -> tf.data.Dataset:
    """The share of a process of the batches that are left."""
    return single_views(
        dataset,
        batch_size=experiment.settings.batch_size,
        seed=experiment.seed,
        image_size=experiment.settings.image_size,
        start_step=done * experiment.checkpoint_every,
        num_shards=num_shards,
        shard=shard,
    )


def _measuring(experiment, options) -> list[keras.callbacks.Callback]:
    """What adds to the log of an epoch; in all processes alike."""
    if options.validation is None:
        return []
    settings = experiment.settings
    sizes = {"batch_size": settings.batch_size, "image_size": settings.image_size}
    return [Validation(options.validation, **sizes)]


def _writing(experiment, dataset, options) -> list[keras.callbacks.Callback]:
    """What shows how it goes; in one process."""
    callbacks: list[keras.callbacks.Callback] = [ProgressBar("train")]
    if options.tensorboard:
        callbacks.append(tensorboard(options.output / _TENSORBOARD))
    if options.pictures:
        summaries = options.output / _TENSORBOARD / _PICTURES if options.tensorboard else None
        shown = dataset if options.validation is None else options.validation
        size = experiment.settings.image_size
        batch = next(iter(every_picture(shown, batch_size=_SHOWN, image_size=size)))
        callbacks.append(Sheets(batch, options.output / _PICTURES, summaries=summaries))
    return [*callbacks, keras.callbacks.CSVLogger(options.output / LOG, append=True)]
