"""Turns one picture of an object into OBJ and GLB files and an animation of all sides."""

import sys

import tensorflow as tf
from absl import flags

from tf_mesh_renderer.applications.reconstruction.commands import shared_flags
from tf_mesh_renderer.applications.reconstruction.drawing import mesh_of, turntable
from tf_mesh_renderer.applications.reconstruction.network_inputs import read_picture
from tf_mesh_renderer.applications.reconstruction.trained_network import load_network
from tf_mesh_renderer.applications.training_flags import define_output, expanded_path
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.io import save_mesh, write_gif


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    shared_flags.define_run(values)
    text = "Square picture of one object before a transparent background, such as a PNG."
    flags.DEFINE_string("image", None, text, flag_values=values)
    define_output(values, "Folder of the files; their names are that of the picture.")
    defined = {"flag_values": values}
    flags.DEFINE_integer("frames", 36, "Pictures of the animation.", lower_bound=1, **defined)
    flags.DEFINE_integer("size", 256, "Side of the animation in pixels.", lower_bound=1, **defined)


def run(values: flags.FlagValues) -> None:
    """Reconstructs and writes.

    Args:
      values: the flags.
    """
    experiment, network = load_network(expanded_path(values.run), checkpoint=values.checkpoint)
    image = expanded_path(values.image)
    picture = read_picture(image, experiment.side)
    mesh = mesh_of(network(tf.constant(picture[None]), training=False), network.faces)
    output = expanded_path(values.output)
    paths = [output / f"{image.stem}{ending}" for ending in (".obj", ".glb", ".gif")]
    for path in paths[:2]:
        save_mesh(path, mesh)
    write_gif(paths[2], turntable(mesh, frames=values.frames, side=values.size))
    sys.stdout.write("".join(f"{path}\n" for path in paths))


PROGRAM = Program(__doc__, define_flags, run, required=("run", "image", "output"))
