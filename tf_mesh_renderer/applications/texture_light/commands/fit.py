"""Fits texture and light of known shapes directly, with the models of DIB-R and of N3MR.

Every model is fitted to pictures drawn by each of the two. What is compared are textures and
shading, not gradients of rasterizers: the shapes are known.
"""

import csv
import pathlib
import sys

import numpy as np
from absl import flags

from tf_mesh_renderer.applications.texture_light.fits import (
    IMAGE_L1,
    FitSettings,
    fit_texture_and_light,
    random_objects,
)
from tf_mesh_renderer.applications.texture_light.measuring import write_figures
from tf_mesh_renderer.applications.texture_light.surfaces import MODELS
from tf_mesh_renderer.applications.training_flags import define_output, expanded_path
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.geometry import icosphere

_LARGEST_RATIO = "largest_ratio"


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    define_output(values, "Folder of objects.csv, figures.csv and table.txt.")
    defined = {"flag_values": values}
    flags.DEFINE_integer("objects", 5, "Objects of each seed.", lower_bound=1, **defined)
    seeds_text = "Seeds of objects, of lights at the start, and of the order of views."
    flags.DEFINE_list("seeds", ["0"], seeds_text, **defined)
    steps = FitSettings().steps
    flags.DEFINE_integer("steps", steps, "Steps of each fit.", lower_bound=1, **defined)
    side_text = "Side of the pictures in pixels."
    flags.DEFINE_integer("image_size", FitSettings().side, side_text, lower_bound=8, **defined)
    text = "Of the icosphere that the objects are made of; 2: 320 faces."
    flags.DEFINE_integer("subdivisions", 2, text, lower_bound=1, **defined)


def run(values: flags.FlagValues) -> None:
    """Fits, writes files and shows the table.

    Args:
      values: the flags.
    """
    sphere = icosphere(values.subdivisions)
    settings = FitSettings(steps=values.steps, side=values.image_size)
    models = [model(sphere) for model in MODELS]
    found: dict[tuple[str, str], list[dict]] = {}
    for seed in map(int, values.seeds):
        objects = random_objects(sphere, count=values.objects, seed=seed)
        for target in models:
            for model in models:
                errors = fit_texture_and_light(
                    objects, model=model, target=target, settings=settings, seed=seed
                )
                found.setdefault((target.name, model.name), []).append(errors)
    joined = {
        pair: {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        for pair, parts in found.items()
    }
    output = expanded_path(values.output)
    _write_objects(output, joined)
    sys.stdout.write(write_figures(output, _rows(joined)))


def _rows(joined):
    """Means over the objects, and the largest of their ratios DIB-R / N3MR."""
    rows = []
    for (target, model), errors in joined.items():
        figures = {name: float(values.mean()) for name, values in errors.items()}
        if model == "dibr":
            other = joined[target, "n3mr"][IMAGE_L1]
            figures[_LARGEST_RATIO] = float((errors[IMAGE_L1] / other).max())
        rows.append((f"{target} pictures, {model} fit", figures))
    return rows


def _write_objects(directory: pathlib.Path, joined) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    names = list(next(iter(joined.values())))
    with (directory / "objects.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["pictures", "fit", "object", *names])
        for (target, model), errors in joined.items():
            for index in range(len(errors[names[0]])):
                writer.writerow([target, model, index, *(errors[name][index] for name in names)])


PROGRAM = Program(__doc__, define_flags, run, required=("output",))
