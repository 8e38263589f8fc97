"""Measures what needs no renderer: mean shapes, retrieval, and a network that fills voxels."""

import contextlib
import functools
import sys
from collections.abc import Callable

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
    shared_flags.define_inverted_colors(values)
    shared_flags.define_scores_folder(values)
    defined = {"flag_values": values}
    names = list(_METHODS)
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
    splits = _Splits(values)
    voxels = _voxel_training(values)
    protocol = shared_flags.evaluation_protocol(values, image_size=voxels.image_size)
    check_measurable(splits.measured, protocol)
    output = shared_flags.scores_folder(values)
    scores = []
    for name in dict.fromkeys(values.method):
        label = f"{name} swapped" if values.swap_inputs else name
        trained = {"run_seed": values.seed}
        if name == _TRAINED:
            trained["training"] = fingerprint(voxels)
        method = _METHODS[name](splits, voxels)
        scores.append(evaluate(method, splits.measured, protocol, label=label, **trained))
    sys.stdout.write(write_scores(output, scores))


class _Splits:
    """The split that is measured, and those that methods learn from, with the same categories.

    Attributes:
      measured: whose objects are reconstructed.
      train: what methods know.
      unseen: the split "val", if there is one and it is not measured; else None.
    """

    def __init__(self, values: flags.FlagValues):
        like = _like(values)
        categories = values.categories or (like.categories if like else None)
        inverted = values.inverted_colors or (like is not None and like.inverted_colors)
        opened = functools.partial(
            ShapeNetRenderings, expanded_path(values.data), inverted_colors=inverted
        )
        self.measured = opened(values.split, categories)
        self.train = opened("train", self.measured.categories)
        self.unseen = None
        if values.split != "val":
            with contextlib.suppress(FileNotFoundError):
                self.unseen = opened("val", self.measured.categories)


def _like(values: flags.FlagValues) -> ReconstructionExperiment | None:
    """The training that the scores will stand beside, if one is named."""
    return ReconstructionExperiment.read(expanded_path(values.like)) if values.like else None


def _voxel_training(values: flags.FlagValues) -> VoxelTraining:
    """As the flags say, else as the training that it stands beside."""
    like = _like(values)
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
    chosen_on = splits.unseen or splits.train
    threshold = best_threshold(network, chosen_on, image_size=training.image_size)
    return VoxelMethod(network, threshold=threshold)


_TRAINED = "voxel network"
_METHODS: dict[str, Callable[[_Splits, VoxelTraining], Method]] = {
    "mean shape": _mean_shape,
    "mean of category": _mean_of_category,
    "retrieval": _retrieval,
    _TRAINED: _voxel_network,
}


PROGRAM = Program(__doc__, define_flags, run, required=("data", "output"))
