"""Textured meshes from noise: trains the two stages of a 3D GAN, measures them, and samples."""

import functools
import sys

from tf_mesh_renderer.applications.shape_gan.commands import (
    evaluate,
    export,
    interpolate,
    sample,
    train,
)
from tf_mesh_renderer.command_line import run_command

COMMANDS = {
    "train-shape": train.SHAPE,
    "train-texture": train.TEXTURE,
    "evaluate": evaluate.PROGRAM,
    "sample": sample.PROGRAM,
    "interpolate": interpolate.PROGRAM,
    "export": export.PROGRAM,
}
main = functools.partial(run_command, commands=COMMANDS, module=__package__, description=__doc__)

if __name__ == "__main__":
    sys.exit(main(sys.argv))
