"""Textured shapes from photographs of one category: trains networks, measures and uses them."""

import sys
from collections.abc import Sequence

from tf_mesh_renderer.applications.single_view.commands import evaluate, predict, train
from tf_mesh_renderer.command_line import run_command

COMMANDS = {"train": train.PROGRAM, "evaluate": evaluate.PROGRAM, "predict": predict.PROGRAM}


def main(argv: Sequence[str]) -> int:
    """Runs a command.

    Args:
      argv: name of the program, command, flags.
    Returns:
      The exit status.
    """
    module = "tf_mesh_renderer.applications.single_view"
    return run_command(argv, COMMANDS, module=module, description=__doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
