"""Makes a synthetic data set: `python -m tf_mesh_renderer.datasets.synthetic --output FOLDER`."""

import functools
import os
import pathlib
import sys

from absl import flags

from tf_mesh_renderer.command_line import Program, run_program
from tf_mesh_renderer.datasets.categories import CATEGORIES, find_category
from tf_mesh_renderer.datasets.synthetic.generation import generate
from tf_mesh_renderer.datasets.synthetic.preview import contact_sheet
from tf_mesh_renderer.datasets.synthetic.shading import SHADINGS
from tf_mesh_renderer.io import write_image

_CORES = len(os.sched_getaffinity(0))


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the program can be told.

    Args:
      values: where to.
    """
    defined = {"flag_values": values}
    flags.DEFINE_string("output", None, "Folder of the data set.", **defined)
    for name, value, low, text in (
        ("train", 100, 0, "Training objects of each category."),
        ("val", 4, 0, "Validation objects of each category."),
        ("test", 12, 0, "Test objects of each category."),
        ("seed", 0, 0, "Other seeds give other objects."),
        ("workers", _CORES, 1, "Number of processes."),
        ("preview_count", 12, 1, "Objects of each category in the preview."),
    ):
        flags.DEFINE_integer(name, value, text, lower_bound=low, **defined)
    flags.DEFINE_enum("shading", "lambert", [*SHADINGS], "How objects are lit.", **defined)
    names = [category.name for category in CATEGORIES]
    flags.DEFINE_list("categories", names, "Names or synsets, separated by commas.", **defined)
    text = "Picture file to write of the first objects."
    flags.DEFINE_string("preview", None, text, **defined)


def run(values: flags.FlagValues) -> None:
    """Makes what the flags ask for.

    Args:
      values: the flags.
    Raises:
      ValueError: neither data nor a preview is asked for, or flags do not fit.
    """
    if values.output is None and values.preview is None:
        raise ValueError("nothing to do: name --output or --preview")
    categories = [find_category(key) for key in values.categories]
    how = {"seed": values.seed, "shading": values.shading}
    if values.output is not None:
        output = pathlib.Path(values.output).expanduser()
        sizes = {"train": values.train, "val": values.val, "test": values.test}
        generate(output, sizes, categories=categories, workers=values.workers, **how)
        sys.stdout.write(f"{output}\n")
    if values.preview is not None:
        preview = pathlib.Path(values.preview).expanduser()
        write_image(preview, contact_sheet(categories, count=values.preview_count, **how))
        sys.stdout.write(f"{preview}\n")


PROGRAM = Program(__doc__, define_flags, run)
main = functools.partial(run_program, program=PROGRAM)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
