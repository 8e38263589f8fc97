"""Textured meshes from noise: trains the two stages of a 3D GAN, measures them, and samples."""

import sys
from collections.abc import Sequence

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


def main(argv: Sequence[str]) -> int:
    """Runs a command.

    Args:
      argv: name of the program, command, flags.
    Returns:
      The exit status.
    """
    module = "tf_mesh_renderer.applications.shape_gan"
    return run_command(argv, COMMANDS, module=module, description=__doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
