"""Puts scores of several evaluations into one table and one plot."""

import pathlib
import sys

from absl import flags

from tf_mesh_renderer.applications.reconstruction.commands import shared_flags
from tf_mesh_renderer.applications.reconstruction.evaluation import (
    SCORES_FILE,
    check_comparable,
    read_csv,
    write_scores,
)
from tf_mesh_renderer.applications.training_flags import expanded_path
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.command_line import Program


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    shared_flags.define_scores_folder(values)


def run(values: flags.FlagValues, *files: str) -> None:
    """Reads scores, writes files and shows the table.

    Args:
      values: the flags.
      *files: what `evaluate` wrote.
    Raises:
      ValueError: no files were named, their scores cannot be compared, or one of them would be
        overwritten.
    """
    if not files:
        raise argument_error(
            "compare",
            "files",
            expected="one or more files with scores",
            received="none",
            hint="name the scores.csv of each evaluation",
        )
    overwritten = expanded_path(values.output) / SCORES_FILE
    if overwritten.resolve() in [pathlib.Path(path).resolve() for path in files]:
        raise argument_error(
            "compare",
            "output",
            expected="a folder without the files that are compared",
            received=f"that of '{overwritten}'",
            hint="the scores there would be overwritten",
        )
    runs = [run for path in files for run in read_csv(path)]
    check_comparable(runs)
    sys.stdout.write(write_scores(shared_flags.scores_folder(values), runs))


PROGRAM = Program(
    __doc__,
    define_flags,
    run,
    required=("output",),
    positional="the scores.csv of each evaluation.",
)
