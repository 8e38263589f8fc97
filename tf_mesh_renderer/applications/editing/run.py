"""From settings to results: the frame that every program has which edits a mesh."""

import dataclasses
import json
import pathlib
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tf_mesh_renderer.applications.editing.model import EditingModel
from tf_mesh_renderer.applications.editing.settings import setting
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.io import save_mesh, write_gif, write_image
from tf_mesh_renderer.losses import vertex_displacement_loss
from tf_mesh_renderer.metrics import silhouette_iou
from tf_mesh_renderer.training import Checkpoints, ProgressBar, SaveCheckpoints, fit
from tf_mesh_renderer.visualization import sheet, turntable

_WHITE = 1.0
_HALF = 0.5
_HELD_OUT = 20
_SHEET_VIEWS = 4
# The published turntables look down by this much.
_TURNTABLE_ELEVATION = 30.0
_CHECKPOINTS = "checkpoints"
_REPORT = "report.json"


@dataclasses.dataclass(frozen=True)
class RunOptions:
    """What a run writes, and when; the text of each field is its flag's."""

    output: str = setting(
        "", "Folder for results and checkpoints; a run that stopped goes on there."
    )
    preview: bool = setting(True, "Write preview.png before every checkpoint.")
    frames: int = setting(90, "Number of pictures of the turntable.", low=1)
    size: int = setting(224, "Side of the pictures of turntable and sheet, in pixels.", low=1)


@dataclasses.dataclass(frozen=True)
class HeldOut:
    """Pictures of a mesh in views that were not trained on, and what the objective says of them.

    Attributes:
      images: [N, H, W, 4] float32.
      terms: of the objective, {name: float}.
      vertices: [V, 3] float32.
    """

    images: np.ndarray
    terms: dict[str, float]
    vertices: np.ndarray


class EditingRun:
    """Trains an `EditingModel` in a folder and writes what came out.

    Args:
      model: compiled, as it starts: its mesh is the start of the pictures and figures.
      options: `RunOptions`.
      label: name of the program, for the progress bar.
    Attributes:
      start: the `HeldOut` pictures before the first step.
      end: those after the last one; the start before `train`.
    """

    def __init__(self, model: EditingModel, options: RunOptions, *, label: str):
        self.model = model
        self.options = options
        self.folder = pathlib.Path(options.output)
        self.start = self.end = self.look()
        self._start_pictures = self._pictures()
        self._label = label

    def look(self) -> HeldOut:
        """The mesh as it is now, from held-out views."""
        views = self.model.sampler.held_out(_HELD_OUT)
        seed = tf.constant([self.model.settings.seed, -1])
        background = self.model.objective.background(seed)
        vertices = tf.convert_to_tensor(self.model.subject.vertices)
        images = self.model.draw(views, background)
        terms = self.model.objective.terms(images, vertices)
        return HeldOut(
            images.numpy(), {name: float(value) for name, value in terms.items()}, vertices.numpy()
        )

    def train(self) -> None:
        """Takes the steps of the settings that are left after the latest checkpoint.

        Raises:
          ValueError: the checkpoint has more steps than the settings, or is that of another model.
        """
        settings = self.model.settings
        checkpoints = Checkpoints(self.model, self.folder / _CHECKPOINTS)
        callbacks = [ProgressBar(self._label), SaveCheckpoints(checkpoints)]
        if self.options.preview:
            callbacks.insert(1, keras.callbacks.LambdaCallback(on_epoch_end=self._preview))
        epochs = settings.steps // settings.steps_per_epoch
        done = checkpoints.restore()
        if done > epochs:
            raise self._error_of_steps(done * settings.steps_per_epoch)
        if done < epochs:
            fit(
                self.model,
                tf.data.Dataset.counter(),
                epochs=epochs,
                steps_per_epoch=settings.steps_per_epoch,
                initial_epoch=done,
                callbacks=callbacks,
            )
        self.end = self.look()

    def write(self, *, reference: np.ndarray | None = None, **figures: Any) -> dict[str, Any]:
        """Writes pictures, meshes and figures.

        Args:
          reference: [H, W, 3] float, shown on the sheet beside the start, or None.
          **figures: JSON types, further lines of the report.
        Returns:
          The report: `figures`, and how far shape and colours have moved.
        """
        mesh = self.model.subject.mesh()
        for extension in ("obj", "glb"):
            save_mesh(self.folder / f"result.{extension}", mesh)
        first, second = self._start_pictures, self._pictures()
        if reference is not None:
            size = [self.options.size] * 2
            first = [tf.image.resize(reference, size, antialias=True), *first]
            second = [np.full_like(second[0], _WHITE), *second]
        write_image(self.folder / "sheet.png", sheet([first, second]))
        frames = turntable(self._draw_azimuths, frames=self.options.frames)
        write_gif(self.folder / "turntable.gif", frames)
        report = {**figures, **self._changes()}
        text = json.dumps(report, indent=2)
        (self.folder / _REPORT).write_text(text + "\n", encoding="utf-8")
        return report

    def _error_of_steps(self, done):
        return argument_error(
            "EditingRun",
            "steps",
            expected=f"at least {done}, which were taken in '{self.folder}'",
            received=self.model.settings.steps,
            hint="choose another folder",
        )

    def _changes(self):
        start, now = self.start, self.end
        # Cut at one half: soft borders would not even agree with themselves.
        before, after = start.images[..., 3] > _HALF, now.images[..., 3] > _HALF
        overlap = silhouette_iou(before, after)
        colors = np.abs(now.images[..., :3] - start.images[..., :3])[before & after]
        return {
            "silhouette_iou": float(np.mean(overlap)),
            "displacement": float(vertex_displacement_loss(now.vertices, start.vertices)),
            "color_change": float(np.mean(colors)) if colors.size else 0.0,
            "finite": bool(np.isfinite(now.vertices).all() and np.isfinite(now.images).all()),
        }

    def _draw_azimuths(self, azimuths):
        views = self.model.sampler.around(azimuths, _TURNTABLE_ELEVATION)
        size = (self.options.size, self.options.size)
        return self.model.draw(views, _WHITE, image_size=size)

    def _pictures(self):
        azimuths = np.arange(_SHEET_VIEWS, dtype=np.float32) * np.float32(360 / _SHEET_VIEWS)
        return [*self._draw_azimuths(azimuths).numpy()]

    def _preview(self, epoch, logs):
        del epoch, logs
        write_image(self.folder / "preview.png", sheet([self._pictures()]))
