"""Trains a network for one category, or goes on with it where a kill cut it off."""

import dataclasses
import functools

import keras
import tensorflow as tf

from tf_mesh_renderer.applications.single_view.drawing import prediction_sheet
from tf_mesh_renderer.applications.single_view.experiment import SingleViewExperiment
from tf_mesh_renderer.applications.single_view.measuring import Validation
from tf_mesh_renderer.datasets import AnnotatedPictures, every_picture, single_views
from tf_mesh_renderer.training import Pictures, RunOptions, TrainingRun

_SHOWN = 6


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrainingOptions(RunOptions):
    """As `RunOptions`, and what is measured.

    Attributes:
      validation: photographs that are measured after each epoch; None: none.
    """

    validation: AnnotatedPictures | None = None


def train(
    experiment: SingleViewExperiment, dataset: AnnotatedPictures, options: TrainingOptions
) -> list[dict[str, float]]:
    """Trains to the end, from the latest checkpoint in the output folder if there is one.

    Args:
      experiment: what to train.
      dataset: the photographs that it was made with.
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
    settings = experiment.settings
    measuring = []
    if options.validation is not None:
        sizes = {"batch_size": settings.batch_size, "image_size": settings.image_size}
        measuring.append(Validation(options.validation, **sizes))
    return run.fit(
        functools.partial(_batches, experiment, dataset),
        label="train",
        measuring=measuring,
        showing=functools.partial(_pictures, experiment, dataset, options),
    )


def _batches(experiment, dataset, start_step: int, num_shards: int, shard: int) -> tf.data.Dataset:
    """The share of a process of the batches that are left."""
    return single_views(
        dataset,
        batch_size=experiment.settings.batch_size,
        seed=experiment.seed,
        image_size=experiment.settings.image_size,
        start_step=start_step,
        num_shards=num_shards,
        shard=shard,
    )


def _pictures(experiment, dataset, options: TrainingOptions) -> list[keras.callbacks.Callback]:
    if not options.pictures:
        return []
    shown = dataset if options.validation is None else options.validation
    size = experiment.settings.image_size
    batch = next(iter(every_picture(shown, batch_size=_SHOWN, image_size=size)))
    return [Pictures(lambda model: prediction_sheet(model, batch), **options.picture_folders)]
