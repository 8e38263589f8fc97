"""Trains a reconstruction network, or goes on with it where a kill cut it off."""

import dataclasses
import functools
import pathlib

import keras
import tensorflow as tf
from absl import logging

from tf_mesh_renderer.applications.reconstruction.callbacks import (
    VOXEL_IOU,
    Validation,
    comparisons,
)
from tf_mesh_renderer.applications.reconstruction.evaluation import EvaluationProtocol
from tf_mesh_renderer.applications.reconstruction.experiment import ReconstructionExperiment
from tf_mesh_renderer.applications.reconstruction.trained_network import BEST
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.datasets import (
    NUM_VIEWS,
    PictureStyle,
    ShapeNetRenderings,
    rendered_view_pairs,
    synthetic,
    view_pairs,
)
from tf_mesh_renderer.training import (
    Checkpoints,
    EpochTimes,
    Pictures,
    RunOptions,
    SaveBest,
    StopWithoutProgress,
    TrainingRun,
    cut_log,
)
from tf_mesh_renderer.training.data_service import served

TIMES = "times.csv"
_VALIDATION_VIEWS = 2


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrainingOptions(RunOptions):
    """As `RunOptions`, what is read, and when to stop early.

    Attributes:
      data: folder of the data set.
      patience: epochs without a better voxel IoU after which the training stops; 0: never.
      data_service: "host:port" of a tf.data service that draws the batches from the meshes of the
        data set, in their own colours; None: pictures are read from files.
    """

    data: pathlib.Path
    patience: int = 0
    data_service: str | None = None


def train(experiment: ReconstructionExperiment, options: TrainingOptions) -> list[dict[str, float]]:
    """Trains to the end, from the latest checkpoint in the output folder if there is one.

    Args:
      experiment: what to train.
      options: where, and what to show.
    Returns:
      The log: a dict for each epoch.
    Raises:
      FileNotFoundError: data are missing.
      ValueError: the folder holds another experiment, or options do not fit.
      ImportError: a package for what should be shown is not installed.
      ArithmeticError: the training has diverged.
    """
    _check(experiment, options)
    dataset = _split(experiment, options, "train")
    run = TrainingRun(experiment, options)
    earlier = [row for row in run.log[: run.done] if VOXEL_IOU in row]
    stops = _stops(options, earlier)
    if run.is_complete(stopped=any(stop.has_stopped for stop in stops)):
        return run.log
    make_dataset = _drawn_batches if options.data_service else _batches
    return run.fit(
        functools.partial(make_dataset, dataset, experiment, options),
        label=f"train {experiment.settings.gradient}",
        measuring=[*_measuring(experiment, options), *stops],
        showing=functools.partial(_showing, experiment, options, run, earlier),
    )


def _batches(
    dataset, experiment: ReconstructionExperiment, options, start_step: int, *shards
) -> tf.data.Dataset:
    """The share of a process of the batches that are left."""
    del options
    return view_pairs(
        dataset, image_size=experiment.side, **_batch_arguments(experiment, start_step, *shards)
    )


def _drawn_batches(
    dataset, experiment: ReconstructionExperiment, options, start_step: int, *shards
) -> tf.data.Dataset:
    """As `_batches`, of pictures that other processes draw."""
    pairs = rendered_view_pairs(
        [dataset.meshes(category) for category in dataset.categories],
        style=PictureStyle(experiment.side),
        **_batch_arguments(experiment, start_step, *shards),
    )
    return served(pairs, options.data_service)


def _batch_arguments(
    experiment: ReconstructionExperiment, start_step: int, num_shards: int, shard: int
) -> dict:
    return {
        "batch_size": experiment.settings.batch_size,
        "seed": experiment.seed,
        "start_step": start_step,
        "num_shards": num_shards,
        "shard": shard,
    }


def _stops(options: TrainingOptions, earlier) -> list[StopWithoutProgress]:
    """None or one."""
    if not options.patience:
        return []
    return [StopWithoutProgress(VOXEL_IOU, patience=options.patience, earlier=earlier)]


def _check(experiment: ReconstructionExperiment, options: TrainingOptions) -> None:
    if options.data_service:
        _check_is_unlit(options.data)
    if options.patience and not experiment.validation_size:
        raise argument_error(
            "train",
            "patience",
            expected="0 without validation",
            received=options.patience,
            hint="set --validation_objects, whose voxel IoU says when to stop",
        )


def _check_is_unlit(data: pathlib.Path) -> None:
    """A network must not be measured on other pictures than it learns from."""
    shading = synthetic.shading_of(data)
    if shading is None:
        logging.warning("batches are drawn without light; so should the pictures of %s be", data)
    elif shading != "plain":
        raise argument_error(
            "train",
            "data_service",
            expected="a data set without light: batches are drawn in plain vertex colours",
            received=f"'{data}', whose pictures have the shading '{shading}'",
            hint="make a data set with --shading=plain, or leave --data_service out",
        )


def _split(
    experiment: ReconstructionExperiment, options: TrainingOptions, split: str
) -> ShapeNetRenderings:
    return ShapeNetRenderings(
        options.data, split, experiment.categories, inverted_colors=experiment.inverted_colors
    )


def _measuring(experiment: ReconstructionExperiment, options) -> list[keras.callbacks.Callback]:
    """What adds to the log of an epoch; in all processes alike."""
    if not experiment.validation_size:
        return []
    try:
        validation = _split(experiment, options, "val")
    except FileNotFoundError as error:
        raise argument_error(
            "train",
            "data",
            expected="a split val, on which each epoch is measured",
            received=f"none in '{options.data}' that has all files",
            hint="--validation_objects=0 does without",
            error=FileNotFoundError,
        ) from error
    return [Validation(validation, _protocol(experiment))]


def _showing(
    experiment: ReconstructionExperiment, options: TrainingOptions, run: TrainingRun, earlier
) -> list[keras.callbacks.Callback]:
    """Pictures, times and the best weights; in one process."""
    cut_log(options.output / TIMES, run.done)
    callbacks: list[keras.callbacks.Callback] = [EpochTimes(options.output / TIMES)]
    if options.pictures:
        split = _split(experiment, options, "val" if experiment.validation_size else "train")
        draw = comparisons(split, trainer=run.trainer, side=experiment.side)
        callbacks.append(Pictures(draw, **options.picture_folders))
    if experiment.validation_size:
        best = Checkpoints(run.trainer, options.output / BEST, keep=1)
        callbacks.append(SaveBest(best, VOXEL_IOU, earlier=earlier))
    return callbacks


def _protocol(experiment: ReconstructionExperiment) -> EvaluationProtocol:
    return EvaluationProtocol(
        image_size=experiment.side,
        viewpoints=tuple(range(0, NUM_VIEWS, NUM_VIEWS // _VALIDATION_VIEWS)),
        max_objects=experiment.validation_size,
    )
