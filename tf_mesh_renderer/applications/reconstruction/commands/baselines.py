"""Measures what needs no renderer: mean shapes, retrieval, and a network that fills voxels."""

import sys
from collections.abc import Callable

from absl import flags

from tf_mesh_renderer.applications.reconstruction.baselines import (
    MeanShape,
    NearestPicture,
    VoxelMethod,
    best_threshold,
)
from tf_mesh_renderer.applications.reconstruction.baselines.voxel_training import (
    VoxelTraining,
    train_voxels,
)
from tf_mesh_renderer.applications.reconstruction.commands import shared_flags
from tf_mesh_renderer.applications.reconstruction.commands.compare import write_scores
from tf_mesh_renderer.applications.reconstruction.evaluation import (
    Method,
    evaluate,
)
from tf_mesh_renderer.applications.reconstruction.experiment import ReconstructionExperiment
from tf_mesh_renderer.applications.training_flags import define_output, expanded_path
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
    define_output(values, "Folder of scores.csv, table.txt and plot.png.")
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
    training, measured = (_split(values, name) for name in ("train", values.split))
    voxels = _voxel_training(values)
    protocol = shared_flags.evaluation_protocol(values, image_size=voxels.image_size)
    scores = []
    for name in dict.fromkeys(values.method):
        method = _METHODS[name](training, voxels, values)
        label = f"{name} swapped" if values.swap_inputs else name
        scores.append(evaluate(method, measured, protocol, label=label, run_seed=values.seed))
    sys.stdout.write(write_scores(expanded_path(values.output), scores))


def _split(values: flags.FlagValues, name: str) -> ShapeNetRenderings:
    categories, inverted_colors = values.categories, values.inverted_colors
    if like := _like(values):
        categories = categories or like.categories
        inverted_colors = inverted_colors or like.inverted_colors
    return ShapeNetRenderings(
        expanded_path(values.data), name, categories, inverted_colors=inverted_colors
    )


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


def _mean_shape(dataset: ShapeNetRenderings, *_) -> Method:
    return MeanShape(dataset, category_known=False)


def _mean_of_category(dataset: ShapeNetRenderings, *_) -> Method:
    return MeanShape(dataset, category_known=True)


def _retrieval(dataset: ShapeNetRenderings, training: VoxelTraining, _) -> Method:
    return NearestPicture(dataset, side=min(16, training.image_size))


def _voxel_network(
    dataset: ShapeNetRenderings, training: VoxelTraining, values: flags.FlagValues
) -> Method:
    network = train_voxels(training, dataset)
    chosen_on = _unseen(values) or dataset
    threshold = best_threshold(network, chosen_on, image_size=training.image_size)
    return VoxelMethod(network, threshold=threshold)


def _unseen(values: flags.FlagValues) -> ShapeNetRenderings | None:
    """The split "val", if there is one and it is not the one to be measured."""
    try:
        return None if values.split == "val" else _split(values, "val")
    except FileNotFoundError:
        return None


_METHODS: dict[str, Callable[[ShapeNetRenderings, VoxelTraining, flags.FlagValues], Method]] = {
    "mean shape": _mean_shape,
    "mean of category": _mean_of_category,
    "retrieval": _retrieval,
    "voxel network": _voxel_network,
}


PROGRAM = Program(__doc__, define_flags, run, required=("data", "output"))
