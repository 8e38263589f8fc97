"""Textured shapes from photographs of one category: trains networks, measures and uses them."""

import functools
import sys

from tf_mesh_renderer.applications.single_view.commands import evaluate, predict, train
from tf_mesh_renderer.command_line import run_command

COMMANDS = {"train": train.PROGRAM, "evaluate": evaluate.PROGRAM, "predict": predict.PROGRAM}
main = functools.partial(run_command, commands=COMMANDS, module=__package__, description=__doc__)

if __name__ == "__main__":
    sys.exit(main(sys.argv))
