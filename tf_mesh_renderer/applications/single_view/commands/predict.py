"""Turns one picture of an object into a textured mesh."""

import sys

import tensorflow as tf
from absl import flags

from tf_mesh_renderer.applications.reconstruction.network_inputs import read_picture
from tf_mesh_renderer.applications.single_view.experiment import SingleViewExperiment
from tf_mesh_renderer.applications.training_flags import define_output, define_run, expanded_path
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.geometry import Mesh
from tf_mesh_renderer.io import save_mesh, write_image
from tf_mesh_renderer.textures import UvTexture


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    define_run(values)
    text = "Square picture of one object before a transparent background, such as a PNG."
    flags.DEFINE_string("image", None, text, flag_values=values)
    define_output(values, "Folder of the files; their names are that of the picture.")


def run(values: flags.FlagValues) -> None:
    """Predicts and writes.

    Args:
      values: the flags.
    """
    experiment, trainer = SingleViewExperiment.load(expanded_path(values.run))
    network, image = trainer.network, expanded_path(values.image)
    picture = read_picture(image, experiment.settings.image_size)
    predicted = network(tf.constant(picture[None]), training=False)
    texture = predicted["textures"][0].numpy()
    surface = UvTexture(texture, network.uv, network.uv_faces)
    mesh = Mesh(predicted["vertices"][0].numpy(), network.faces, surface)
    paths = [expanded_path(values.output) / f"{image.stem}{ending}" for ending in (".glb", ".png")]
    save_mesh(paths[0], mesh)
    write_image(paths[1], texture)
    sys.stdout.write("".join(f"{written}\n" for written in paths))


PROGRAM = Program(__doc__, define_flags, run, required=("run", "image", "output"))
