"""Learns shapes from silhouettes with each of the three renderers, and compares what they reached.

    python examples/reconstruct.py [--preset tiny|small] [--output DIR] [--seeds 0,1,2]

Makes a data set of five procedural categories, trains one network for each renderer on it, measures
them on objects that they have not seen, and reconstructs one picture with each. Every step is a
command as one would type it; what is there already is not done again. Ends with 1 if a command
fails or a goal is missed.
"""

import pathlib

import numpy as np
from absl import app, flags
from commands import run_module
from goals import RECONSTRUCTION_GOALS, all_met
from results import report

import tf_mesh_renderer as mr
from tf_mesh_renderer.applications.reconstruction.results import methods_of, over_seeds, read_csv

PRESET = flags.DEFINE_enum("preset", "tiny", ["tiny", "small"], "Settings of the trainings.")
OUTPUT = flags.DEFINE_string("output", None, "Default: output/reconstruct and the preset.")
SEEDS = flags.DEFINE_list("seeds", ["0"], "One training of each renderer for each of them.")
STEPS = flags.DEFINE_integer("steps", None, "Steps instead of the preset's; for tests.")
OBJECTS = flags.DEFINE_integer("objects", 100, "Of each category to train on.")
TEST_OBJECTS = flags.DEFINE_integer("test_objects", 12, "Of each category to measure on.")
CATEGORIES = flags.DEFINE_list(
    "categories", ["airplane", "car", "display", "speaker", "rifle"], "Of the data set."
)
RENDERERS = ("n3mr", "dibr", "softras")
# The objects of a test are drawn with this seed; others give other objects.
DATA_SEED = "1"
INPUT_VIEWS = "4"
VALIDATION_OBJECTS = "4"
SHOWN_VIEW = 3


def reconstruction(command, *arguments):
    return run_module("applications.reconstruction", command, *arguments)


def make_data(folder):
    """A data set, and a picture of an object for `predict`."""
    sizes = {"train": OBJECTS.value, "val": VALIDATION_OBJECTS, "test": TEST_OBJECTS.value}
    flags_of_sizes = [f"--{split}={size}" for split, size in sizes.items()]
    categories = f"--categories={','.join(CATEGORIES.value)}"
    run_module(
        "datasets.synthetic",
        f"--output={folder}",
        f"--seed={DATA_SEED}",
        *flags_of_sizes,
        categories,
    )
    dataset = mr.datasets.ShapeNetRenderings(folder, "test", CATEGORIES.value[:1])
    stored = dataset.images(CATEGORIES.value[0])[0, SHOWN_VIEW]
    image = mr.datasets.decode_images(stored).numpy()
    # Files have straight alpha, the data set has colour over black.
    alpha = image[..., 3:]
    straight = np.divide(image[..., :3], alpha, out=np.zeros_like(image[..., :3]), where=alpha > 0)
    mr.write_image(folder / "picture.png", np.concatenate([straight, alpha], axis=-1))


def train_and_measure(renderer, seed, data, folder):
    """Trains one network and scores it, with the controls.

    Returns the seconds of the training; None if some of it was there already.
    """
    is_new = not folder.exists()
    length = [] if STEPS.value is None else [f"--steps={STEPS.value}"]
    settings = [f"--preset={PRESET.value}", f"--gradient={renderer}", f"--seed={seed}", *length]
    seconds = reconstruction("train", f"--data={data}", f"--output={folder}", *settings)
    measured = [f"--run={folder}", f"--data={data}", f"--views={INPUT_VIEWS}"]
    reconstruction("evaluate", *measured, f"--output={folder / 'scores'}")
    reconstruction("evaluate", *measured, "--swap_inputs", f"--output={folder / 'swapped'}")
    control = ["--untrained", "--label=untrained", f"--output={folder / 'untrained'}"]
    if renderer == RENDERERS[0]:  # All begin with the same weights.
        reconstruction("evaluate", *measured, *control)
    pictures = folder.parent / "pictures" / folder.name
    reconstruction(
        "predict", f"--run={folder}", f"--image={data / 'picture.png'}", f"--output={pictures}"
    )
    return seconds if is_new else None


def main(_):
    folder = pathlib.Path(OUTPUT.value or f"output/reconstruct-{PRESET.value}")
    data = folder / "data"
    make_data(data)
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
        if None not in taken:
            figures[f"{name}_seconds"] = sum(taken) / len(taken)
    report(folder, **figures)
    goals = [goal for goal in RECONSTRUCTION_GOALS if goal.example == PRESET.value]
    return 0 if all_met({PRESET.value: figures}, goals) else 1


if __name__ == "__main__":
    app.run(main)
