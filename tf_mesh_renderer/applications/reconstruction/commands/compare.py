"""Puts scores of several evaluations into one table and one plot."""

import pathlib
import sys

from absl import flags

from tf_mesh_renderer.applications.reconstruction.evaluation import (
    MethodScores,
    check_comparable,
    read_csv,
    write_csv,
)
from tf_mesh_renderer.applications.reconstruction.evaluation.tables import plot, text_table
from tf_mesh_renderer.applications.training_flags import define_output, expanded_path
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.command_line import Program

SCORES, TABLE, PLOT = "scores.csv", "table.txt", "plot.png"


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    define_output(values, "Folder of scores.csv, table.txt and plot.png.")


def run(values: flags.FlagValues, *files: str) -> None:
    """Reads scores, writes files and shows the table.

    Args:
      values: the flags.
      *files: what `evaluate` wrote.
    Raises:
      ValueError: no files were named, or their scores cannot be compared.
    """
    if not files:
        raise argument_error(
            "compare",
            "files",
            expected="one or more files with scores",
            received="none",
            hint="name the scores.csv of each evaluation",
        )
    runs = [run for path in files for run in read_csv(path)]
    check_comparable(runs)
    sys.stdout.write(write_scores(expanded_path(values.output), runs))


def write_scores(directory: pathlib.Path, runs: list[MethodScores]) -> str:
    """Writes scores as a file, a table and a plot.

    Args:
      directory: made if it is not there.
      runs: in the order of the columns.
    Returns:
      The table.
    """
    directory.mkdir(parents=True, exist_ok=True)
    table = text_table(runs)
    write_csv(directory / SCORES, runs)
    (directory / TABLE).write_text(table, encoding="utf-8")
    plot(directory / PLOT, runs)
    return table


PROGRAM = Program(
    __doc__,
    define_flags,
    run,
    required=("output",),
    positional="the scores.csv of each evaluation.",
)
