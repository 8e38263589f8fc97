"""All that decides what a training ends with, as a value that stands beside its checkpoints."""

import dataclasses
import json
import pathlib
from typing import Any

import keras

from tf_mesh_renderer.arguments import argument_error, check_choice
from tf_mesh_renderer.models.reconstruction import (
    LossWeights,
    MultiViewTrainer,
    ReconstructionPreset,
)

PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16")
_FILE_NAME = "experiment.json"
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
      round_steps: steps between two lines of the log, validations and checkpoints.
      inverted_colors: as of `datasets.ShapeNetRenderings`.
      renders_batches: whether batches are rendered from the meshes of the data set, instead of its
        pictures being read.
    Raises:
      ValueError: an unknown precision, or steps that are no whole number of rounds.
    """

    settings: ReconstructionPreset
    categories: tuple[str, ...]
    data: tuple[str, ...]
    seed: int = 0
    precision: str = "float32"
    round_steps: int = 100
    inverted_colors: bool = False
    renders_batches: bool = False

    def __post_init__(self):
        check_choice("Experiment", "precision", value=self.precision, choices=PRECISIONS)
        steps = self.settings.steps
        if self.round_steps < 1 or steps < 1 or steps % self.round_steps:
            raise argument_error(
                "Experiment",
                "round_steps",
                expected=f"a number > 0 that divides the {steps} steps",
                received=self.round_steps,
                hint=f"{default_round_steps(max(steps, 1))} would do",
            )

    @property
    def rounds(self) -> int:
        """How many rounds the training has."""
        return self.settings.steps // self.round_steps

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
        """
        directory.mkdir(parents=True, exist_ok=True)
        text = json.dumps(dataclasses.asdict(self), indent=2)
        # Other processes may read it at the same time.
        unfinished = directory / f".{_FILE_NAME}"
        unfinished.write_text(text + "\n", encoding="utf-8")
        unfinished.replace(directory / _FILE_NAME)

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
        path = directory / _FILE_NAME
        if not path.is_file():
            raise argument_error(
                "Experiment.read",
                "directory",
                expected="a folder that `train` wrote",
                received=f"'{directory}' without '{_FILE_NAME}'",
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
        if not (directory / _FILE_NAME).exists():
            return
        there, now = (_flat(dataclasses.asdict(e)) for e in (Experiment.read(directory), self))
        differences = [
            f"{name} {old!r} there and {now[name]!r} now"
            for name, old in there.items()
            if old != now[name]
        ]
        if differences:
            raise argument_error(
                "train",
                "output",
                expected=f"the experiment that '{directory}' was begun with",
                received="; ".join(differences),
                hint="pass the same flags to go on with it, or another --output",
            )


def default_round_steps(steps: int) -> int:
    """How many steps a round has if nobody says: about a twentieth of all, at most 1000.

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


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    """Values of nested dicts under names such as "settings.weights.color"."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        inner = _flat(value) if isinstance(value, dict) else {"": value}
        flat |= {f"{name}.{rest}".rstrip("."): part for rest, part in inner.items()}
    return flat
