"""All that decides what a training ends with, as a value that stands beside its checkpoints."""

import dataclasses
import json
import pathlib
from typing import Any

import keras

from tf_mesh_renderer.applications.reconstruction.experiment import (
    PRECISIONS,
    default_checkpoint_every,
)
from tf_mesh_renderer.arguments import argument_error, check_choice
from tf_mesh_renderer.io.folder_record import FolderRecord
from tf_mesh_renderer.models.shape_gan import STAGES, GanTrainer, ShapeGanPreset

_RECORD = FolderRecord("experiment.json", "train", "output")
_TUPLES = ("image_filters", "texture_filters")


@dataclasses.dataclass(frozen=True)
class GanExperiment:
    """A training of one stage, but for the folder of its data and what it runs on.

    Attributes:
      stage: "shape" or "texture".
      settings: networks, losses, steps, learning rate.
      category: name of what is learnt.
      data: `datasets.ShapeNetRenderings.checksums` of the training split.
      objects: how many of the split are used.
      shapes: checksum of the shapes that textures are trained on, see `checksum_of_weights`; empty
        in the first stage.
      textures: checksum of the network that predicts the textures that count as real; empty where
        they are those of the data set.
      seed: of the initial weights and of the batches.
      precision: policy of Keras; "mixed_float16" scales the loss.
      checkpoint_every: steps between two lines of the log and checkpoints.
    Raises:
      ValueError: an unknown stage or precision, or steps that are no whole number of epochs.
    """

    stage: str
    settings: ShapeGanPreset
    category: str
    data: tuple[str, ...]
    objects: int
    shapes: str = ""
    textures: str = ""
    seed: int = 0
    precision: str = "float32"
    checkpoint_every: int = 100

    def __post_init__(self):
        check_choice("GanExperiment", "stage", value=self.stage, choices=STAGES)
        check_choice("GanExperiment", "precision", value=self.precision, choices=PRECISIONS)
        steps = self.settings.steps
        if self.checkpoint_every < 1 or steps < 1 or steps % self.checkpoint_every:
            raise argument_error(
                "GanExperiment",
                "checkpoint_every",
                expected=f"a number > 0 that divides the {steps} steps",
                received=self.checkpoint_every,
                hint=f"{default_checkpoint_every(max(steps, 1))} would do",
            )

    @property
    def epochs(self) -> int:
        """How many epochs the training has: parts of `checkpoint_every` steps."""
        return self.settings.steps // self.checkpoint_every

    def make_trainer(self, *, jit_compile: bool | str = "auto") -> GanTrainer:
        """New networks with their optimizers, with all their variables.

        Sets the global seeds, which the variables depend on.

        Args:
          jit_compile: whether XLA compiles the step.
        Returns:
          The trainer of the stage, compiled.
        """
        keras.utils.set_random_seed(self.seed)
        before = keras.config.dtype_policy()
        keras.config.set_dtype_policy(self.precision)
        try:
            return self.settings.make_trainer(self.stage, jit_compile=jit_compile)
        finally:
            keras.config.set_dtype_policy(before)

    def write(self, directory: pathlib.Path) -> None:
        """Writes the experiment into a folder.

        Args:
          directory: made if it is not there.
        Raises:
          ValueError: as of `check_same`.
        """
        _RECORD.claim(directory, dataclasses.asdict(self))

    def check_same(self, directory: pathlib.Path) -> None:
        """Refuses to go on with the training of another experiment.

        Args:
          directory: folder of a training, or one where there is none yet.
        Raises:
          ValueError: what lies there is another experiment; the text names what differs.
        """
        _RECORD.check(directory, dataclasses.asdict(self))

    @staticmethod
    def read(directory: pathlib.Path) -> "GanExperiment":
        """Reads what `write` wrote.

        Args:
          directory: folder of a training.
        Returns:
          `GanExperiment`.
        Raises:
          FileNotFoundError: there is no training.  ValueError: the file holds something else.
        """
        path = directory / _RECORD.file_name
        if not path.is_file():
            raise argument_error(
                "GanExperiment.read",
                "directory",
                expected="a folder that `train-shape` or `train-texture` wrote",
                received=f"'{directory}' without '{_RECORD.file_name}'",
                hint="pass the --output of the training",
                error=FileNotFoundError,
            )
        try:
            return _experiment(json.loads(path.read_text(encoding="utf-8")))
        except (KeyError, TypeError, ValueError) as error:
            raise argument_error(
                "GanExperiment.read",
                "directory",
                expected=f"an experiment in '{path}'",
                received=f"{type(error).__name__}: {error}",
                hint="the file may be of another version: train again into a new folder",
            ) from error


def _experiment(values: dict[str, Any]) -> GanExperiment:
    settings = dict(values.pop("settings"))
    settings |= {name: tuple(settings[name]) for name in _TUPLES}
    values["data"] = tuple(values["data"])
    return GanExperiment(settings=ShapeGanPreset(**settings), **values)
