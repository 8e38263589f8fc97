"""Trains a stage of the 3D GAN, or goes on with it where a kill cut it off."""

import dataclasses
import pathlib

import keras
import numpy as np
import tensorflow as tf
from absl import logging

from tf_mesh_renderer.applications.reconstruction.callbacks import tensorboard
from tf_mesh_renderer.applications.shape_gan.callbacks import Samples, Scores
from tf_mesh_renderer.applications.shape_gan.experiment import GanExperiment
from tf_mesh_renderer.applications.shape_gan.predicted_textures import TexturePredictor
from tf_mesh_renderer.applications.shape_gan.scores import real_arrays
from tf_mesh_renderer.applications.shape_gan.trained_network import (
    CHECKPOINTS,
    checksum_of_weights,
    load_shapes,
    real_views,
)
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.datasets import ShapeNetRenderings, adversarial_batches
from tf_mesh_renderer.models.shape_gan import GanTrainer
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
# How the ops refuse vertices; the generator is the only one that makes them.
_NOT_FINITE = "expected finite values"
_DIVERGED = (
    "train: vertices are no longer finite: the training has diverged. Hint: start again with a "
    "lower --learning_rate; the checkpoints of the epochs before are kept."
)


@dataclasses.dataclass(frozen=True)
class TrainingOptions:
    """What a training runs on and shows; what is learnt does not depend on it.

    Attributes:
      data: folder of the data set.
      output: folder of checkpoints, log and pictures.
      shapes: folder of the first stage, for the second.
      textures: folder of a training of `applications.texture_light` whose textures count as real;
        None: those of the data set.
      scored_samples: compared with as many real objects after each epoch; 0: none.
      jit_compile: whether XLA compiles the step; "auto" as in `keras.Model.compile`.
      tensorboard: write files for TensorBoard.
      pictures: draw a picture of some samples after each epoch.
      strategy: as `training.make_strategy` returns it; None: one device.
    """

    data: pathlib.Path
    output: pathlib.Path
    shapes: pathlib.Path | None = None
    textures: pathlib.Path | None = None
    scored_samples: int = 100
    jit_compile: bool | str = "auto"
    tensorboard: bool = True
    pictures: bool = True
    strategy: tf.distribute.Strategy | None = None

    @property
    def writes(self) -> bool:
        """Whether this process of perhaps several writes files."""
        return self.strategy is None or is_chief(self.strategy)


def train(experiment: GanExperiment, options: TrainingOptions) -> list[dict[str, float]]:
    """Trains to the end, from the latest checkpoint in the output folder if there is one.

    Weights, optimizers and batches go on exactly as they would have without the interruption.

    Args:
      experiment: what to train.
      options: where, and what to show.
    Returns:
      The log: a dict for each epoch.
    Raises:
      FileNotFoundError: data are missing.
      ValueError: the folder holds another experiment, or the shapes are not the experiment's.
      ImportError: a package for what should be shown is not installed.
      ArithmeticError: the training has diverged.
    """
    experiment.check_same(options.output)
    dataset = ShapeNetRenderings(options.data, "train", [experiment.category])
    strategy = options.strategy or tf.distribute.get_strategy()
    with strategy.scope():
        trainer = experiment.make_trainer(jit_compile=options.jit_compile)
        _take_shapes(trainer, experiment, options)
        checkpoints = Checkpoints(trainer, options.output / CHECKPOINTS)
        done = checkpoints.restore()
    if done == experiment.epochs:
        logging.warning("%s is trained already", options.output)
        return read_log(options.output / LOG)
    views = real_views(dataset, experiment.settings, objects=experiment.objects)
    if experiment.stage == "texture" and options.textures is not None:
        views = TexturePredictor(options.textures).replace_textures(views)
    real = real_arrays(views, experiment.stage)
    callbacks = _callbacks(experiment, options, real)
    if options.writes:
        experiment.write(options.output)
        cut_log(options.output / LOG, done)
        callbacks += [
            keras.callbacks.CSVLogger(options.output / LOG, append=True),
            SaveCheckpoints(checkpoints),
        ]
    _fit(trainer, _batches(real, experiment, strategy, done), experiment, done, callbacks)
    return read_log(options.output / LOG)


def _fit(trainer, batches, experiment: GanExperiment, done: int, callbacks) -> None:
    length = {"epochs": experiment.epochs, "steps_per_epoch": experiment.checkpoint_every}
    try:
        fit(trainer, batches, **length, initial_epoch=done, callbacks=callbacks)
    except tf.errors.InvalidArgumentError as error:
        if _NOT_FINITE not in error.message:
            raise
        raise ArithmeticError(_DIVERGED) from error


def _take_shapes(trainer: GanTrainer, experiment: GanExperiment, options) -> None:
    """Gives the second stage the shapes of the first."""
    if experiment.stage == "shape":
        return
    weights = load_shapes(options.shapes, experiment.settings)
    if checksum_of_weights(weights) != experiment.shapes:
        raise argument_error(
            "train",
            "shapes",
            expected=f"the shapes of the experiment, with checksum {experiment.shapes}",
            received=f"'{options.shapes}' with {checksum_of_weights(weights)}",
            hint="the first stage may have been trained on since",
        )
    trainer.generator.shape_decoder.set_weights(weights)


def _batches(real: dict[str, np.ndarray], experiment: GanExperiment, strategy, done: int):
    settings = experiment.settings

    def shard(num_shards: int, index: int) -> tf.data.Dataset:
        return adversarial_batches(
            real,
            batch_size=settings.batch_size,
            seed=experiment.seed,
            noise_units=settings.noise_units,
            critic_steps=settings.critic_steps,
            start_step=done * experiment.checkpoint_every,
            shards=(num_shards, index),
        )

    return distribute_batches(strategy, shard, batch_size=settings.batch_size)


def _callbacks(experiment: GanExperiment, options, real) -> list[keras.callbacks.Callback]:
    """What measures, in all processes alike, and what shows, in one."""
    callbacks: list[keras.callbacks.Callback] = []
    if options.scored_samples:
        some = {name: values[: options.scored_samples] for name, values in real.items()}
        callbacks.append(Scores(some, number=options.scored_samples))
    if not options.writes:
        return callbacks
    summaries = options.output / _TENSORBOARD
    callbacks.append(ProgressBar(f"train {experiment.stage} of {experiment.category}"))
    if options.tensorboard:
        callbacks.append(tensorboard(summaries))
    if options.pictures:
        in_log = summaries / _PICTURES if options.tensorboard else None
        callbacks.append(Samples(options.output / _PICTURES, experiment.stage, summaries=in_log))
    return callbacks
