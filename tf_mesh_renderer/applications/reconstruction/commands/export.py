"""Writes a SavedModel from the bytes of PNG files to meshes and silhouettes."""

import sys

from absl import flags

from tf_mesh_renderer.applications.reconstruction.commands import shared_flags
from tf_mesh_renderer.applications.reconstruction.exporting import save_model
from tf_mesh_renderer.applications.reconstruction.trained_network import load_network
from tf_mesh_renderer.applications.training_flags import define_output, expanded_path
from tf_mesh_renderer.command_line import Program


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    shared_flags.define_run(values)
    define_output(values, "Folder of the SavedModel.")


def run(values: flags.FlagValues) -> None:
    """Writes the model.

    Args:
      values: the flags.
    """
    experiment, network = load_network(expanded_path(values.run), checkpoint=values.checkpoint)
    output = expanded_path(values.output)
    save_model(network, experiment.side, output)
    sys.stdout.write(f"{output}\n")


PROGRAM = Program(__doc__, define_flags, run, required=("run", "output"))
