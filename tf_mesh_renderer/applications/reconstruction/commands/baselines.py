"""Measures what needs no renderer: mean shapes, retrieval, and a network that fills voxels."""

import dataclasses
import sys
from collections.abc import Callable
from typing import Any

from absl import flags

from tf_mesh_renderer.applications.reconstruction.baselines import (
    MeanShape,
    NearestPicture,
    VoxelMethod,
    VoxelTraining,
    best_threshold,
    train_voxels,
)
from tf_mesh_renderer.applications.reconstruction.commands import shared_flags
from tf_mesh_renderer.applications.reconstruction.evaluation import (
    Method,
    check_measurable,
    evaluate,
    fingerprint,
    write_scores,
)
from tf_mesh_renderer.applications.reconstruction.experiment import ReconstructionExperiment
from tf_mesh_renderer.applications.training_flags import expanded_path
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.datasets import ShapeNetRenderings
from tf_mesh_renderer.models.reconstruction import preset

# Whose pictures, steps and learning rate the voxel network gets if nobody says.
_PRESET = preset("small")


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    shared_flags.define_dataset(values)
    shared_flags.define_inverted_colors(values, default=None)
    shared_flags.define_scores_folder(values)
    defined = {"flag_values": values}
    names = list(_BASELINES)
    flags.DEFINE_multi_enum(
        "method", names, names, "Which method, once for each; all if left out.", **defined
    )
    shared_flags.define_measurement(values)
    like_text = (
        "Folder that `train` wrote: categories and pictures are the same, and the voxel network "
        "gets as many steps and objects, and the same learning rates."
    )
    flags.DEFINE_string("like", None, like_text, **defined)
    size_text = f"Side of the pictures in pixels; {_PRESET.image_size[0]} without --like."
    flags.DEFINE_integer("image_size", None, size_text, lower_bound=1, upper_bound=64, **defined)
    for name, text in (
        ("steps", f"Steps of the voxel network; {_PRESET.steps} without --like."),
        (
            "batch_size",
            f"Objects per step, each with two views; {_PRESET.batch_size} without --like.",
        ),
    ):
        flags.DEFINE_integer(name, None, text, lower_bound=1, **defined)
    seed_text = "Seed of the weights and batches of the voxel network."
    flags.DEFINE_integer("seed", 0, seed_text, lower_bound=0, **defined)


def run(values: flags.FlagValues) -> None:
    """Makes the methods from the training split, measures them, and shows the table.

    Args:
      values: the flags.
    """
    like = ReconstructionExperiment.read(expanded_path(values.like)) if values.like else None
    splits = _Splits(values, like)
    voxels = _voxel_training(values, like)
    protocol = shared_flags.evaluation_protocol(values, image_size=voxels.image_size)
    check_measurable(splits.measured, protocol)
    output = shared_flags.scores_folder(values)
    training = fingerprint(voxels, **splits.record, swap_inputs=values.swap_inputs)
    scores = []
    for name in dict.fromkeys(values.method):
        baseline = _BASELINES[name]
        label = f"{name} swapped" if values.swap_inputs else name
        run = {"run_seed": values.seed if baseline.has_seed else 0, "training": training}
        method = baseline.make(splits, voxels)
        scores.append(evaluate(method, splits.measured, protocol, label=label, **run))
    sys.stdout.write(write_scores(output, scores))


class _Splits:
    """The split that is measured, and those that methods learn from, with the same categories.

    Attributes:
      measured: whose objects are reconstructed.
      train: what methods know.
    """

    def __init__(self, values: flags.FlagValues, like: ReconstructionExperiment | None):
        self._directory = expanded_path(values.data)
        self._inverted = shared_flags.inverted_colors(values, like)
        categories = values.categories or (like.categories if like else None)
        self.measured = self._open(values.split, categories)
        self.train = self._open("train", self.measured.categories)

    @property
    def record(self) -> dict[str, Any]:
        """What methods know, in short."""
        return {"data": self.train.checksums, "inverted_data": self._inverted}

    def unseen(self) -> ShapeNetRenderings:
        """The split "val" if there is one that is not measured, else "train"."""
        if self.measured.split == "val":
            return self.train
        try:
            return self._open("val", self.measured.categories)
        except FileNotFoundError:
            return self.train

    def _open(self, split: str, categories) -> ShapeNetRenderings:
        return ShapeNetRenderings(
            self._directory, split, categories, inverted_colors=self._inverted
        )


def _voxel_training(
    values: flags.FlagValues, like: ReconstructionExperiment | None
) -> VoxelTraining:
    """As the flags say, else as the training that it stands beside."""
    settings = like.settings if like else _PRESET
    settings = settings.with_steps(values.steps or settings.steps)
    return VoxelTraining(
        values.image_size or settings.image_size[0],
        settings.steps,
        batch_size=values.batch_size or settings.batch_size,
        learning_rate=settings.learning_rate_schedule(),
        seed=values.seed,
    )


def _mean_shape(splits: _Splits, _) -> Method:
    return MeanShape(splits.train, category_known=False)


def _mean_of_category(splits: _Splits, _) -> Method:
    return MeanShape(splits.train, category_known=True)


def _retrieval(splits: _Splits, training: VoxelTraining) -> Method:
    return NearestPicture(splits.train, side=min(16, training.image_size))


def _voxel_network(splits: _Splits, training: VoxelTraining) -> Method:
    network = train_voxels(training, splits.train)
    threshold = best_threshold(network, splits.unseen(), image_size=training.image_size)
    return VoxelMethod(network, threshold=threshold)


@dataclasses.dataclass(frozen=True)
class _Baseline:
    """How a method is made, and whether chance has a part in it."""

    make: Callable[[_Splits, VoxelTraining], Method]
    has_seed: bool = False


_BASELINES = {
    "mean shape": _Baseline(_mean_shape),
    "mean of category": _Baseline(_mean_of_category),
    "retrieval": _Baseline(_retrieval),
    "voxel network": _Baseline(_voxel_network, has_seed=True),
}


PROGRAM = Program(__doc__, define_flags, run, required=("data", "output"))
