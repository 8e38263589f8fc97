"""Scores of a training after each epoch."""

from collections.abc import Mapping

import keras
import numpy as np

from tf_mesh_renderer.applications.shape_gan.scores import Sampler, evaluate

_SEED = 0
_LOGGED = ("sample_to_real", "relative_diversity")


class Scores(keras.callbacks.Callback):
    """Adds to the log how far samples are from real objects, and how diverse.

    Args:
      real: of `scores.real_arrays`.
      number: of samples.
    """

    def __init__(self, real: Mapping[str, np.ndarray], *, number: int):
        super().__init__()
        self._real = real
        self._number = number
        self._sampler: Sampler | None = None

    def on_epoch_end(self, epoch, logs=None):
        """Callbacks after this one see the figures."""
        if self._sampler is None:
            self._sampler = Sampler(self.model)
        found = evaluate(self._sampler, self._real, number=self._number, seed=_SEED)
        for name, figures in found.items():
            for key in _LOGGED:
                logs[f"val_{name}_{key}"] = figures[key]
