"""Callbacks of `fit` that go on where a run was cut off."""

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


class EarlyStopping(keras.callbacks.EarlyStopping):
    """Keras' early stopping that remembers the epochs before a kill.

    Args:
      monitor: which value of the log should rise.
      patience: epochs without a new best after which the run stops.
      earlier: the log of the epochs before, as `read_log` gives it.
    """

    def __init__(self, monitor: str, *, patience: int, earlier: list[dict[str, float]]):
        super().__init__(monitor, patience=patience, mode="max")
        self._earlier = earlier

    @property
    def has_stopped(self) -> bool:
        """Whether the epochs before were enough; then no further one may begin."""
        stand_in = keras.Sequential()
        stand_in.stop_training = False
        self.set_model(stand_in)
        self.on_train_begin()
        return stand_in.stop_training

    def on_train_begin(self, logs=None):
        """Goes through the epochs before once more."""
        super().on_train_begin(logs)
        for epoch, row in enumerate(self._earlier):
            self.on_epoch_end(epoch, row)
