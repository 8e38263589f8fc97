"""What happens beside the steps of an edit."""

from collections.abc import Callable
from typing import Any

import keras


class EverySteps(keras.callbacks.Callback):
    """Calls a function now and then.

    Args:
      every: steps from one call to the next; 0 never calls.
      action: called with the number of steps that were ever taken.
    """

    def __init__(self, every: int, action: Callable[[int], Any]):
        super().__init__()
        self._every = every
        self._action = action

    def on_train_batch_end(self, batch, logs=None):
        """Counts by the optimizer, which remembers the steps before an interruption."""
        step = int(self.model.optimizer.iterations)
        if self._every and step % self._every == 0:
            self._action(step)
