"""All that decides what a training ends with, as a value that stands beside its checkpoints."""

import dataclasses
import json
import pathlib
from typing import Any

import keras

from tf_mesh_renderer.arguments import argument_error, check_choice
from tf_mesh_renderer.io.folder_record import FolderRecord
from tf_mesh_renderer.models.reconstruction import (
    LossWeights,
    MultiViewTrainer,
    ReconstructionPreset,
)

PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16")
_RECORD = FolderRecord("experiment.json", "train", "output")
# Parts of `ReconstructionPreset` that JSON turns into lists.
_PAIR, _PAIRS = ("image_size",), ("learning_rate_drops",)


@dataclasses.dataclass(frozen=True)
class Experiment:
    """A training, but for the folder of its data and what it runs on.

    Attributes:
      settings: network, gradient model, losses, steps, learning rate.
      categories: names of the categories that it sees.
      data: `datasets.ShapeNetRenderings.checksums` of the training split.
      seed: of the initial weights and of the batches.
      precision: policy of Keras; "mixed_float16" scales the loss.
      checkpoint_every: steps between two lines of the log, validations and checkpoints.
      inverted_colors: as of `datasets.ShapeNetRenderings`.
      renders_batches: whether batches are rendered from the meshes of the data set, instead of its
        pictures being read.
    Raises:
      ValueError: an unknown precision, or steps that are no whole number of epochs.
    """

    settings: ReconstructionPreset
    categories: tuple[str, ...]
    data: tuple[str, ...]
    seed: int = 0
    precision: str = "float32"
    checkpoint_every: int = 100
    inverted_colors: bool = False
    renders_batches: bool = False

    def __post_init__(self):
        check_choice("Experiment", "precision", value=self.precision, choices=PRECISIONS)
        steps = self.settings.steps
        if self.checkpoint_every < 1 or steps < 1 or steps % self.checkpoint_every:
            raise argument_error(
                "Experiment",
                "checkpoint_every",
                expected=f"a number > 0 that divides the {steps} steps",
                received=self.checkpoint_every,
                hint=f"{default_checkpoint_every(max(steps, 1))} would do",
            )

    @property
    def epochs(self) -> int:
        """How many epochs the training has: parts of `checkpoint_every` steps."""
        return self.settings.steps // self.checkpoint_every

    @property
    def side(self) -> int:
        """Side of the pictures in pixels."""
        return self.settings.image_size[0]

    def make_trainer(self, *, jit_compile: bool | str = "auto") -> MultiViewTrainer:
        """A new network with its optimizer, both with all their variables.

        Sets the global seeds, which the variables depend on.

        Args:
          jit_compile: whether XLA compiles the step.
        Returns:
          `MultiViewTrainer`, compiled.
        """
        keras.utils.set_random_seed(self.seed)
        before = keras.config.dtype_policy()
        keras.config.set_dtype_policy(self.precision)
        try:
            trainer = self.settings.make_trainer(jit_compile=jit_compile)
        finally:
            keras.config.set_dtype_policy(before)
        trainer.optimizer.build(trainer.trainable_variables)
        return trainer

    def write(self, directory: pathlib.Path) -> None:
        """Writes the experiment into a folder.

        Args:
          directory: made if it is not there.
        Raises:
          ValueError: as of `check_same`.
        """
        _RECORD.claim(directory, dataclasses.asdict(self))

    @staticmethod
    def read(directory: pathlib.Path) -> "Experiment":
        """Reads what `write` wrote.

        Args:
          directory: folder of a training.
        Returns:
          `Experiment`.
        Raises:
          FileNotFoundError: there is no training.  ValueError: the file holds something else.
        """
        path = directory / _RECORD.file_name
        if not path.is_file():
            raise argument_error(
                "Experiment.read",
                "directory",
                expected="a folder that `train` wrote",
                received=f"'{directory}' without '{_RECORD.file_name}'",
                hint="pass the --output of the training",
                error=FileNotFoundError,
            )
        try:
            return _experiment(json.loads(path.read_text(encoding="utf-8")))
        except (KeyError, TypeError, ValueError) as error:
            raise argument_error(
                "Experiment.read",
                "directory",
                expected=f"an experiment in '{path}'",
                received=f"{type(error).__name__}: {error}",
                hint="the file may be of another version: train again into a new folder",
            ) from error

    def check_same(self, directory: pathlib.Path) -> None:
        """Refuses to go on with the training of another experiment.

        Args:
          directory: folder of a training, or one where there is none yet.
        Raises:
          ValueError: what lies there is another experiment; the text names what differs.
        """
        _RECORD.check(directory, dataclasses.asdict(self))


def default_checkpoint_every(steps: int) -> int:
    """How many steps an epoch has if nobody says: about a twentieth of all, at most 1000.

    Args:
      steps: of the training, > 0.
    Returns:
      The largest such number that divides the steps.
    """
    limit = min(max(steps // 20, 1), 1000)
    return next(size for size in range(limit, 0, -1) if steps % size == 0)


def _experiment(values: dict[str, Any]) -> Experiment:
    settings = dict(values.pop("settings"))
    settings["weights"] = LossWeights(**settings["weights"])
    settings |= {name: tuple(settings[name]) for name in _PAIR}
    settings |= {name: tuple(map(tuple, settings[name])) for name in _PAIRS}
    values |= {name: tuple(values[name]) for name in ("categories", "data")}
    return Experiment(settings=ReconstructionPreset(**settings), **values)
