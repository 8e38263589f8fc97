"""Lets samples turn into each other, as an animation."""

import sys

from absl import flags

from tf_mesh_renderer.applications.shape_gan.commands import shared_flags
from tf_mesh_renderer.applications.shape_gan.drawing import interpolated_noise, interpolation
from tf_mesh_renderer.applications.shape_gan.experiment import GanExperiment
from tf_mesh_renderer.applications.shape_gan.trained_network import standard_noise
from tf_mesh_renderer.applications.training_flags import define_output, expanded_path
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.io import write_gif


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    shared_flags.define_samples(values, 5)
    shared_flags.define_side(values, 96)
    define_output(values, "GIF file.")
    text = "Frames from one sample to the next."
    flags.DEFINE_integer("frames", 8, text, lower_bound=1, flag_values=values)


def run(values: flags.FlagValues) -> None:
    """Draws and writes.

    Args:
      values: the flags.
    """
    experiment, trainer = GanExperiment.load(expanded_path(values.run))
    corners = standard_noise(trainer.generator, values.number, seed=values.seed)
    noise = interpolated_noise(corners, values.frames)
    textured = experiment.stage == "texture"
    frames = interpolation(trainer.generator, noise, textured=textured, side=values.size)
    output = expanded_path(values.output)
    write_gif(output, frames)
    sys.stdout.write(f"{output}\n")


PROGRAM = Program(__doc__, define_flags, run, required=("run", "output"))
