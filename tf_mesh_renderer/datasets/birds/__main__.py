"""Makes a stand-in for CUB: `python -m tf_mesh_renderer.datasets.birds --output FOLDER`."""

import functools
import sys

from absl import flags

from tf_mesh_renderer.command_line import Program, run_program
from tf_mesh_renderer.datasets.birds.generation import LAYOUTS, generate


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the program can be told.

    Args:
      values: where to.
    """
    defined = {"flag_values": values}
    flags.DEFINE_string("output", None, "Folder of the data set.", **defined)
    for name, value, text in (
        ("train", 400, "Pictures to train on."),
        ("val", 0, "Pictures for validation."),
        ("test", 60, "Pictures for the evaluation."),
        ("seed", 0, "Other seeds give other birds."),
    ):
        flags.DEFINE_integer(name, value, text, lower_bound=0, **defined)
    flags.DEFINE_enum("layout", "cub", [*LAYOUTS], "Names of files and folders.", **defined)


def run(values: flags.FlagValues) -> None:
    """Makes what the flags ask for.

    Args:
      values: the flags.
    """
    sizes = {"train": values.train, "val": values.val, "test": values.test}
    generate(values.output, sizes, seed=values.seed, layout=values.layout)
    sys.stdout.write(f"{values.output}\n")


PROGRAM = Program(__doc__, define_flags, run, required=("output",))
main = functools.partial(run_program, program=PROGRAM)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
