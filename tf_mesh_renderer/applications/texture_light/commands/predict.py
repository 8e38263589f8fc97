"""Turns one picture of an object into a textured GLB, its light, and an animation under others."""

import json
import pathlib
import sys

import numpy as np
import tensorflow as tf
from absl import flags

from tf_mesh_renderer.applications.reconstruction.network_inputs import read_picture
from tf_mesh_renderer.applications.texture_light.drawing import relit_turntable, textured_mesh
from tf_mesh_renderer.applications.texture_light.experiment import TextureLightExperiment
from tf_mesh_renderer.applications.training_flags import define_output, define_run, expanded_path
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.cameras import Camera, get_points_from_angles
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.datasets.views import DISTANCE
from tf_mesh_renderer.io import load_mesh, save_mesh, write_gif, write_image
from tf_mesh_renderer.models.texture_light import TextureLightNetwork


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    define_run(values)
    text = "Square picture of one object before a transparent background, such as a PNG."
    flags.DEFINE_string("image", None, text, flag_values=values)
    define_output(values, "Folder of the files; their names are that of the picture.")
    shape_text = (
        "Mesh file of the shape, the network's template deformed; for a network that does not "
        "predict shapes. Left out: the sphere."
    )
    flags.DEFINE_string("shape", None, shape_text, flag_values=values)
    defined = {"flag_values": values}
    camera_text = "Degrees of the camera, which say how the light is turned into world space."
    flags.DEFINE_float("azimuth", 0.0, camera_text, **defined)
    flags.DEFINE_float("elevation", 30.0, "As --azimuth.", **defined)
    flags.DEFINE_integer("frames", 36, "Pictures of the animation.", lower_bound=1, **defined)
    flags.DEFINE_integer("size", 256, "Side of the animation in pixels.", lower_bound=1, **defined)


def run(values: flags.FlagValues) -> None:
    """Predicts and writes.

    Args:
      values: the flags.
    """
    experiment, trainer = TextureLightExperiment.load(expanded_path(values.run))
    network, image = trainer.network, expanded_path(values.image)
    picture = read_picture(image, experiment.settings.image_size[0])
    outputs = network(tf.constant(picture[None]), training=False)
    eye = get_points_from_angles(DISTANCE, values.elevation, values.azimuth)
    view = Camera.look_at(eye).world_to_view
    lights = network.lights_in_world(outputs["lights"], view[tf.newaxis])
    texture = outputs["textures"][0].numpy()
    mesh = textured_mesh(network, _vertices(values.shape, network, outputs), texture)
    output = expanded_path(values.output)
    endings = (".glb", ".png", ".json", ".gif")
    paths = [output / f"{image.stem}{ending}" for ending in endings]
    save_mesh(paths[0], mesh)
    write_image(paths[1], texture)
    _write_light(paths[2], network, outputs["lights"], lights)
    frames = relit_turntable(mesh, network, lights, frames=values.frames, side=values.size)
    write_gif(paths[3], frames)
    sys.stdout.write("".join(f"{written}\n" for written in paths))


def _vertices(shape: str | None, network: TextureLightNetwork, outputs) -> np.ndarray:
    if network.predicts_vertices:
        return outputs["vertices"][0].numpy()
    if shape is None:
        return network.template * network.half_extent
    vertices = np.asarray(load_mesh(expanded_path(shape), normalize=False).vertices)
    if vertices.shape != network.template.shape:
        raise argument_error(
            "predict",
            "shape",
            expected=f"a mesh with {len(network.template)} vertices, those of the template",
            received=f"'{shape}' with {len(vertices)}",
            hint="deform geometry.icosphere(3), or train with --predict_vertices",
        )
    return vertices


def _write_light(file: pathlib.Path, network, in_view, in_world) -> None:
    illumination = network.illumination
    numbers = {
        "illumination": type(illumination).__name__,
        "numbers_view": in_view[0].numpy().tolist(),
        "numbers_world": in_world[0].numpy().tolist(),
        "direction_world": illumination.direction(in_world)[0].numpy().tolist(),
    }
    file.write_text(json.dumps(numbers, indent=2) + "\n", encoding="utf-8")


PROGRAM = Program(__doc__, define_flags, run, required=("run", "image", "output"))
