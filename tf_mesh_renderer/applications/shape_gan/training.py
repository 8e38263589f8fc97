"""Trains a stage of the 3D GAN, or goes on with it where a kill cut it off."""

import dataclasses
import functools
import pathlib

import keras
import numpy as np
import tensorflow as tf

from tf_mesh_renderer.applications.shape_gan.callbacks import Scores
from tf_mesh_renderer.applications.shape_gan.drawing import sample_sheet
from tf_mesh_renderer.applications.shape_gan.experiment import GanExperiment
from tf_mesh_renderer.applications.shape_gan.predicted_textures import TexturePredictor
from tf_mesh_renderer.applications.shape_gan.scores import real_arrays
from tf_mesh_renderer.applications.shape_gan.trained_network import (
    checksum_of_weights,
    load_shapes,
    real_views,
    standard_noise,
)
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.datasets import ShapeNetRenderings, adversarial_batches
from tf_mesh_renderer.models.shape_gan import GanTrainer
from tf_mesh_renderer.training import Pictures, RunOptions, TrainingRun

_NOISE_SEED = 0
_SHOWN, _SHOWN_SIDE = 8, 64


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrainingOptions(RunOptions):
    """As `RunOptions`, and what is real.

    Attributes:
      data: folder of the data set.
      shapes: folder of the first stage, for the second.
      textures: folder of a training of `applications.texture_light` whose textures count as real;
        None: those of the data set.
    """

    data: pathlib.Path
    shapes: pathlib.Path | None = None
    textures: pathlib.Path | None = None


def train(experiment: GanExperiment, options: TrainingOptions) -> list[dict[str, float]]:
    """Trains to the end, from the latest checkpoint in the output folder if there is one.

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
    dataset = ShapeNetRenderings(options.data, "train", [experiment.category])
    run = TrainingRun(
        experiment, options, prepare=functools.partial(_take_shapes, experiment, options)
    )
    if run.is_complete():
        return run.log
    real = _real(experiment, options, dataset)
    measuring = []
    if experiment.validation_size:
        some = {name: values[: experiment.validation_size] for name, values in real.items()}
        measuring.append(Scores(some, number=experiment.validation_size))
    return run.fit(
        functools.partial(_batches, real, experiment),
        label=f"train {experiment.stage} of {experiment.category}",
        measuring=measuring,
        showing=functools.partial(_pictures, experiment, options),
    )


def _take_shapes(experiment: GanExperiment, options, trainer: GanTrainer) -> None:
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


def _real(experiment: GanExperiment, options, dataset) -> dict[str, np.ndarray]:
    views = real_views(dataset, experiment.settings, objects=experiment.objects)
    if experiment.stage == "texture" and options.textures is not None:
        views = TexturePredictor(options.textures).replace_textures(views)
    return real_arrays(views, experiment.stage)


def _batches(
    real: dict[str, np.ndarray], experiment: GanExperiment, start_step: int, *shards: int
) -> tf.data.Dataset:
    """The share of a process of the batches that are left."""
    settings = experiment.settings
    return adversarial_batches(
        real,
        batch_size=settings.batch_size,
        seed=experiment.seed,
        noise_units=settings.noise_units,
        critic_steps=settings.critic_steps,
        start_step=start_step,
        shards=shards,
    )


def _pictures(experiment: GanExperiment, options) -> list[keras.callbacks.Callback]:
    """Samples of the same noise after each epoch, a column for each."""
    if not options.pictures:
        return []
    textured = experiment.stage == "texture"

    def draw(trainer: GanTrainer) -> np.ndarray:
        noise = standard_noise(trainer.generator, _SHOWN, seed=_NOISE_SEED)
        return sample_sheet(trainer.generator, noise, textured=textured, side=_SHOWN_SIDE)

    return [Pictures(draw, **options.picture_folders)]
