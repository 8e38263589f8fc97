"""Texture and light from single pictures: trains networks, measures them, and uses them."""

import sys
from collections.abc import Sequence

from tf_mesh_renderer.applications.texture_light.commands import (
    evaluate,
    export,
    finetune,
    fit,
    predict,
    train,
)
from tf_mesh_renderer.command_line import run_command

COMMANDS = {
    "train": train.PROGRAM,
    "finetune": finetune.PROGRAM,
    "evaluate": evaluate.PROGRAM,
    "predict": predict.PROGRAM,
    "export": export.PROGRAM,
    "fit": fit.PROGRAM,
}


def main(argv: Sequence[str]) -> int:
    """Runs a command.

    Args:
      argv: name of the program, command, flags.
    Returns:
      The exit status.
    """
    module = "tf_mesh_renderer.applications.texture_light"
    return run_command(argv, COMMANDS, module=module, description=__doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
