"""Measures a trained network on photographs: texture, silhouettes, keypoints."""

import sys

from absl import flags

from tf_mesh_renderer.applications.single_view.commands.shared_flags import (
    define_photographs,
    photographs,
)
from tf_mesh_renderer.applications.single_view.drawing import prediction_sheet
from tf_mesh_renderer.applications.single_view.experiment import SingleViewExperiment
from tf_mesh_renderer.applications.single_view.measuring import measure, write_scores
from tf_mesh_renderer.applications.training_flags import define_output, define_run, expanded_path
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.datasets import every_picture
from tf_mesh_renderer.datasets.annotated.pictures import SPLITS
from tf_mesh_renderer.io import write_image

SHEET = "sheet.png"
_SHOWN = 8


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    define_run(values)
    define_photographs(values)
    define_output(values, "Folder of table.txt, figures.csv and sheet.png.")
    text = "Which photographs are measured."
    flags.DEFINE_enum("split", "test", SPLITS, text, flag_values=values)


def run(values: flags.FlagValues) -> None:
    """Measures before and after the training, draws, and shows the table.

    Args:
      values: the flags.
    """
    output, dataset = expanded_path(values.output), photographs(values).read(values.split)
    rows = []
    for label, untrained in (("untrained", True), ("trained", False)):
        experiment, trainer = SingleViewExperiment.load(
            expanded_path(values.run), untrained=untrained
        )
        settings = experiment.settings
        sizes = {"batch_size": settings.batch_size, "image_size": settings.image_size}
        rows.append((label, measure(trainer, dataset, **sizes)))
    text = write_scores(output, rows)
    shown = every_picture(dataset, batch_size=_SHOWN, image_size=settings.image_size)
    write_image(output / SHEET, prediction_sheet(trainer, next(iter(shown))))
    sys.stdout.write(text)


PROGRAM = Program(__doc__, define_flags, run, required=("run", "data", "output"))
