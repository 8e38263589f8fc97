"""Fits the same meshes to the same pictures with N3MR, DIB-R and SoftRas.

    python examples/05_compare_gradients.py [--mesh FILE] [--steps N] [--tasks TASK,...]

Three tasks, in which nothing but the argument `gradient` differs:

silhouettes  A sphere becomes the object that is seen in 24 silhouettes.
colors       It gets the object's colours too: once with a loss on silhouettes, once by the loss on
             colours alone, which shows what colours tell about an outline. N3MR compares the two
             sides of it; DIB-R's colours are exact derivatives within faces, and alpha alone knows
             what is beside them; in SoftRas a face outweighs the background as far as it reaches.
place        A mesh stands beside its target. N3MR looks along rows and columns as far as the image
             goes. DIB-R and SoftRas see as far as they are soft: a fringe that overlaps is enough,
             a gap is too wide, unless they begin wide and end narrow.
"""

import csv
import functools

from absl import app, flags
from figures import plot_losses, sheet
from fitting import Fit, fit, spread_steps
from goals import GOALS, all_met
from gradient_tasks import PlaceFromOneView, ShapeFromViews, painted
from inputs import IMAGE_SIZE, image_size, load_mesh, output_folder
from results import report

import tf_mesh_renderer as mr

TASKS = flags.DEFINE_list("tasks", ["silhouettes", "colors", "place"], "Which tasks to run.")
STEPS = flags.DEFINE_integer("steps", 300, "Steps of the optimiser.", lower_bound=2)
SEED = flags.DEFINE_integer("seed", 0, "Decides which views a step sees.")
flags.set_default(IMAGE_SIZE, 64)

MODELS = {
    "N3MR": mr.gradients.N3mr(),
    "DIB-R": mr.gradients.DibR(sigma_inv=30000),
    "SoftRas": mr.gradients.SoftRas(sigma=3e-5),
}
# N3MR has no softness to widen.
WIDE_MODELS = {
    "N3MR": MODELS["N3MR"],
    "DIB-R": mr.gradients.DibR(sigma_inv=300, box_length=0.3),
    "SoftRas": mr.gradients.SoftRas(sigma=1e-2),
}
# Why a model cannot solve a problem.
LIMITS = {
    ("colors alone", "DIB-R"): "no gradient across an outline",
    ("colors alone", "SoftRas"): "a face outweighs the background beside it",
    ("apart", "DIB-R"): "out of reach",
    ("apart", "SoftRas"): "out of reach",
}
FITTED_IOU = 0.9
FRAMES, PAUSE = 30, 8
LEARNING_RATES = {"silhouettes": 5e-3, "colors": 5e-3, "place": 2e-2}


def problems_of(task, mesh):
    """{title: (function that makes the problem, whether to begin with a wide gradient)}."""
    size, seed = image_size(), SEED.value

    def shape(target, **terms):
        return lambda: ShapeFromViews(target, size=size, seed=seed, **terms)

    def place(*shift):
        return lambda: PlaceFromOneView(mesh, size=size, shift=shift)

    colored = painted(mesh)
    return {
        "silhouettes": {"silhouettes": (shape(mesh), False)},
        "colors": {
            "colors and silhouettes": (shape(colored, colors=True), False),
            "colors alone": (shape(colored, colors=True, silhouettes=False), False),
        },
        "place": {
            "overlapping": (place(0.8, 0.1), False),
            "apart": (place(1.15, 0.1), False),
            "apart, wide to narrow": (place(1.15, 0.1), True),
        },
    }[task]


