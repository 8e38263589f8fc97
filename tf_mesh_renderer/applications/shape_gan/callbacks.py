"""What a training shows of itself after each epoch: scores and pictures."""

import pathlib
from collections.abc import Mapping

import keras
import numpy as np
import tensorflow as tf

from tf_mesh_renderer.applications.shape_gan.drawing import sample_sheet
from tf_mesh_renderer.applications.shape_gan.scores import Sampler, evaluate
from tf_mesh_renderer.applications.shape_gan.trained_network import standard_noise
from tf_mesh_renderer.io import write_image

_SEED = 0
_SHOWN = 8
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


class Samples(keras.callbacks.Callback):
    """Draws samples of the same noise after each epoch.

    Args:
      directory: folder of the PNG files.
      stage: "shape" or "texture".
      summaries: folder of TensorBoard's files, or None.
    """

    def __init__(self, directory: pathlib.Path, stage: str, *, summaries: pathlib.Path | None):
        super().__init__()
        self._directory = directory
        self._stage = stage
        self._writer = None
        if summaries is not None:
            self._writer = tf.summary.create_file_writer(str(summaries))

    def on_epoch_end(self, epoch, logs=None):
        """Writes one picture with a column for each sample."""
        generator = self.model.generator
        noise = standard_noise(generator, _SHOWN, seed=_SEED)
        page = sample_sheet(generator, noise, textured=self._stage == "texture", side=64)
        write_image(self._directory / f"epoch_{epoch + 1:05d}.png", page)
        if self._writer is not None:
            with self._writer.as_default():
                tf.summary.image("samples", page[np.newaxis], step=epoch)
            self._writer.flush()
