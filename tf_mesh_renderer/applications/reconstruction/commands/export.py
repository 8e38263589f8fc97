"""Writes a SavedModel from the bytes of PNG files to meshes and silhouettes."""

import sys

from absl import flags

from tf_mesh_renderer.applications.reconstruction.commands import inputs
from tf_mesh_renderer.applications.reconstruction.exporting import save_model
from tf_mesh_renderer.applications.reconstruction.network import load_network
from tf_mesh_renderer.command_line import Program


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    inputs.define_run(values)
    inputs.define_output(values, "Folder of the SavedModel.")


def run(values: flags.FlagValues) -> None:
    """Writes the model.

    Args:
      values: the flags.
    """
    experiment, network = load_network(inputs.path(values.run))
    output = inputs.path(values.output)
    save_model(network, experiment.side, output)
    sys.stdout.write(f"{output}\n")


PROGRAM = Program(__doc__, define_flags, run, required=("run", "output"))
