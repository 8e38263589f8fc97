"""Learns shapes from silhouettes with each of the three renderers, and compares what they reached.

    python examples/reconstruct.py [--preset tiny|small] [--output DIR] [--seeds 0,1,2]

Makes a data set of five procedural categories, trains one network for each renderer on it, measures
them on objects that they have not seen, and reconstructs one picture with each. Every step is a
command as one would type it; data and trainings that are there already are not made again.
Ends with 1 if a command fails or a goal is missed.
"""

import pathlib

from absl import app, flags
from goals import RECONSTRUCTION_GOALS, all_met
from reconstruction_commands import (
    RENDERERS,
    evaluate,
    make_data,
    reconstruction,
    train,
    write_picture,
)
from results import report

from tf_mesh_renderer.applications.reconstruction.evaluation import methods_of, over_seeds, read_csv

PRESET = flags.DEFINE_enum("preset", "tiny", ["tiny", "small"], "Settings of the trainings.")
OUTPUT = flags.DEFINE_string("output", None, "Default: output/reconstruct and the preset.")
SEEDS = flags.DEFINE_list("seeds", ["0"], "One training of each renderer for each of them.")
STEPS = flags.DEFINE_integer("steps", None, "Steps instead of the preset's; for tests.")
OBJECTS = flags.DEFINE_integer("objects", 100, "Of each category to train on.")
TEST_OBJECTS = flags.DEFINE_integer("test_objects", 12, "Of each category to measure on.")
CATEGORIES = flags.DEFINE_list(
    "categories", ["airplane", "car", "display", "speaker", "rifle"], "Of the data set."
)
INPUT_VIEWS = 4


def train_and_measure(renderer, seed, data, folder):
    """Trains one network and scores it, with the controls. Returns the seconds of the training."""
    length = [] if STEPS.value is None else [f"--steps={STEPS.value}"]
    settings = [f"--preset={PRESET.value}", f"--gradient={renderer}", f"--seed={seed}", *length]
    seconds = train(folder, data, *settings)
    evaluate(folder, data, views=INPUT_VIEWS)
    if renderer == RENDERERS[0]:  # All begin with the same weights.
        control = ["--untrained", "--label=untrained", f"--output={folder / 'untrained'}"]
        views = f"--views={INPUT_VIEWS}"
        reconstruction("evaluate", f"--run={folder}", f"--data={data}", views, *control)
    shown, pictures = data / "picture.png", folder.parent / "pictures" / folder.name
    reconstruction("predict", f"--run={folder}", f"--image={shown}", f"--output={pictures}")
    return seconds


def main(_):
    folder = pathlib.Path(OUTPUT.value or f"output/reconstruct-{PRESET.value}")
    data = folder / "data"
    make_data(data, CATEGORIES.value, train=OBJECTS.value, test=TEST_OBJECTS.value)
    write_picture(data / "picture.png", data, CATEGORIES.value[0])
    runs = {(name, seed): folder / f"{name}_{seed}" for seed in SEEDS.value for name in RENDERERS}
    seconds = {key: train_and_measure(*key, data, output) for key, output in runs.items()}
    kinds = ("scores", "swapped")
    files = [output / kind / "scores.csv" for kind in kinds for output in runs.values()]
    untrained = runs[RENDERERS[0], SEEDS.value[0]] / "untrained" / "scores.csv"
    reconstruction("compare", f"--output={folder / 'scores'}", *files, untrained)
    scores = read_csv(folder / "scores" / "scores.csv")
    figures = {
        f"{method.replace(' ', '_')}_voxel_iou": over_seeds(group, "voxel_iou").mean
        for method, group in methods_of(scores).items()
    }
    for name in RENDERERS:
        taken = [time for (renderer, _), time in seconds.items() if renderer == name]
        figures[f"{name}_seconds"] = sum(taken) / len(taken)
    report(folder, **figures)
    goals = [goal for goal in RECONSTRUCTION_GOALS if goal.example == PRESET.value]
    return 0 if all_met({PRESET.value: figures}, goals) else 1


if __name__ == "__main__":
    app.run(main)
