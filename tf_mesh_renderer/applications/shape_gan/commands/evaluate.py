"""Compares samples with real objects: how near they are, and how diverse."""

import csv
import dataclasses
import sys

from absl import flags

from tf_mesh_renderer.applications.shape_gan.commands import shared_flags
from tf_mesh_renderer.applications.shape_gan.experiment import GanExperiment
from tf_mesh_renderer.applications.shape_gan.scores import Sampler, SetScores, evaluate, real_arrays
from tf_mesh_renderer.applications.shape_gan.trained_network import real_views
from tf_mesh_renderer.applications.training_flags import define_output, expanded_path
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.datasets import SPLITS, ShapeNetRenderings

_FIGURES = (*(field.name for field in dataclasses.fields(SetScores)), "relative_diversity")
_COLUMNS = ("category", "seed", "split", "weights", "of", *_FIGURES)
_NEAREST = {"silhouettes": "IoU", "images": "L1", "textures": "L1"}


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    shared_flags.define_samples(values, 400)
    shared_flags.define_data(values)
    define_output(values, "File with the figures, CSV.")
    defined = {"flag_values": values}
    flags.DEFINE_enum("split", "train", SPLITS, "Real objects to compare with.", **defined)
    text = "Measure the weights that the training began with."
    flags.DEFINE_bool("untrained", False, text, **defined)


def run(values: flags.FlagValues) -> None:
    """Measures, writes and prints.

    Args:
      values: the flags.
    """
    experiment, trainer = GanExperiment.load(expanded_path(values.run), untrained=values.untrained)
    dataset = ShapeNetRenderings(expanded_path(values.data), values.split, [experiment.category])
    objects = experiment.objects if values.split == "train" else None
    views = real_views(dataset, experiment.settings, objects=objects)
    real = real_arrays(views, experiment.stage)
    found = evaluate(Sampler(trainer), real, number=values.number, seed=values.seed)
    weights = "untrained" if values.untrained else "trained"
    rows = [
        {
            "category": experiment.category,
            "seed": experiment.seed,
            "split": values.split,
            "weights": weights,
            "of": name,
            **{key: f"{value:.4f}" for key, value in figures.items()},
        }
        for name, figures in found.items()
    ]
    output = expanded_path(values.output)
    output.parent.mkdir(parents=True, exist_ok=True)
    with open(output, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    sys.stdout.write(_table(rows))


def _table(rows) -> str:
    """The figures as text."""
    title = f"{'nearest by':24}" + "".join(f"{name:>20}" for name in _FIGURES)
    lines = [
        f"{row['of'] + ', ' + _NEAREST[row['of']]:24}" + "".join(f"{row[k]:>20}" for k in _FIGURES)
        for row in rows
    ]
    return "\n".join([title, *lines, ""])


PROGRAM = Program(__doc__, define_flags, run, required=("run", "data", "output"))
