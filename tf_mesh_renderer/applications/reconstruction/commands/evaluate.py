"""Measures a trained network on a split: voxel IoU and F-score of every category."""

import sys

from absl import flags

from tf_mesh_renderer.applications.reconstruction.commands import shared_flags
from tf_mesh_renderer.applications.reconstruction.evaluation import (
    evaluate,
    fingerprint,
    write_scores,
)
from tf_mesh_renderer.applications.reconstruction.trained_network import NetworkMethod, load_network
from tf_mesh_renderer.applications.training_flags import expanded_path
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.datasets import ShapeNetRenderings


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    shared_flags.define_run(values)
    shared_flags.define_dataset(values)
    shared_flags.define_scores_folder(values)
    shared_flags.define_measurement(values)
    defined = {"flag_values": values}
    shared_flags.define_inverted_colors(values, default=None)
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
    inverted_colors = shared_flags.inverted_colors(values, experiment)
    dataset = ShapeNetRenderings(
        expanded_path(values.data),
        values.split,
        values.categories or experiment.categories,
        inverted_colors=inverted_colors,
    )
    protocol = shared_flags.evaluation_protocol(values, image_size=experiment.side)
    output = shared_flags.scores_folder(values)
    controls = {name: getattr(values, name) for name in ("checkpoint", "untrained", "swap_inputs")}
    scores = evaluate(
        NetworkMethod(network),
        dataset,
        protocol,
        label=values.label or _label(experiment.settings.gradient, values),
        run_seed=experiment.seed,
        training=fingerprint(experiment, inverted_data=inverted_colors, **controls),
    )
    sys.stdout.write(write_scores(output, [scores]))


def _label(gradient: str, values: flags.FlagValues) -> str:
    variants = {
        "best": values.checkpoint == "best" and not values.untrained,
        "untrained": values.untrained,
        "swapped": values.swap_inputs,
    }
    return " ".join([gradient, *(name for name, is_on in variants.items() if is_on)])


PROGRAM = Program(__doc__, define_flags, run, required=("run", "data", "output"))
