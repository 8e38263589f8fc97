"""Draws samples from four sides on a sheet, and writes meshes of them."""

import sys

from absl import flags

from tf_mesh_renderer.applications.shape_gan.commands import shared_flags
from tf_mesh_renderer.applications.shape_gan.drawing import sample_sheet
from tf_mesh_renderer.applications.shape_gan.experiment import GanExperiment
from tf_mesh_renderer.applications.shape_gan.trained_network import standard_noise
from tf_mesh_renderer.applications.training_flags import define_output, expanded_path
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.geometry import Mesh
from tf_mesh_renderer.io import save_mesh, write_image


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    shared_flags.define_samples(values, 8)
    shared_flags.define_side(values, 96)
    define_output(values, "Folder of the sheet, samples.png, and of the meshes.")
    text = "Samples to write as GLB and OBJ files, from the first on."
    flags.DEFINE_integer("meshes", 0, text, lower_bound=0, flag_values=values)


def run(values: flags.FlagValues) -> None:
    """Draws and writes.

    Args:
      values: the flags.
    """
    experiment, trainer = GanExperiment.load(expanded_path(values.run))
    generator = trainer.generator
    noise = standard_noise(generator, values.number, seed=values.seed)
    textured = experiment.stage == "texture"
    output = expanded_path(values.output)
    written = [output / "samples.png"]
    write_image(written[0], sample_sheet(generator, noise, textured=textured, side=values.size))
    made = generator(noise)
    for item in range(min(values.meshes, values.number)):
        texture = generator.texture_of(made["textures"][item]) if textured else None
        mesh = Mesh(made["vertices"][item], generator.faces, texture)
        for ending in ("glb", "obj"):
            written.append(output / f"sample_{item:02d}.{ending}")
            save_mesh(written[-1], mesh)
    sys.stdout.write("".join(f"{file}\n" for file in written))


PROGRAM = Program(__doc__, define_flags, run, required=("run", "output"))
