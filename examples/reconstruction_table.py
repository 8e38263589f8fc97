"""DIB-R's Table 1 on procedural shapes: three renderers on thirteen categories, and what to beat.

    python examples/reconstruction_table.py [--output DIR] [--seeds 0,1,2] [--preset long]

Trains the same network with each renderer and seed on the same data for as many steps, and measures
all of them on objects that they have not seen, beside the mean shape, the most similar training
picture, a network that fills voxels, and the networks with swapped inputs. Every step is a command
as one would type it; data and trainings that are there already are not made again. Takes hours.
"""

import importlib
import json
import os
import pathlib
import platform
import sys

from absl import app, flags
from reconstruction_commands import RENDERERS, evaluate, make_data, reconstruction, train

from tf_mesh_renderer.models.reconstruction import preset

OUTPUT = flags.DEFINE_string("output", "output/reconstruct-table", "Folder of all files.")
SEEDS = flags.DEFINE_list("seeds", ["0", "1", "2"], "One training of each renderer for each.")
PRESET = flags.DEFINE_enum("preset", "long", ["tiny", "small", "long"], "Of the trainings.")
STEPS = flags.DEFINE_integer(
    "steps", None, "Of every training; the preset's if left out.", lower_bound=1
)
VIEWS = flags.DEFINE_integer("views", 8, "Pictures of each object to measure on.", lower_bound=1)
OBJECTS = flags.DEFINE_integer("objects", 100, "Of each category to train on.", lower_bound=1)
TEST_OBJECTS = flags.DEFINE_integer("test_objects", 12, "Of each to measure on.", lower_bound=2)
CATEGORIES = flags.DEFINE_list("categories", [], "Names; all thirteen if left out.")
# Steps of the voxel network for one of a mesh network: they take about as long.
VOXEL_SHARE = 0.6
PACKAGES = ("tf_mesh_renderer", "tensorflow", "keras", "numpy")


def train_renderers(data, folder) -> dict[str, float]:
    """Trains and measures every renderer with every seed. Returns the seconds by run."""
    length = [] if STEPS.value is None else [f"--steps={STEPS.value}"]
    seconds = {}
    for seed in SEEDS.value:
        for renderer in RENDERERS:
            name = f"{renderer}_{seed}"
            settings = [f"--preset={PRESET.value}", f"--gradient={renderer}", f"--seed={seed}"]
            seconds[name] = train(folder / name, data, *settings, *length)
            evaluate(folder / name, data, views=VIEWS.value)
    return seconds


def measure_baselines(data, folder) -> list[pathlib.Path]:
    """Measures what needs no renderer; the voxel network with every seed. Returns the scores."""
    steps = STEPS.value or preset(PRESET.value).steps
    measured = [f"--data={data}", f"--views={VIEWS.value}", f"--steps={round(VOXEL_SHARE * steps)}"]
    chosen = ["mean shape", "mean of category", "retrieval", "voxel network"]
    outputs = []
    for seed in SEEDS.value:
        outputs.append(folder / f"baselines_{seed}")
        methods = [f"--method={name}" for name in chosen]
        run = f"--like={folder / f'{RENDERERS[0]}_{seed}'}"
        files = [run, f"--seed={seed}", f"--output={outputs[-1]}"]
        if not (outputs[-1] / "scores.csv").exists():
            reconstruction("baselines", *measured, *methods, *files)
        chosen = ["voxel network"]  # Chance has no part in the others.
    return [output / "scores.csv" for output in outputs]


def write_record(path, seconds):
    """What somebody needs who wants to do it again."""
    record = {
        "command": " ".join(["python", *sys.argv]),
        "versions": {name: importlib.import_module(name).__version__ for name in PACKAGES},
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "training_seconds": seconds,
    }
    path.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def main(_):
    folder = pathlib.Path(OUTPUT.value)
    data = folder / "data"
    make_data(data, CATEGORIES.value, train=OBJECTS.value, test=TEST_OBJECTS.value)
    seconds = train_renderers(data, folder)
    baselines = measure_baselines(data, folder)
    files = [
        folder / run / kind / "scores.csv" for kind in ("scores", "swapped") for run in seconds
    ]
    reconstruction("compare", f"--output={folder / 'table'}", *files, *baselines)
    write_record(folder / "table" / "record.json", seconds)


if __name__ == "__main__":
    app.run(main)
