"""Trains a reconstruction network, or goes on with it where a kill cut it off."""

import dataclasses
import functools
import pathlib

import keras
import tensorflow as tf
from absl import logging

from tf_mesh_renderer.applications.reconstruction.callbacks import (
    VOXEL_IOU,
    Pictures,
    Validation,
    tensorboard,
)
from tf_mesh_renderer.applications.reconstruction.evaluation import EvaluationProtocol
from tf_mesh_renderer.applications.reconstruction.experiment import Experiment
from tf_mesh_renderer.applications.reconstruction.trained_network import BEST, CHECKPOINTS
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.datasets import (
    NUM_VIEWS,
    PictureStyle,
    ShapeNetRenderings,
    rendered_view_pairs,
    synthetic,
    view_pairs,
)
from tf_mesh_renderer.models.reconstruction import MultiViewTrainer
from tf_mesh_renderer.training import (
    Checkpoints,
    EpochTimes,
    ProgressBar,
    SaveBest,
    SaveCheckpoints,
    StopWithoutProgress,
    cut_log,
    distribute_batches,
    fit,
    is_chief,
    read_log,
)
from tf_mesh_renderer.training.data_service import served

LOG, TIMES = "log.csv", "times.csv"
_PICTURES, _TENSORBOARD = "pictures", "tensorboard"
_VALIDATION_VIEWS = 2
# How the ops refuse vertices; the network is the only one that makes them.
_NOT_FINITE = "expected finite values"
_DIVERGED = (
    "train: vertices are no longer finite: the training has diverged. Hint: start again with a "
    "lower --learning_rate; the checkpoints of the epochs before are kept."
)


@dataclasses.dataclass(frozen=True)
class TrainingOptions:
    """What a training runs on and shows; what is learnt hardly depends on it, but early stopping.

    Attributes:
      data: folder of the data set.
      output: folder of checkpoints, log and pictures.
      validation_objects: of each category, whose voxel IoU is measured after each epoch; 0: none.
      patience: epochs without a better voxel IoU after which the training stops; 0: never.
      jit_compile: whether XLA compiles the step; "auto" as in `keras.Model.compile`.
      tensorboard: write files for TensorBoard.
      pictures: draw a picture of some reconstructions after each epoch.
      strategy: as `training.make_strategy` returns it.
      data_service: "host:port" of a tf.data service that draws the batches from the meshes of the
        data set, in their own colours; None: pictures are read from files.
    """

    data: pathlib.Path
    output: pathlib.Path
    validation_objects: int = 4
    patience: int = 0
    jit_compile: bool | str = "auto"
    tensorboard: bool = True
    pictures: bool = True
    strategy: tf.distribute.Strategy = dataclasses.field(default_factory=tf.distribute.get_strategy)
    data_service: str | None = None

    @property
    def writes(self) -> bool:
        """Whether this process of perhaps several writes files."""
        return is_chief(self.strategy)


