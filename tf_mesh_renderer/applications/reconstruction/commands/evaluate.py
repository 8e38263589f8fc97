"""Measures a trained network on a split: voxel IoU and F-score of every category."""

import sys

from absl import flags

from tf_mesh_renderer.applications.reconstruction.commands import shared_flags
from tf_mesh_renderer.applications.reconstruction.commands.compare import write_scores
from tf_mesh_renderer.applications.reconstruction.evaluation import EvaluationProtocol, evaluate
from tf_mesh_renderer.applications.reconstruction.trained_network import NetworkMethod, load_network
from tf_mesh_renderer.applications.training_flags import define_output, expanded_path
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.datasets import NUM_VIEWS, SPLITS, ShapeNetRenderings

_PROTOCOLS = ("n3mr", "binvox")


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    shared_flags.define_run(values)
    shared_flags.define_dataset(values)
    define_output(values, "Folder of scores.csv, table.txt and plot.png.")
    defined = {"flag_values": values}
    flags.DEFINE_enum("split", "test", SPLITS, "Which objects are measured.", **defined)
    views_text = "From how many views, evenly around, each object is reconstructed."
    flags.DEFINE_integer(
        "views", NUM_VIEWS, views_text, lower_bound=1, upper_bound=NUM_VIEWS, **defined
    )
    objects_text = "At most so many objects of each category; all if left out."
    flags.DEFINE_integer("objects", None, objects_text, lower_bound=1, **defined)
    protocol_text = (
        "Voxels of shapes where they are, as N3MR and SoftRas count them, or of their bounding "
        "boxes, as DIB-R does with the program binvox."
    )
    flags.DEFINE_enum("protocol", "n3mr", _PROTOCOLS, protocol_text, **defined)
    swap_text = "A control: compare with another object of the category than the one shown."
    flags.DEFINE_bool("swap_inputs", False, swap_text, **defined)
    untrained_text = "A control: take the weights that the training began with."
    flags.DEFINE_bool("untrained", False, untrained_text, **defined)
    label_text = "Name in tables; the gradient model, checkpoint and controls if left out."
    flags.DEFINE_string("label", None, label_text, **defined)


def run(values: flags.FlagValues) -> None:
    """Measures, writes files and shows the table.

    Args:
      values: the flags.
    """
    experiment, network = load_network(
        expanded_path(values.run), checkpoint=values.checkpoint, untrained=values.untrained
    )
    dataset = ShapeNetRenderings(
        expanded_path(values.data),
        values.split,
        values.categories or experiment.categories,
        inverted_colors=experiment.inverted_colors,
    )
    protocol = EvaluationProtocol(
        image_size=experiment.side,
        viewpoints=tuple(i * NUM_VIEWS // values.views for i in range(values.views)),
        max_objects=values.objects,
        normalize=values.protocol == "binvox",
        swap_inputs=values.swap_inputs,
    )
    label = values.label or _label(experiment.settings.gradient, values)
    scores = evaluate(
        NetworkMethod(network), dataset, protocol, label=label, run_seed=experiment.seed
    )
    sys.stdout.write(write_scores(expanded_path(values.output), [scores]))


def _label(gradient: str, values: flags.FlagValues) -> str:
    variants = {
        "best": values.checkpoint == "best" and not values.untrained,
        "untrained": values.untrained,
        "swapped": values.swap_inputs,
    }
    return " ".join([gradient, *(name for name, is_on in variants.items() if is_on)])


PROGRAM = Program(__doc__, define_flags, run, required=("run", "data", "output"))