def solve(problem, model, *, wide, task, label) -> Fit:
    """Fits a problem; during the first half with the wide gradient if asked to."""
    iterations, shown = STEPS.value, spread_steps(STEPS.value, FRAMES)
    middle = iterations // 2 if wide else 0
    whole = Fit()
    for models, begin, end in ((WIDE_MODELS, 0, middle), (MODELS, middle, iterations)):
        if end > begin:
            whole += fit(
                functools.partial(problem.loss, models[model]),
                problem.variables,
                iterations=end - begin,
                learning_rate=LEARNING_RATES[task],
                label=label,
                picture=lambda: (problem.pictures(), problem.figures()),
                # The step at which the parts meet belongs to the later one.
                picture_steps=[s - begin for s in shown if begin <= s < end or s == iterations],
            )
    return whole


def animate(path, problems, fits):
    """A frame per picture: a row per picture of a problem, the target and then the models."""
    frames, targets = [], {title: one.target_pictures() for title, one in problems.items()}
    for number, (steps, _) in enumerate(fits[next(iter(problems)), "N3MR"].pictures):
        rows, titles, captions = [], [], []
        for title in problems:
            seen = [fits[title, model].pictures[number][1] for model in MODELS]
            notes = ["", *(f"IoU {figures['iou']:.3f}" for _, figures in seen)]
            for row in zip(targets[title], *(pictures for pictures, _ in seen)):
                rows.append(row)
                titles.append(title if title not in titles else f"{title}, from behind")
                captions.append(notes)
        frames.append(
            sheet(
                rows,
                column_titles=["target", *MODELS],
                row_titles=titles,
                captions=captions,
                footer=f"after {steps} steps",
            )
        )
    mr.write_gif(path, [*frames, *[frames[-1]] * PAUSE], duration_ms=150)


def run_task(task, mesh, folder):
    """Returns {(problem, model): Fit} of a task; writes its animation."""
    problems, fits = {}, {}
    for title, (make, wide) in problems_of(task, mesh).items():
        for model in MODELS:
            problems[title] = make()
            label = f"{title}, {model}"
            fits[title, model] = solve(problems[title], model, wide=wide, task=task, label=label)
    animate(folder / f"{task}.gif", problems, fits)
    return fits


def table_of(fits):
    """A header, then a row per fit."""
    yield "problem", "model", "first IoU", "final IoU", "color error", "seconds", "limit"
    for (title, model), done in fits.items():
        (_, (_, first)), (_, (_, final)) = done.pictures[0], done.pictures[-1]
        error = f"{final['color_error']:.3f}" if "color_error" in final else ""
        limit = LIMITS.get((title, model), "") if final["iou"] < FITTED_IOU else ""
        ious = f"{first['iou']:.3f}", f"{final['iou']:.3f}"
        yield title, model, *ious, error, f"{done.seconds:.1f}", limit


def write_table(path, fits):
    """To a file and to the terminal."""
    rows = list(table_of(fits))
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    for row in rows:
        print("{:24} {:8} {:>10} {:>10} {:>12} {:>8}  {}".format(*row))


def write_losses(path, fits):
    """A panel per problem, a curve per model."""
    curves = {}
    for (title, model), done in fits.items():
        curves.setdefault(title, {})[model] = done.losses
    plot_losses(path, curves)


def figures_of(fits):
    """{problem_model_figure: value}."""
    figures = {}
    for (title, model), done in fits.items():
        name = f"{title}_{model}".replace(", ", "_").replace(" ", "_").replace("-", "").lower()
        figures[f"{name}_iou"] = done.pictures[-1][1][1]["iou"]
        figures[f"{name}_seconds"] = done.seconds
    return figures


def main(_):
    folder, mesh = output_folder(), load_mesh()
    fits = {}
    for task in TASKS.value:
        fits |= run_task(task, mesh, folder)
    write_losses(folder / "losses.png", fits)
    write_table(folder / "table.csv", fits)
    figures = figures_of(fits)
    report(folder, **figures)
    goals = [goal for goal in GOALS if goal.figure in figures]  # those of the tasks that ran
    return 0 if all_met({"05_compare_gradients": figures}, goals) else 1


if __name__ == "__main__":
    app.run(main)
