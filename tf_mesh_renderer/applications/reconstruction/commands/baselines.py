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
from tf_mesh_renderer.applications.reconstruction.commands.shared_flags import expanded_path
from tf_mesh_renderer.applications.reconstruction.evaluation import (
    EvaluationProtocol,
    Method,
    evaluate,
)
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.datasets import NUM_VIEWS, SPLITS, ShapeNetRenderings


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    shared_flags.define_dataset(values)
    shared_flags.define_inverted_colors(values)
    shared_flags.define_output(values, "Folder of scores.csv, table.txt and plot.png.")
    defined = {"flag_values": values}
    names = list(_METHODS)
    flags.DEFINE_multi_enum(
        "method", names, names, "Which method, once for each; all if left out.", **defined
    )
    flags.DEFINE_enum("split", "test", SPLITS, "Which objects are measured.", **defined)
    views_text = "From how many views, evenly around, each object is reconstructed."
    flags.DEFINE_integer(
        "views", NUM_VIEWS, views_text, lower_bound=1, upper_bound=NUM_VIEWS, **defined
    )
    objects_text = "At most so many objects of each category; all if left out."
    flags.DEFINE_integer("objects", None, objects_text, lower_bound=1, **defined)
    size_text = "Side of the pictures in pixels."
    flags.DEFINE_integer("image_size", 64, size_text, lower_bound=1, upper_bound=64, **defined)
    for name, value, text in (
        ("steps", 1500, "Steps of the voxel network."),
        ("batch_size", 16, "Objects per step of the voxel network; each has two views."),
    ):
        flags.DEFINE_integer(name, value, text, lower_bound=1, **defined)
    seed_text = "Seed of the weights and batches of the voxel network."
    flags.DEFINE_integer("seed", 0, seed_text, lower_bound=0, **defined)
    swap_text = "A control: compare with another object of the category than the one shown."
    flags.DEFINE_bool("swap_inputs", False, swap_text, **defined)


def run(values: flags.FlagValues) -> None:
    """Makes the methods from the training split, measures them, and shows the table.

    Args:
      values: the flags.
    """
    training, measured = (
        ShapeNetRenderings(
            expanded_path(values.data),
            split,
            values.categories,
            inverted_colors=values.inverted_colors,
        )
        for split in ("train", values.split)
    )
    protocol = EvaluationProtocol(
        image_size=values.image_size,
        viewpoints=tuple(i * NUM_VIEWS // values.views for i in range(values.views)),
        max_objects=values.objects,
        swap_inputs=values.swap_inputs,
    )
    scores = []
    for name in dict.fromkeys(values.method):
        method = _METHODS[name](training, values)
        label = f"{name} swapped" if values.swap_inputs else name
        scores.append(evaluate(method, measured, protocol, label=label, seed=values.seed))
    sys.stdout.write(write_scores(expanded_path(values.output), scores))


def _voxel_network(dataset: ShapeNetRenderings, values: flags.FlagValues) -> Method:
    training = VoxelTraining(
        values.image_size, values.steps, batch_size=values.batch_size, seed=values.seed
    )
    network = train_voxels(training, dataset)
    threshold = best_threshold(network, dataset, image_size=values.image_size)
    return VoxelMethod(network, threshold=threshold)


def _retrieval(dataset: ShapeNetRenderings, values: flags.FlagValues) -> Method:
    return NearestPicture(dataset, side=min(16, values.image_size))


_METHODS: dict[str, Callable[[ShapeNetRenderings, flags.FlagValues], Method]] = {
    "mean shape": lambda dataset, _: MeanShape(dataset, category_known=False),
    "mean of category": lambda dataset, _: MeanShape(dataset, category_known=True),
    "retrieval": _retrieval,
    "voxel network": _voxel_network,
}


PROGRAM = Program(__doc__, define_flags, run, required=("data", "output"))
