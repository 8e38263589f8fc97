"""Shapes from single pictures: trains networks, measures them, and uses them."""

import functools
import sys

from tf_mesh_renderer.applications.reconstruction.commands import (
    baselines,
    compare,
    evaluate,
    export,
    predict,
    train,
)
from tf_mesh_renderer.command_line import run_command

COMMANDS = {
    "train": train.PROGRAM,
    "evaluate": evaluate.PROGRAM,
    "baselines": baselines.PROGRAM,
    "compare": compare.PROGRAM,
    "predict": predict.PROGRAM,
    "export": export.PROGRAM,
}
main = functools.partial(run_command, commands=COMMANDS, module=__package__, description=__doc__)

if __name__ == "__main__":
    sys.exit(main(sys.argv))
