"""Learns to make cars, airplanes and chairs from noise, first their shapes and then their textures.

    python examples/shape_gan.py [--output DIR] [--categories car,airplane,chair] [--seeds 0]

Makes a data set of procedural objects, trains the two stages of the 3D GAN for each category and
seed, compares samples with real objects, and draws sheets and animations. Every step is a command
as one would type it; what is there already is not done again. Ends with 1 if a command fails or a
goal is missed.
"""

import csv
import pathlib
import platform

import keras
import tensorflow as tf
from absl import app, flags
from commands import run
from goals import SHAPE_GAN_GOALS, all_met
from reconstruction_commands import make_data
from results import report

OUTPUT = flags.DEFINE_string("output", "output/shape-gan", "Folder of everything.")
CATEGORIES = flags.DEFINE_list("categories", ["car", "airplane", "chair"], "What to learn.")
SEEDS = flags.DEFINE_list("seeds", ["0"], "One training of each stage for each of them.")
STEPS = flags.DEFINE_integer("steps", None, "Steps instead of the preset's; for tests.")
OBJECTS = flags.DEFINE_integer("objects", 400, "Of each category to train on.")
STAGES = flags.DEFINE_list("stages", ["shape", "texture"], "Which to train; the first must be.")
TEST_OBJECTS = 100
SAMPLES = 400
# Where the preset's are not enough: airplanes differ more from each other than cars and chairs do.
SHAPE_SETTINGS = {"airplane": ["--steps=3000", "--learning_rate=5e-4"]}


def gan(command, *arguments):
    """Runs a command of the program. Returns the seconds it took."""
    return run("applications.shape_gan", command, *arguments)


def train(stage, category, seed, data, folder):
    """Trains a stage. Returns the seconds; None if some of it was there already."""
    output = folder / f"{category}_{stage}_{seed}"
    is_new = not output.exists()
    settings = SHAPE_SETTINGS.get(category, []) if stage == "shape" else []
    if STEPS.value is not None:
        settings = [f"--steps={STEPS.value}"]
    if stage == "texture":
        settings = [*settings, f"--shapes={folder / f'{category}_shape_{seed}'}"]
    flags_of_run = [f"--data={data}", f"--category={category}", f"--seed={seed}", *settings]
    seconds = gan(f"train-{stage}", f"--output={output}", *flags_of_run)
    return seconds if is_new else None


def measure(stage, category, seed, data, folder):
    """Scores of a training and of the weights it began with. Returns rows of the table."""
    name = f"{category}_{stage}_{seed}"
    rows = []
    kinds = {"": (), "_untrained": ("--untrained",), "_test": ("--split=test",)}
    for ending, control in kinds.items():
        path = folder / "scores" / f"{name}{ending}.csv"
        measured = [f"--run={folder / name}", f"--data={data}", f"--number={SAMPLES}"]
        gan("evaluate", *measured, *control, f"--output={path}")
        with open(path, encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    return rows


def draw(stage, category, seed, folder):
    """A sheet of samples with meshes of two of them, and an animation."""
    name = f"{category}_{stage}_{seed}"
    pictures = folder / "pictures" / name
    gan("sample", f"--run={folder / name}", "--number=10", "--meshes=2", f"--output={pictures}")
    gan("interpolate", f"--run={folder / name}", f"--output={pictures / 'interpolation.gif'}")


def write_table(rows, path):
    """One CSV of all scores."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def figures_of(rows):
    """Means over seeds of what has a goal: {"car_silhouettes_sample_to_real": value}."""
    figures = {}
    for row in rows:
        if (row["split"], row["weights"]) != ("train", "trained"):
            continue
        for key in ("sample_to_real", "relative_diversity"):
            figures.setdefault(f"{row['category']}_{row['of']}_{key}", []).append(float(row[key]))
    return {name: sum(values) / len(values) for name, values in figures.items()}


def main(_):
    folder = pathlib.Path(OUTPUT.value)
    data = folder / "data"
    make_data(data, CATEGORIES.value, train=OBJECTS.value, test=TEST_OBJECTS)
    rows, seconds = [], {}
    for category in CATEGORIES.value:
        for seed in SEEDS.value:
            for stage in STAGES.value:
                key = f"{category}_{stage}_{seed}_seconds"
                seconds[key] = train(stage, category, seed, data, folder)
                rows += measure(stage, category, seed, data, folder)
                draw(stage, category, seed, folder)
    write_table(rows, folder / "scores.csv")
    figures = figures_of(rows)
    versions = {"python": platform.python_version(), "tensorflow": tf.__version__}
    taken = {name: value for name, value in seconds.items() if value is not None}
    report(folder, **figures, **taken, **versions, keras=keras.__version__)
    goals = [goal for goal in SHAPE_GAN_GOALS if goal.figure.split("_")[0] in CATEGORIES.value]
    return 0 if all_met({"shape_gan": figures}, goals) else 1


if __name__ == "__main__":
    app.run(main)
