"""Writes a SavedModel from noise to meshes with textures."""

import sys

from absl import flags

from tf_mesh_renderer.applications.shape_gan.experiment import GanExperiment
from tf_mesh_renderer.applications.shape_gan.exporting import save_model
from tf_mesh_renderer.applications.training_flags import define_output, expanded_path
from tf_mesh_renderer.command_line import Program


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    text = "Folder that `train-shape` or `train-texture` wrote."
    flags.DEFINE_string("run", None, text, flag_values=values)
    define_output(values, "Folder of the SavedModel.")


def run(values: flags.FlagValues) -> None:
    """Writes the model.

    Args:
      values: the flags.
    """
    experiment, trainer = GanExperiment.load(expanded_path(values.run))
    output = expanded_path(values.output)
    save_model(trainer.generator, experiment.settings.image_size, output)
    sys.stdout.write(f"{output}\n")


PROGRAM = Program(__doc__, define_flags, run, required=("run", "output"))
