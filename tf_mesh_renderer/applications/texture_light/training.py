"""Trains a texture and light network, or goes on with it where a kill cut it off."""

import functools

import keras
import tensorflow as tf

from tf_mesh_renderer.applications.texture_light.drawing import relighting_sheet
from tf_mesh_renderer.applications.texture_light.experiment import TextureLightExperiment
from tf_mesh_renderer.applications.texture_light.measuring import TestObjects, Validation
from tf_mesh_renderer.datasets.textured import textured_batches
from tf_mesh_renderer.training import Pictures, RunOptions, TrainingRun

_SHOWN = 6


def train(experiment: TextureLightExperiment, options: RunOptions) -> list[dict[str, float]]:
    """Trains to the end, from the latest checkpoint in the output folder if there is one.

    Args:
      experiment: what to train.
      options: where, and what to show.
    Returns:
      The log: a dict for each epoch.
    Raises:
      ValueError: the folder holds another experiment.
      ImportError: a package for what should be shown is not installed.
      ArithmeticError: the training has diverged.
    """
    run = TrainingRun(experiment, options)
    if run.is_complete():
        return run.log
    measuring = []
    if experiment.validation_size:
        measuring.append(Validation(TestObjects(experiment, experiment.validation_size)))
    return run.fit(
        functools.partial(batches, experiment),
        label=f"train {experiment.settings.illumination}",
        measuring=measuring,
        showing=functools.partial(_pictures, experiment, options),
    )


def batches(
    experiment: TextureLightExperiment, start_step: int, num_shards: int, shard: int
) -> tf.data.Dataset:
    """The share of a process of the batches of a training.

    Args:
      experiment: the training.
      start_step: number of the first batch.
      num_shards: number of processes.
      shard: which of them, from 0.
    Returns:
      `tf.data.Dataset` as of `datasets.textured.textured_batches`.
    """
    return textured_batches(
        batch_size=experiment.settings.batch_size,
        seed=experiment.seed,
        style=experiment.style,
        start_step=start_step,
        num_shards=num_shards,
        shard=shard,
    )


def _pictures(experiment, options: RunOptions) -> list[keras.callbacks.Callback]:
    if not options.pictures:
        return []
    batch = TestObjects(experiment, objects=_SHOWN).first
    return [Pictures(lambda model: relighting_sheet(model, batch), **options.picture_folders)]
