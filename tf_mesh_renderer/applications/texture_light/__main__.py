"""Texture and light from single pictures: trains networks, measures them, and uses them."""

import functools
import sys

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
main = functools.partial(run_command, commands=COMMANDS, module=__package__, description=__doc__)

if __name__ == "__main__":
    sys.exit(main(sys.argv))
