"""Fine-tunes texture and light networks with a critic of their renderings, and without one.

    python examples/adversarial.py [--output DIR] [--illuminations lambert,phong] [--seeds 0]

For each kind of light and each seed: trains a network, goes on from it with DIB-R's adversarial
objective, and as a control for as many steps without a critic. Measures all three on objects that
they have not seen. Every step is a command as one would type it; what is there already is not done
again. Ends with 1 if a command fails or a goal is missed.
"""

import csv
import pathlib

from absl import app, flags
from commands import run
from goals import ADVERSARIAL_GOALS, all_met
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from results import report

from tf_mesh_renderer.applications.texture_light.measuring import write_figures
from tf_mesh_renderer.training import read_log

OUTPUT = flags.DEFINE_string("output", "output/adversarial", "Folder of everything.")
KINDS = flags.DEFINE_list("illuminations", ["lambert", "phong"], "Kinds of light.")
SEEDS = flags.DEFINE_list("seeds", ["0"], "Of networks, batches and critics.")
TRAINING_STEPS = flags.DEFINE_integer("training_steps", 1000, "Of the trainings before.")
STEPS = flags.DEFINE_integer("steps", 400, "Of the fine-tuning.")
IMAGE_SIZE = flags.DEFINE_integer("image_size", 64, "Side of pictures and textures, in pixels.")
MODULE = "applications.texture_light"
CONTROL = ("--adversarial_weight=0", "--perceptual_weight=0", "--feature_network=none")
PLOTTED = {
    "val_texture_light_l1": "texture + light L1",
    "val_detail": "mean |Laplacian| of renderings",
    "val_gradient_norm": "slope of the critic",
}


def fine_tuned(folder, kind, seed):
    """{label: figures} of a network before, and after both sorts of fine-tuning."""
    sizes = [f"--{name}={IMAGE_SIZE.value}" for name in ("image_size", "texture_size")]
    length = [f"--steps={TRAINING_STEPS.value}", f"--checkpoint_every={epoch(TRAINING_STEPS)}"]
    base = folder / "trained"
    same = [f"--seed={seed}", "--notensorboard"]
    run(MODULE, "train", f"--output={base}", f"--illumination={kind}", *sizes, *length, *same)
    found = {}
    for label, settings in (("adversarial", ()), ("control", CONTROL)):
        places = [f"--run={base}", f"--output={folder / label}"]
        length = [f"--steps={STEPS.value}", f"--checkpoint_every={epoch(STEPS)}"]
        run(MODULE, "finetune", *places, *length, *same, *settings)
        before, after = rows_of(folder / label / "figures.csv")
        found |= {"before": before, label: after} if label == "adversarial" else {label: after}
    return found


def epoch(steps):
    """Steps between two lines of the log."""
    return 100 if steps.value % 100 == 0 else 1


def rows_of(path):
    """The figures of each row."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [{name: float(value) for name, value in row.items() if name and value} for row in rows]


def plot(folder, runs):
    """Draws how L1, detail and slope went in the fine-tunings."""
    picture = Figure((9.6, 2.8 * len(runs)), layout="constrained")
    FigureCanvasAgg(picture)
    for row, (name, found) in zip(picture.subplots(len(runs), 3, squeeze=False), runs.items()):
        for axes, (column, title) in zip(row, PLOTTED.items()):
            for label in ("adversarial", "control"):
                log = read_log(folder / name / label / "log.csv")
                steps = [0, *((line["epoch"] + 1) * epoch(STEPS) for line in log)]
                start = found["before"][column.removeprefix("val_")]
                if column != "val_gradient_norm" or label == "adversarial":
                    axes.plot(steps, [start, *(line[column] for line in log)], ".-", label=label)
            axes.set(title=title, xlabel=f"step ({name})")
        row[1].axhline(found["before"]["real_detail"], color="black", label="pictures")
        row[2].axhline(1.0, color="black", linewidth=0.5)
        row[1].legend(fontsize="small")
        for axes in row:
            axes.set_ylim(0, None)
    picture.savefig(folder / "plot.png", dpi=90)


def worst(runs, kind):
    """Figures of a kind of light with goals: of the seed that is furthest from them."""
    chosen = [found for name, found in runs.items() if name.startswith(kind)]
    pairs = [(found["before"], found["adversarial"]) for found in chosen]
    slopes = [after["gradient_norm"] for _, after in pairs]
    error = "texture_light_l1"
    return {
        f"{kind}_l1_ratio": max(after[error] / before[error] for before, after in pairs),
        f"{kind}_gradient_norm": max(slopes, key=lambda slope: abs(slope - 1)),
        f"{kind}_detail_gap_ratio": max(gap(after) / gap(before) for before, after in pairs),
    }


def gap(figures):
    """How far the detail of renderings is from that of pictures."""
    return abs(figures["detail"] - figures["real_detail"])


def main(_):
    folder = pathlib.Path(OUTPUT.value)
    runs, figures = {}, {}
    for kind in KINDS.value:
        for seed in SEEDS.value:
            runs[f"{kind}_{seed}"] = fine_tuned(folder / f"{kind}_{seed}", kind, seed)
    rows = [
        (f"{name} {label}", row) for name, found in runs.items() for label, row in found.items()
    ]
    print(write_figures(folder, rows))
    plot(folder, runs)
    for kind in KINDS.value:
        figures |= worst(runs, kind)
    report(folder, **figures)
    goals = [goal for goal in ADVERSARIAL_GOALS if goal.figure.split("_")[0] in KINDS.value]
    return 0 if all_met({"adversarial": figures}, goals) else 1


if __name__ == "__main__":
    app.run(main)
