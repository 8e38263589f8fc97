"""What a run says while it trains, and how that goes on after a kill."""

import csv
import os
import pathlib

import keras

from tf_mesh_renderer.optional_packages import progress_bar

_NOT_AVAILABLE = "NA"  # what Keras writes where a round has no such value


class ProgressBar(keras.callbacks.Callback):
    """One bar over all steps of a run, with the time left and the current losses.

    Args:
      steps: of the whole run.
      round_steps: steps of a round, which is an epoch of `fit`.
      label: in front of the bar.
    Raises:
      ImportError: tqdm is not installed.
    """

    def __init__(self, steps: int, *, round_steps: int, label: str):
        super().__init__()
        self._round_steps = round_steps
        self._done = 0
        self._bar = progress_bar(total=steps, description=label, unit="step")

    def on_epoch_begin(self, epoch, logs=None):
        """Steps of an earlier process count as done, but not for the speed."""
        self._done = epoch * self._round_steps
        if self._bar.n < self._done:
            self._bar.n = self._bar.last_print_n = self._bar.initial = self._done

    def on_train_batch_end(self, batch, logs=None):
        """`batch` is the last step of those that Keras ran at once."""
        values = {name: f"{float(value):.4g}" for name, value in (logs or {}).items()}
        self._bar.set_postfix(values, refresh=False)
        self._bar.update(self._done + batch + 1 - self._bar.n)

    def on_epoch_end(self, epoch, logs=None):
        """Shows what was measured between rounds as well."""
        self._bar.set_postfix({name: f"{float(v):.4g}" for name, v in (logs or {}).items()})

    def on_train_end(self, logs=None):
        """Leaves the bar as it is."""
        self._bar.close()


class EarlyStopping(keras.callbacks.EarlyStopping):
    """Keras' early stopping that remembers the rounds before a kill.

    Args:
      monitor: which value of the log should rise.
      patience: rounds without a new best after which the run stops.
      earlier: the log of the rounds before, as `read_log` gives it.
    """

    def __init__(self, monitor: str, *, patience: int, earlier: list[dict[str, float]]):
        super().__init__(monitor, patience=patience, mode="max")
        self._earlier = earlier

    @property
    def has_stopped(self) -> bool:
        """Whether the rounds before were enough; then no further one may begin."""
        stand_in = keras.Sequential()
        stand_in.stop_training = False
        self.set_model(stand_in)
        self.on_train_begin()
        return stand_in.stop_training

    def on_train_begin(self, logs=None):
        """Goes through the rounds before once more."""
        super().on_train_begin(logs)
        for epoch, row in enumerate(self._earlier):
            self.on_epoch_end(epoch, row)


def read_log(path: str | os.PathLike) -> list[dict[str, float]]:
    """Reads what `keras.callbacks.CSVLogger` wrote.

    Args:
      path: the file; it need not exist.
    Returns:
      A dictionary for each complete line, without values that Keras marks as not available; a line
      that a kill cut short is left out.
    """
    lines = [line.decode("utf-8") for line in _complete_lines(path)]
    rows = csv.DictReader(lines)
    return [{k: float(v) for k, v in row.items() if v != _NOT_AVAILABLE} for row in rows]


def cut_log(path: str | os.PathLike, rounds: int) -> None:
    """Drops the rounds of a log that a run will go through again.

    Args:
      path: the file; it need not exist.
      rounds: how many of them to keep; 0 empties the file.
    """
    if pathlib.Path(path).exists():
        kept = _complete_lines(path)[: rounds + 1] if rounds else []  # and the names above
        os.truncate(path, sum(map(len, kept)))


def _complete_lines(path):
    path = pathlib.Path(path)
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    return [line for line in lines if line.endswith(b"\n")]
