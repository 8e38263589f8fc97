"""Recovers what a picture depends on, one thing at a time, from a target picture.

    python examples/06_optimize_everything.py [--mesh FILE] [--steps N]

Vertex positions and colours, a texture and its coordinates, the camera, the light and the material
descend one at a time on the L1 distance between DIB-R's picture and a target. Follows Fig. 2 of
Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable Renderer",
NeurIPS 2019. Positions have targets from three sides, everything else has one.
"""

import dataclasses

import numpy as np
import tensorflow as tf
from absl import app, flags
from figures import sheet
from fitting import fit
from goals import all_met
from inputs import IMAGE_SIZE, image_size, load_mesh, output_folder
from recoveries import ALL
from results import report

import tf_mesh_renderer as mr

STEPS = flags.DEFINE_integer("steps", 300, "Steps of the optimiser.", lower_bound=1)
flags.set_default(IMAGE_SIZE, 128)


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of a recovery.

    Attributes:
      pictures: start, target and result, [H, W, 3] each.
      first_loss: L1 distance of start and target, mean over pixels and channels.
      last_loss: of result and target.
      seconds: for all steps.
      errors: as the recovery names them.
    """

    pictures: list[np.ndarray]
    first_loss: float
    last_loss: float
    seconds: float
    errors: dict[str, float]

    @property
    def loss_ratio(self) -> float:
        return self.first_loss / max(self.last_loss, 1e-12)


def recover(recovery) -> Outcome:
    """Descends from the start of a `Recovery`."""
    target = recovery.draw(recovery.truth, image_size())
    variable = tf.Variable(recovery.start)

    def l1(value):
        return tf.reduce_mean(tf.abs(recovery.draw(value, image_size()) - target))

    def loss():
        value = tf.convert_to_tensor(variable)
        return l1(value) + recovery.penalty(value)

    done = fit(
        loss,
        [variable],
        iterations=STEPS.value,
        learning_rate=recovery.learning_rate,
        label=recovery.title,
    )
    result = tf.convert_to_tensor(variable)
    images = [recovery.draw(value, image_size()) for value in (recovery.start, result)]
    return Outcome(
        [image[0, ..., :3].numpy() for image in (images[0], target, images[1])],
        float(l1(recovery.start)),
        float(l1(result)),
        done.seconds,
        recovery.errors(result),
    )


def write_sheet(path, outcomes):
    """A column per recovery: start, target, result."""
    captions = (
        [f"L1 {outcome.first_loss:.1e}" for outcome in outcomes.values()],
        [""] * len(outcomes),
        [f"L1 {outcome.last_loss:.1e}" for outcome in outcomes.values()],
    )
    page = sheet(
        list(zip(*(outcome.pictures for outcome in outcomes.values()))),
        column_titles=list(outcomes),
        row_titles=("start", "target", "result"),
        captions=captions,
    )
    mr.write_image(path, page)


def print_outcomes(outcomes):
    layout = "{:16} {:>10} {:>10} {:>8} {:>8}  {}"
    print(layout.format("recovered", "first L1", "last L1", "ratio", "seconds", "errors"))
    for title, one in outcomes.items():
        errors = ", ".join(f"{name.replace('_', ' ')} {e:.3g}" for name, e in one.errors.items())
        losses = f"{one.first_loss:.5f}", f"{one.last_loss:.2e}", f"{one.loss_ratio:.0f}"
        print(layout.format(title, *losses, f"{one.seconds:.1f}", errors))


def figures_of(outcomes):
    """{recovery_figure: value}."""
    figures = {}
    for title, outcome in outcomes.items():
        name = title.replace(", ", "_").replace(" ", "_").replace(".", "")
        figures[f"{name}_loss_ratio"] = outcome.loss_ratio
        figures |= {f"{name}_{error}": value for error, value in outcome.errors.items()}
    return figures


def main(_):
    folder, mesh = output_folder(), load_mesh()
    recoveries = [make(mesh) for make in ALL]
    outcomes = {recovery.title: recover(recovery) for recovery in recoveries}
    write_sheet(folder / "sheet.png", outcomes)
    print_outcomes(outcomes)
    figures = figures_of(outcomes)
    report(folder, **figures)
    return 0 if all_met({"06_optimize_everything": figures}) else 1


if __name__ == "__main__":
    app.run(main)
