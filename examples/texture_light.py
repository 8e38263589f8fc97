"""Learns texture and light from single pictures, and compares DIB-R's and N3MR's texture models.

    python examples/texture_light.py [--output DIR] [--seeds 0,1,2]

Trains a network for each kind of light, and one that has to find the shapes too, and measures them
on objects that they have not seen; then fits texture and light of known shapes directly. Every step
is a command as one would type it; trainings that are there already are not done again. Ends with 1
if a command fails or a goal is missed.
"""

import csv
import pathlib

from absl import app, flags
from commands import run
from goals import TEXTURE_LIGHT_GOALS, all_met
from results import report

OUTPUT = flags.DEFINE_string("output", "output/texture-light", "Folder of everything.")
SEEDS = flags.DEFINE_list("seeds", ["0", "1", "2"], "Of the direct fits, five objects each.")
STEPS = flags.DEFINE_integer("steps", None, "Steps instead of the settings'; for tests.")
IMAGE_SIZE = flags.DEFINE_integer("image_size", 64, "Side of pictures and textures, in pixels.")
KINDS = ("lambert", "phong", "sh")
MODULE = "applications.texture_light"


def train_and_measure(folder, *settings):
    """Figures of one network before and after its training."""
    sizes = [f"--{name}={IMAGE_SIZE.value}" for name in ("image_size", "texture_size")]
    epochs = "--checkpoint_every=100" if STEPS.value is None else f"--steps={STEPS.value}"
    run(MODULE, "train", f"--output={folder}", *sizes, epochs, *settings)
    run(MODULE, "evaluate", f"--run={folder}", f"--output={folder / 'figures'}")
    before, after = rows_of(folder / "figures" / "figures.csv")
    figures = {name: float(value) for name, value in after.items() if name and value}
    figures["light_angle_before"] = float(before["light_angle"])
    error = "texture_light_l1"
    return {**figures, "l1_ratio": figures[error] / float(before[error])}


def fit(folder):
    """Figures of the direct fits."""
    sizes = [f"--image_size={IMAGE_SIZE.value}"]
    sizes += [] if STEPS.value is None else [f"--steps={STEPS.value}"]
    run(MODULE, "fit", f"--output={folder}", f"--seeds={','.join(SEEDS.value)}", *sizes)
    figures = {}
    for row in rows_of(folder / "figures.csv"):
        label = row.pop("").replace(" pictures, ", "_").replace(" ", "_")
        figures |= {f"{label}_{name}": float(value) for name, value in row.items() if value}
    for name in ("texture_l1", "light_angle"):
        ratio = figures[f"dibr_dibr_fit_{name}"] / figures[f"dibr_n3mr_fit_{name}"]
        figures[f"dibr_fits_{name}_ratio"] = ratio
    return figures


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main(_):
    folder = pathlib.Path(OUTPUT.value)
    trainings = {kind: [f"--illumination={kind}"] for kind in KINDS}
    trainings["sh"].append("--cosine_decay")  # nine numbers swing more than a direction
    trainings["shape"] = ["--predict_vertices"]
    figures = {}
    for name, settings in trainings.items():
        found = train_and_measure(folder / name, *settings)
        figures |= {f"{name}_{figure}": value for figure, value in found.items()}
    figures |= fit(folder / "fit")
    report(folder, **figures)
    return 0 if all_met({"texture_light": figures}, TEXTURE_LIGHT_GOALS) else 1


if __name__ == "__main__":
    app.run(main)
