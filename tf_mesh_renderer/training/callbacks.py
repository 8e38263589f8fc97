"""Callbacks of `fit` that go on where a run was cut off."""

import os
import pathlib
import time
from collections.abc import Callable, Mapping, Sequence

import keras
import numpy as np
import tensorflow as tf

from tf_mesh_renderer.io import write_image
from tf_mesh_renderer.optional_packages import missing_package, progress_bar


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


class Pictures(keras.callbacks.Callback):
    """Writes a picture after each epoch, for TensorBoard too.

    Args:
      draw: makes it from the model: [H, W, 3] float in [0, 1].
      directory: folder of the PNG files.
      summaries: folder of TensorBoard's files, or None.
    """

    def __init__(
        self,
        draw: Callable[[keras.Model], np.ndarray],
        *,
        directory: pathlib.Path,
        summaries: pathlib.Path | None = None,
    ):
        super().__init__()
        self._draw = draw
        self._directory = directory
        self._writer = None
        if summaries is not None:
            self._writer = tf.summary.create_file_writer(str(summaries))

    def on_epoch_end(self, epoch, logs=None):
        """Writes one picture."""
        picture = self._draw(self.model)
        write_image(self._directory / f"epoch_{epoch + 1:05d}.png", picture)
        if self._writer is not None:
            with self._writer.as_default():
                tf.summary.image("pictures", picture[np.newaxis], step=epoch)
            self._writer.flush()


def tensorboard(directory: pathlib.Path) -> keras.callbacks.TensorBoard:
    """Keras' log of losses and speed for TensorBoard.

    Args:
      directory: of its files.
    Returns:
      The callback.
    Raises:
      ImportError: TensorBoard is not installed.
    """
    try:
        import tensorboard as installed
    except ImportError as error:
        raise missing_package("--tensorboard", "tensorboard") from error
    del installed  # TensorFlow imports it where it writes.
    return keras.callbacks.TensorBoard(str(directory), write_graph=False, profile_batch=0)
