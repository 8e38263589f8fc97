"""Gives meshes the style of pictures, or lets a network dream of them, and says what was reached.

    python examples/edit_meshes.py --program style_transfer|deep_dream [--output DIR]

Every run is a command as one would type it. An independent network then names the pattern in
pictures of the mesh files that came out, from sides that were not trained on. What is there already
is not done again. Ends with 1 if a command fails or a goal is missed.
"""

import collections
import dataclasses
import json
import pathlib

import tensorflow as tf
from absl import app, flags
from commands import run
from goals import EDITING_GOALS, all_met
from pattern_judge import PatternJudge
from results import report

import tf_mesh_renderer as mr
from tf_mesh_renderer.applications import style_transfer
from tf_mesh_renderer.applications.editing import program

PROGRAM = flags.DEFINE_enum(
    "program", "style_transfer", ["style_transfer", "deep_dream"], "What to do."
)
OUTPUT = flags.DEFINE_string("output", None, "Default: output/ and the program.")
STEPS = flags.DEFINE_integer("steps", None, "Steps instead of the preset's; for tests.")
MESHES = flags.DEFINE_list("meshes", ["teapot", "sphere"], "What is edited.")
STYLES = pathlib.Path(__file__).resolve().parents[1] / "docs" / "gallery" / "styles"
# The styles that a judge can name, and those that it cannot.
PATTERNS, PAINTINGS = ("stripes", "dots"), ("munch",)
# The sphere fills the image at the default angle of view, which is for the teapot.
ANGLES = {"teapot": 40.0, "sphere": 50.0}
JUDGED_VIEWS = 20


def edit(mesh, folder, *arguments):
    """Runs the program on a mesh; returns its report and, if nothing was there, its seconds."""
    is_new = not folder.exists()
    length = [] if STEPS.value is None else [f"--steps={STEPS.value}"]
    shape = [f"--mesh={mesh}", f"--fov_y_degrees={ANGLES[mesh]:g}"]
    pictures = ["--frames=30", "--size=128"]
    seconds = run(
        f"applications.{PROGRAM.value}",
        *shape,
        *arguments,
        f"--output={folder}",
        *pictures,
        *length,
    )
    figures = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return figures | ({"seconds": seconds} if is_new else {})


def judgement(judge, mesh, style, folder):
    """Shares of the views in which the judge sees the pattern of the style, first and last."""
    settings = dataclasses.replace(style_transfer.PRESETS["small"], fov_y_degrees=ANGLES[mesh])
    picture = style_transfer.read_style(style, settings.image_size)
    sampler = settings.sampler(light_cone=style_transfer.LIGHT_CONE_DEGREES)
    views = sampler.held_out(JUDGED_VIEWS)
    (expected,) = judge.names(picture[tf.newaxis])
    shapes = {
        "judge_agrees_start": settings.subject(program.load(mesh, settings.texture)).mesh(),
        "judge_agrees": mr.load_mesh(folder / "result.obj", texture="picture"),
    }
    shares = {}
    for name, shape in shapes.items():
        images = mr.render(
            shape,
            views.camera,
            image_size=(settings.image_size,) * 2,
            lights=views.lights,
            background=tf.reduce_mean(picture[..., :3], axis=[0, 1]),
        )
        seen = collections.Counter(judge.names(images))
        print(f"{style.name} is {expected}, {mesh} is", seen.most_common())
        shares[name] = seen[expected] / JUDGED_VIEWS
    return shares


def transfer_styles(folder):
    """Figures of all style transfers."""
    judge, figures = PatternJudge(), {}
    for mesh in MESHES.value:
        for name in PATTERNS + PAINTINGS:
            (style,) = STYLES.glob(f"{name}.*")
            output = folder / f"{mesh}_{name}"
            results = edit(mesh, output, f"--style={style}")
            if name in PATTERNS:
                results |= judgement(judge, mesh, style, output)
            figures |= {f"{mesh}_{name}_{key}": value for key, value in results.items()}
    return figures


def dream(folder):
    """Figures of all dreams."""
    results = {mesh: edit(mesh, folder / mesh) for mesh in MESHES.value}
    return {f"{mesh}_{key}": value for mesh, one in results.items() for key, value in one.items()}


def is_known(goal, figures):
    """Nobody has timed what was there already."""
    return goal.figure in figures or not goal.figure.endswith("_seconds")


def main(_):
    name = PROGRAM.value
    folder = pathlib.Path(OUTPUT.value or f"output/{name}")
    figures = transfer_styles(folder) if name == "style_transfer" else dream(folder)
    report(folder, **figures)
    goals = [goal for goal in EDITING_GOALS if goal.example == name and is_known(goal, figures)]
    return 0 if all_met({name: figures}, goals) else 1


if __name__ == "__main__":
    app.run(main)
