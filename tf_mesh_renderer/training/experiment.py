"""All that decides what a training ends with, as a value that stands beside its checkpoints."""

import contextlib
import dataclasses
import json
import pathlib
from collections.abc import Iterator
from typing import Any, ClassVar, Self

import keras

from tf_mesh_renderer.arguments import argument_error, check_choice
from tf_mesh_renderer.io.folder_record import FolderRecord
from tf_mesh_renderer.training.checkpoints import Checkpoints

PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16")
CHECKPOINTS = "checkpoints"
_FILE = "experiment.json"


@contextlib.contextmanager
def new_networks(*, seed: int, precision: str) -> Iterator[None]:
    """What is made within has variables of this seed and layers of this dtype policy.

    Args:
      seed: global, of Keras, NumPy, Python and TensorFlow; stays set afterwards.
      precision: dtype policy of Keras; the one before comes back afterwards.
    Yields:
      None.
    """
    keras.utils.set_random_seed(seed)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


@dataclasses.dataclass(frozen=True)
class Experiment:
    """A training, but for the folder of its data and what it runs on; a base of those of programs.

    A program adds what else decides, makes the trainer in `new_trainer`, and turns what JSON has
    made of its attributes back in `from_json`.

    Attributes:
      settings: network, losses, learning rate and `steps`; a dataclass.
      seed: of the initial weights and of the batches.
      precision: policy of Keras; "mixed_float16" scales the loss.
      checkpoint_every: steps between two lines of the log, validations and checkpoints.
      validation_size: objects, or samples, that are measured then; 0: none. The log has figures of
        one sort only, by which a training may also stop.
    Raises:
      ValueError: an unknown precision, or steps that are no whole number of epochs.
    """

    COMMANDS: ClassVar[str] = "`train`"  # What writes folders of this kind, for errors.
    # Attributes that other ones decide, but for rounding, which differs between processors.
    DERIVED: ClassVar[tuple[str, ...]] = ()

    settings: Any
    seed: int = dataclasses.field(default=0, kw_only=True)
    precision: str = dataclasses.field(default="float32", kw_only=True)
    checkpoint_every: int = dataclasses.field(default=100, kw_only=True)
    validation_size: int = dataclasses.field(default=0, kw_only=True)

    def __post_init__(self):
        where, steps = type(self).__name__, self.settings.steps
        check_choice(where, "precision", value=self.precision, choices=PRECISIONS)
        hint = f"{_divisor_near(_usual_epoch(steps), steps)} would do"
        check_whole_epochs(where, steps=steps, checkpoint_every=self.checkpoint_every, hint=hint)

    @property
    def epochs(self) -> int:
        """How many epochs the training has: parts of `checkpoint_every` steps."""
        return self.settings.steps // self.checkpoint_every

    def new_trainer(self, jit_compile: bool | str) -> keras.Model:
        """Makes networks and optimizers; the global seeds and the dtype policy are set.

        Args:
          jit_compile: whether XLA compiles the step.
        Returns:
          The model that is fitted, compiled.
        """
        return self.settings.make_trainer(jit_compile=jit_compile)

    def make_trainer(self, *, jit_compile: bool | str = "auto") -> Any:
        """A new network with its optimizer, both with all their variables.

        Sets the global seeds, which the variables depend on.

        Args:
          jit_compile: whether XLA compiles the step; "auto" as in `keras.Model.compile`.
        Returns:
          The trainer, compiled.
        """
        with new_networks(seed=self.seed, precision=self.precision):
            trainer = self.new_trainer(jit_compile)
        if not trainer.optimizer.built:  # else the trainer knows better which variables it moves
            trainer.optimizer.build(trainer.trainable_variables)
        return trainer

    @property
    def _record(self) -> FolderRecord:
        return FolderRecord(_FILE, "train", "output", may_change=self.DERIVED)

    def check_same(self, directory: pathlib.Path) -> None:
        """Refuses to go on with the training of another experiment.

        Args:
          directory: folder of a training, or one where there is none yet.
        Raises:
          ValueError: what lies there is another experiment; the text names what differs.
        """
        self._record.check(directory, dataclasses.asdict(self))

    def write(self, directory: pathlib.Path) -> None:
        """Writes the experiment into a folder.

        Args:
          directory: made if it is not there.
        Raises:
          ValueError: as of `check_same`.
        """
        self._record.claim(directory, dataclasses.asdict(self))

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The experiment that `dataclasses.asdict` and JSON have made something else of.

        Args:
          values: of the attributes; tuples are lists, and dataclasses are dicts.
        Returns:
          The experiment.
        """
        return cls(**values)

    @classmethod
    def read(cls, directory: pathlib.Path) -> Self:
        """Reads what `write` wrote.

        Args:
          directory: folder of a training.
        Returns:
          The experiment.
        Raises:
          FileNotFoundError: there is no training.  ValueError: the file holds something else.
        """
        path = directory / _FILE
        if not path.is_file():
            raise argument_error(
                f"{cls.__name__}.read",
                "directory",
                expected=f"a folder that {cls.COMMANDS} wrote",
                received=f"'{directory}' without '{path.name}'",
                hint="pass the --output of the training",
                error=FileNotFoundError,
            )
        try:
            return cls.from_json(json.loads(path.read_text(encoding="utf-8")))
        except (KeyError, TypeError, ValueError) as error:
            raise argument_error(
                f"{cls.__name__}.read",
                "directory",
                expected=f"what {cls.COMMANDS} wrote in '{path}'",
                received=f"{type(error).__name__}: {error}",
                hint="the file may be of another program or version: pass the --output of the "
                "training, or train again into a new folder",
            ) from error

    @classmethod
    def load(
        cls,
        directory: pathlib.Path,
        *,
        checkpoints: str = CHECKPOINTS,
        condition: str = "",
        untrained: bool = False,
    ) -> tuple[Self, Any]:
        """The trainer of a training, with the weights of its latest checkpoint.

        Args:
          directory: folder of the training.
          checkpoints: the folder in it that they are taken from.
          condition: when training writes that folder, for the error.
          untrained: take the weights that the training began with instead.
        Returns:
          What was trained, and the trainer with its networks.
        Raises:
          FileNotFoundError: there is no training, or no checkpoint yet.
          ValueError: the checkpoint is that of another network.
        """
        experiment = cls.read(directory)
        trainer = experiment.make_trainer()
        if untrained:
            return experiment, trainer
        if Checkpoints(trainer, directory / checkpoints).restore(weights_only=True) == 0:
            raise argument_error(
                f"{cls.__name__}.load",
                "directory",
                expected=f"the folder of a training with a checkpoint in '{checkpoints}'",
                received=f"'{directory}' without one",
                hint=f"{cls.COMMANDS} writes the first after {experiment.checkpoint_every} steps"
                f"{condition}",
                error=FileNotFoundError,
            )
        return experiment, trainer


def check_whole_epochs(where: str, *, steps: int, checkpoint_every: int, hint: str) -> None:
    """Refuses a training whose last epoch would be cut off.

    Args:
      where: calling function or class, for the error.
      steps: of the training.
      checkpoint_every: steps of an epoch.
      hint: for the error.
    Raises:
      ValueError: there are no steps, or no whole number of epochs.
    """
    if checkpoint_every < 1 or steps < 1 or steps % checkpoint_every:
        raise argument_error(
            where,
            "checkpoint_every",
            expected=f"a number > 0 that divides the {steps} steps",
            received=checkpoint_every,
            hint=hint,
        )


def default_checkpoint_every(steps: int) -> int:
    """How many steps an epoch has if nobody says: about a twentieth of all, at most 1000.

    Args:
      steps: of the training, > 0.
    Returns:
      The largest such number that divides the steps.
    Raises:
      ValueError: no such number is near.
    """
    usual = _usual_epoch(steps)
    found = _divisor_near(usual, steps)
    if found < usual // 4:
        raise argument_error(
            "default_checkpoint_every",
            "steps",
            expected=f"a number that can be divided by one between {usual // 4} and {usual}",
            received=steps,
            hint=f"take {usual * round(steps / usual)} steps, or choose --checkpoint_every",
        )
    return found


def _usual_epoch(steps: int) -> int:
    return min(max(steps // 20, 1), 1000)


def _divisor_near(size: int, steps: int) -> int:
    """The largest divisor up to `size`."""
    return next(divisor for divisor in range(size, 0, -1) if steps % divisor == 0)
