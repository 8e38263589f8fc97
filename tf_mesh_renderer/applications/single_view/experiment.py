"""All that decides what a training ends with, as a value that stands beside its checkpoints."""

import dataclasses
import json
import pathlib

import keras
import numpy as np

from tf_mesh_renderer.applications.reconstruction.experiment import (
    PRECISIONS,
    default_checkpoint_every,
)
from tf_mesh_renderer.arguments import argument_error, check_choice
from tf_mesh_renderer.datasets import AnnotatedPictures
from tf_mesh_renderer.datasets.annotated.crops import PADDING
from tf_mesh_renderer.io.folder_record import FolderRecord
from tf_mesh_renderer.models.single_view import (
    SingleViewLossWeights,
    SingleViewPreset,
    SingleViewTrainer,
)
from tf_mesh_renderer.training import Checkpoints

CHECKPOINTS = "checkpoints"
# Longest side of an object in image coordinates: crops are boxes grown at both ends.
OBJECT_SIDE = 2 / (1 + 2 * PADDING)
_RECORD = FolderRecord("experiment.json", "train", "output")


@dataclasses.dataclass(frozen=True)
class SingleViewExperiment:
    """A training, but for the folder of its data and what it runs on.

    Attributes:
      settings: network, losses, steps, learning rate.
      data: `AnnotatedPictures.checksum` of what it is trained on.
      mean_keypoints: [K][3], around which the mean shape starts.
      seed: of the initial weights and of the batches.
      precision: policy of Keras; "mixed_float16" scales the loss.
      checkpoint_every: steps between two lines of the log, validations and checkpoints.
    Raises:
      ValueError: an unknown precision, or steps that are no whole number of epochs.
    """

    settings: SingleViewPreset
    data: str
    mean_keypoints: tuple[tuple[float, float, float], ...]
    seed: int = 0
    precision: str = "float32"
    checkpoint_every: int = 100

    def __post_init__(self):
        where = "SingleViewExperiment"
        check_choice(where, "precision", value=self.precision, choices=PRECISIONS)
        steps = self.settings.steps
        if self.checkpoint_every < 1 or steps < 1 or steps % self.checkpoint_every:
            raise argument_error(
                where,
                "checkpoint_every",
                expected=f"a number > 0 that divides the {steps} steps",
                received=self.checkpoint_every,
                hint=f"{default_checkpoint_every(max(steps, 1))} would do",
            )

    @classmethod
    def of(cls, settings: SingleViewPreset, dataset: AnnotatedPictures, **options):
        """The experiment with some photographs.

        Args:
          settings: as of the class.
          dataset: what it is trained on.
          **options: the other attributes.
        Returns:
          `SingleViewExperiment`.
        """
        keypoints = tuple(tuple(map(float, point)) for point in dataset.mean_keypoints)
        return cls(settings, dataset.checksum, keypoints, **options)

    @property
    def epochs(self) -> int:
        """How many epochs the training has: parts of `checkpoint_every` steps."""
        return self.settings.steps // self.checkpoint_every

    def make_trainer(self, *, jit_compile: bool | str = "auto") -> SingleViewTrainer:
        """A new network with its optimizer, both with all their variables.

        Sets the global seeds, which the variables depend on.

        Args:
          jit_compile: whether XLA compiles the step.
        Returns:
          `SingleViewTrainer`, compiled.
        """
        keras.utils.set_random_seed(self.seed)
        before = keras.config.dtype_policy()
        keras.config.set_dtype_policy(self.precision)
        try:
            trainer = self.settings.make_trainer(
                np.array(self.mean_keypoints), object_side=OBJECT_SIDE, jit_compile=jit_compile
            )
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

    def check_same(self, directory: pathlib.Path) -> None:
        """Refuses to go on with the training of another experiment.

        Args:
          directory: folder of a training, or one where there is none yet.
        Raises:
          ValueError: what lies there is another experiment; the text names what differs.
        """
        _RECORD.check(directory, dataclasses.asdict(self))

    @staticmethod
    def read(directory: pathlib.Path) -> "SingleViewExperiment":
        """Reads what `write` wrote.

        Args:
          directory: folder of a training.
        Returns:
          `SingleViewExperiment`.
        Raises:
          ValueError: there is no training, or the file holds something else.
        """
        path = directory / _RECORD.file_name
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            settings = values.pop("settings")
            settings["weights"] = SingleViewLossWeights(**settings["weights"])
            values["mean_keypoints"] = tuple(map(tuple, values["mean_keypoints"]))
            return SingleViewExperiment(SingleViewPreset(**settings), **values)
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise argument_error(
                "SingleViewExperiment.read",
                "directory",
                expected="a folder that `train` wrote",
                received=f"'{path}': {type(error).__name__}: {error}",
                hint="pass the --output of the training",
            ) from error


def load_trainer(
    directory: pathlib.Path, *, untrained: bool = False
) -> tuple[SingleViewExperiment, SingleViewTrainer]:
    """The trainer and network of a training, with the weights of its latest checkpoint.

    Args:
      directory: folder of the training.
      untrained: take the weights that the training began with instead.
    Returns:
      What was trained, and the trainer.
    Raises:
      ValueError: there is no training, or the checkpoint is that of another network.
      FileNotFoundError: there is no checkpoint yet.
    """
    experiment = SingleViewExperiment.read(directory)
    trainer = experiment.make_trainer()
    checkpoints = Checkpoints(trainer, directory / CHECKPOINTS)
    if not untrained and checkpoints.restore(weights_only=True) == 0:
        raise argument_error(
            "load_trainer",
            "directory",
            expected="the folder of a training with a checkpoint",
            received=f"'{directory}' without one",
            hint=f"`train` writes the first after {experiment.checkpoint_every} steps",
            error=FileNotFoundError,
        )
    return experiment, trainer
