"""What happens beside the steps of an edit: progress, pictures on the way, checkpoints."""

import os
import pathlib
from collections.abc import Callable

import keras
import tqdm

_CHECKPOINT = "checkpoint.weights.h5"


class Checkpoint(keras.callbacks.Callback):
    """Keeps all weights, the optimizer's among them, in one file that is never half written.

    Args:
      folder: where the file is.
      every: steps from one writing to the next; the last step is written too.
    """

    def __init__(self, folder: pathlib.Path, *, every: int):
        super().__init__()
        self.path = folder / _CHECKPOINT
        self._every = every

    def restore(self, model: keras.Model) -> int:
        """Continues from the file, if there is one.

        Args:
          model: compiled, with a built optimizer.
        Returns:
          Number of steps that the model has taken.
        Raises:
          ValueError: the file belongs to another mesh or texture.
        """
        if self.path.exists():
            model.load_weights(self.path)
        return int(model.optimizer.iterations)

    def on_train_batch_end(self, batch, logs=None):
        del batch, logs
        if int(self.model.optimizer.iterations) % self._every == 0:
            self._save()

    def on_train_end(self, logs=None):
        del logs
        self._save()

    def _save(self):
        partial = self.path.with_name("partial.weights.h5")
        self.model.save_weights(partial)
        os.replace(partial, self.path)


class Progress(keras.callbacks.Callback):
    """A bar with the time that is left and the present losses.

    Args:
      total: steps of the whole run.
      done: steps that were taken before.
      label: shown before the bar.
    """

    def __init__(self, total: int, *, done: int, label: str):
        super().__init__()
        self._options = {"total": total, "initial": done, "desc": label}
        self._bar = None

    def on_train_begin(self, logs=None):
        del logs
        self._bar = tqdm.tqdm(**self._options)

    def on_train_batch_end(self, batch, logs=None):
        del batch
        losses = {name: f"{value:.3g}" for name, value in (logs or {}).items()}
        self._bar.set_postfix(losses, refresh=False)
        self._bar.update()

    def on_train_end(self, logs=None):
        del logs
        self._bar.close()


class EverySteps(keras.callbacks.Callback):
    """Calls a function now and then.

    Args:
      every: steps from one call to the next; 0 never calls.
      action: called with the number of steps taken.
    """

    def __init__(self, every: int, action: Callable[[int], None]):
        super().__init__()
        self._every = every
        self._action = action

    def on_train_batch_end(self, batch, logs=None):
        del batch, logs
        step = int(self.model.optimizer.iterations)
        if self._every and step % self._every == 0:
            self._action(step)
