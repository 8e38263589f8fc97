"""Measures a trained network on the test objects: light, texture, both together."""

import sys

from absl import flags

from tf_mesh_renderer.applications.texture_light.curves import has_curves, plot_curves
from tf_mesh_renderer.applications.texture_light.drawing import relighting_sheet
from tf_mesh_renderer.applications.texture_light.experiment import TextureLightExperiment
from tf_mesh_renderer.applications.texture_light.measuring import (
    TEST_OBJECTS,
    TestObjects,
    write_figures,
)
from tf_mesh_renderer.applications.training_flags import define_output, define_run, expanded_path
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.io import write_image
from tf_mesh_renderer.training import LOG, read_log

SHEET, CURVES = "sheet.png", "curves.png"


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    define_run(values)
    define_output(values, "Folder of figures.csv, table.txt, sheet.png and curves.png.")
    text = "Objects of the test set; rounded up to whole batches of 8."
    flags.DEFINE_integer("objects", TEST_OBJECTS, text, lower_bound=1, flag_values=values)


def run(values: flags.FlagValues) -> None:
    """Measures before and after the training, draws, and shows the table.

    Args:
      values: the flags.
    """
    directory, output = expanded_path(values.run), expanded_path(values.output)
    rows = []
    for label, untrained in (("untrained", True), ("trained", False)):
        experiment, trainer = TextureLightExperiment.load(directory, untrained=untrained)
        objects = TestObjects(experiment, values.objects)
        rows.append((label, objects.measure(trainer)))
    text = write_figures(output, rows)
    write_image(output / SHEET, relighting_sheet(trainer, objects.first))
    log = read_log(directory / LOG)
    if has_curves(log):
        start, every = rows[0][1], experiment.checkpoint_every
        plot_curves(output / CURVES, log, start=start, steps_per_epoch=every)
    sys.stdout.write(text)


PROGRAM = Program(__doc__, define_flags, run, required=("run", "output"))
