"""Callbacks of `fit` that go on where a run was cut off."""

import os
import pathlib
import time
from collections.abc import Mapping, Sequence

import keras

from tf_mesh_renderer.optional_packages import progress_bar


class ProgressBar(keras.callbacks.Callback):
    """One bar over all steps of a run, with the time left and the current losses.

    Args:
      label: in front of the bar.
    Raises:
      ImportError: tqdm is not installed.
    """

    def __init__(self, label: str):
        super().__init__()
        self._done = 0
        self._bar = progress_bar(description=label, unit="step")

    def on_train_begin(self, logs=None):
        """Keras tells how many epochs there are, and how many steps each has."""
        self._bar.total = self.params["epochs"] * self.params["steps"]

    def on_epoch_begin(self, epoch, logs=None):
        """Steps of an earlier process count as done, but not for the speed."""
        self._done = epoch * self.params["steps"]
        if self._bar.n < self._done:
            self._bar.n = self._bar.last_print_n = self._bar.initial = self._done

    def on_train_batch_end(self, batch, logs=None):
        """`batch` is the last step of those that Keras ran at once."""
        values = {name: f"{float(value):.4g}" for name, value in (logs or {}).items()}
        self._bar.set_postfix(values, refresh=False)
        self._bar.update(self._done + batch + 1 - self._bar.n)

    def on_epoch_end(self, epoch, logs=None):
        """Shows what was measured between epochs as well."""
        self._bar.set_postfix({name: f"{float(v):.4g}" for name, v in (logs or {}).items()})

    def on_train_end(self, logs=None):
        """Leaves the bar as it is."""
        self._bar.close()


class StopWithoutProgress(keras.callbacks.Callback):
    """Stops when the best value of the log lies some epochs back, those before a kill included.

    Args:
      monitor: which value of the log should rise.
      patience: epochs without a new best after which the run stops.
      earlier: the log of the epochs before, as `read_log` gives it.
    """

    def __init__(self, monitor: str, *, patience: int, earlier: Sequence[Mapping[str, float]]):
        super().__init__()
        self._monitor = monitor
        self._patience = patience
        self._values = [row[monitor] for row in earlier]

    @property
    def has_stopped(self) -> bool:
        """Whether the epochs so far were enough; then no further one may begin."""
        values = self._values
        return bool(values) and len(values) - 1 - values.index(max(values)) >= self._patience

    def on_epoch_end(self, epoch, logs=None):
        """Callbacks before this one may have measured the value."""
        self._values.append(logs[self._monitor])
        if self.has_stopped:
            self.model.stop_training = True


class EpochTimes(keras.callbacks.Callback):
    """Appends how long each epoch took to a file that `read_log` reads.

    Args:
      path: the file, cut back by `cut_log` to where the run goes on.
    """

    def __init__(self, path: str | os.PathLike):
        super().__init__()
        self._path = pathlib.Path(path)
        self._start = 0.0

    def on_epoch_begin(self, epoch, logs=None):
        """What happens between epochs is not counted."""
        self._start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        """Counts the callbacks before this one, too."""
        line = f"{epoch},{time.perf_counter() - self._start:.3f}\n"
        is_new = not self._path.exists() or self._path.stat().st_size == 0
        with open(self._path, "a", encoding="utf-8") as file:
            file.write("epoch,seconds\n" + line if is_new else line)