def train(experiment: Experiment, options: TrainingOptions) -> list[dict[str, float]]:
    """Trains to the end, from the latest checkpoint in the output folder if there is one.

    Weights, optimizer and batches go on exactly as they would have without the interruption. The
    results are the same bits where TensorFlow's are: see
    `tf.config.experimental.enable_op_determinism`, which the command line calls.

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
    _check(options)
    dataset = _split(experiment, options, "train")
    experiment.check_same(options.output)
    with options.strategy.scope():
        trainer = experiment.make_trainer(jit_compile=options.jit_compile)
        checkpoints = Checkpoints(trainer, options.output / CHECKPOINTS)
        done = checkpoints.restore()
    earlier = [row for row in read_log(options.output / LOG)[:done] if VOXEL_IOU in row]
    stops = _stops(options, earlier)
    if done == experiment.epochs or any(stop.has_stopped for stop in stops):
        logging.warning("%s is trained already", options.output)
        return read_log(options.output / LOG)
    callbacks = [*_measuring(experiment, options), *stops]
    if options.writes:
        experiment.write(options.output)
        for file in (LOG, TIMES):
            cut_log(options.output / file, done)
        callbacks += [
            *_showing(experiment, options, trainer),
            *_saving(options, trainer, earlier),
            SaveCheckpoints(checkpoints),
        ]
    make_dataset = _drawn_batches if options.data_service else _batches
    batches = distribute_batches(
        options.strategy,
        functools.partial(make_dataset, dataset, experiment, options, done),
        batch_size=experiment.settings.batch_size,
    )
    length = {"epochs": experiment.epochs, "steps_per_epoch": experiment.checkpoint_every}
    try:
        fit(trainer, batches, **length, initial_epoch=done, callbacks=callbacks)
    except tf.errors.InvalidArgumentError as error:
        if _NOT_FINITE not in error.message:
            raise
        raise ArithmeticError(_DIVERGED) from error
    return read_log(options.output / LOG)


def _batches(dataset, experiment: Experiment, options, done: int, *shards) -> tf.data.Dataset:
    """The share of a process of the batches that are left."""
    del options
    return view_pairs(
        dataset, image_size=experiment.side, **_batch_arguments(experiment, done, *shards)
    )


def _drawn_batches(dataset, experiment: Experiment, options, done: int, *shards):
    """As `_batches`, of pictures that other processes draw."""
    pairs = rendered_view_pairs(
        [dataset.meshes(category) for category in dataset.categories],
        style=PictureStyle(experiment.side),
        **_batch_arguments(experiment, done, *shards),
    )
    return served(pairs, options.data_service)


def _batch_arguments(experiment: Experiment, done: int, num_shards: int, shard: int) -> dict:
    return {
        "batch_size": experiment.settings.batch_size,
        "seed": experiment.seed,
        "start_step": done * experiment.checkpoint_every,
        "num_shards": num_shards,
        "shard": shard,
    }


def _stops(options: TrainingOptions, earlier) -> list[StopWithoutProgress]:
    """None or one."""
    if not options.patience:
        return []
    return [StopWithoutProgress(VOXEL_IOU, patience=options.patience, earlier=earlier)]


def _check(options: TrainingOptions) -> None:
    shading = synthetic.shading_of(options.data) if options.data_service else None
    if shading not in (None, "plain"):
        raise argument_error(
            "train",
            "data_service",
            expected="a data set without light: batches are drawn in plain vertex colours",
            received=f"'{options.data}', whose pictures have the shading '{shading}'",
            hint="make a data set with --shading=plain, or leave --data_service out",
        )
    if options.patience and not options.validation_objects:
        raise argument_error(
            "train",
            "patience",
            expected="0 without validation",
            received=options.patience,
            hint="set --validation_objects, whose voxel IoU says when to stop",
        )


def _split(experiment: Experiment, options: TrainingOptions, split: str) -> ShapeNetRenderings:
    return ShapeNetRenderings(
        options.data, split, experiment.categories, inverted_colors=experiment.inverted_colors
    )


def _measuring(experiment: Experiment, options) -> list[keras.callbacks.Callback]:
    """What adds to the log of an epoch; in all processes alike."""
    if not options.validation_objects:
        return []
    validation = _split(experiment, options, "val")
    return [Validation(validation, _protocol(experiment, options))]


def _showing(
    experiment: Experiment, options: TrainingOptions, trainer: MultiViewTrainer
) -> list[keras.callbacks.Callback]:
    """What shows how it goes; in one process."""
    output, summaries = options.output, options.output / _TENSORBOARD
    callbacks: list[keras.callbacks.Callback] = [
        ProgressBar(f"train {experiment.settings.gradient}")
    ]
    if options.tensorboard:
        callbacks.append(tensorboard(summaries))
    if options.pictures:
        pictures = Pictures(
            _split(experiment, options, "val" if options.validation_objects else "train"),
            output / _PICTURES,
            trainer=trainer,
            side=experiment.side,
            summaries=summaries / _PICTURES if options.tensorboard else None,
        )
        callbacks.append(pictures)
    return callbacks


def _saving(
    options: TrainingOptions, trainer: MultiViewTrainer, earlier
) -> list[keras.callbacks.Callback]:
    """What the folder holds of each epoch; in one process."""
    callbacks: list[keras.callbacks.Callback] = [
        keras.callbacks.CSVLogger(options.output / LOG, append=True),
        EpochTimes(options.output / TIMES),
    ]
    if options.validation_objects:
        best = Checkpoints(trainer, options.output / BEST, keep=1)
        callbacks.append(SaveBest(best, VOXEL_IOU, earlier=earlier))
    return callbacks


def _protocol(experiment: Experiment, options: TrainingOptions) -> EvaluationProtocol:
    return EvaluationProtocol(
        image_size=experiment.side,
        viewpoints=tuple(range(0, NUM_VIEWS, NUM_VIEWS // _VALIDATION_VIEWS)),
        max_objects=options.validation_objects,
    )
