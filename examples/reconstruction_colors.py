"""Learns shapes together with the colours of their vertices, and measures the colours elsewhere.

    python examples/reconstruction_colors.py [--output DIR] [--seeds 0,1,2] [--steps 3000]

Makes a data set without light, trains DIB-R on it, and compares the colours of objects that it has
not seen, from viewpoints that are not the one shown, with those of the same reconstructions all in
the mean colour of the picture shown. Every step is a command as one would type it; what is there
already is not done again. Ends with 1 if a command fails or a goal is missed.
"""

import pathlib

from absl import app, flags
from goals import COLOR_GOALS, all_met
from reconstruction_commands import make_data, reconstruction, train, write_picture
from results import report

from tf_mesh_renderer.applications.reconstruction.evaluation import over_seeds, read_csv

OUTPUT = flags.DEFINE_string("output", "output/reconstruct-color", "Folder of all files.")
SEEDS = flags.DEFINE_list("seeds", ["0"], "One training for each of them.")
STEPS = flags.DEFINE_integer("steps", None, "Steps instead of the preset's; for tests.")
OBJECTS = flags.DEFINE_integer("objects", 300, "Of each category to train on.")
TEST_OBJECTS = flags.DEFINE_integer("test_objects", 12, "Of each category to measure on.")
CATEGORIES = flags.DEFINE_list(
    "categories", ["airplane", "car", "display", "speaker", "rifle"], "Of the data set."
)
INPUT_VIEWS = 4
NAME = "reconstruct_color"


def train_and_measure(folder, data, seed) -> pathlib.Path:
    """Trains and scores a network. Returns the file of its scores."""
    length = "--checkpoint_every=300" if STEPS.value is None else f"--steps={STEPS.value}"
    train(folder, data, "--preset=color", f"--seed={seed}", length)
    flags_of_both = [f"--run={folder}", f"--output={folder / 'scores'}"]
    reconstruction("evaluate", *flags_of_both, f"--data={data}", f"--views={INPUT_VIEWS}")
    shown = [f"--image={data / 'picture.png'}", f"--output={folder / 'picture'}"]
    reconstruction("predict", f"--run={folder}", *shown)
    return folder / "scores" / "scores.csv"


def main(_):
    folder = pathlib.Path(OUTPUT.value)
    data = folder / "data"
    sizes = {"train": OBJECTS.value, "test": TEST_OBJECTS.value}
    make_data(data, CATEGORIES.value, **sizes, shading="plain")
    write_picture(data / "picture.png", data, CATEGORIES.value[0])
    files = [train_and_measure(folder / f"dibr_{seed}", data, seed) for seed in SEEDS.value]
    reconstruction("compare", f"--output={folder / 'scores'}", *files)
    scores = read_csv(folder / "scores" / "scores.csv")
    names = ("voxel_iou", "color_error", "flat_color_error", "flat_in_view_color_error")
    figures = {name: over_seeds(scores, name).mean for name in names}
    for name in names[2:]:
        figures[f"error_over_{name}"] = figures["color_error"] / figures[name]
    report(folder, **figures)
    return 0 if all_met({NAME: figures}, COLOR_GOALS) else 1


if __name__ == "__main__":
    app.run(main)
