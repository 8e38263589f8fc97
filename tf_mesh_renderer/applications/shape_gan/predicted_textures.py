"""Textures that a network predicts of real pictures, as real ones for the critic of textures."""

import pathlib

import keras
import numpy as np
import tensorflow as tf

from tf_mesh_renderer.applications.texture_light.experiment import TextureLightExperiment
from tf_mesh_renderer.datasets import CanonicalViews
from tf_mesh_renderer.io.images import to_bytes

_BYTE_MAX = 255.0
_CHUNK = 50


class TexturePredictor:
    """The network of a training of `applications.texture_light`.

    Args:
      directory: folder of the training.
    Raises:
      ValueError: there is no training.  FileNotFoundError: it has no checkpoint yet.
    """

    def __init__(self, directory: pathlib.Path):
        experiment, trainer = TextureLightExperiment.load(directory)
        self.network: keras.Model = trainer.network
        self._image_size = experiment.settings.image_size

    def replace_textures(self, views: CanonicalViews) -> CanonicalViews:
        """Real objects with the textures that the network sees in the first of their pictures.

        As in the paper, whose network of the texture experiment is shown all training pictures.

        Args:
          views: real objects.
        Returns:
          The same pictures with other textures of the same size.
        """
        seen, side = views.images[:, 0], views.textures.shape[1]
        parts = [
            self._predict(seen[start : start + _CHUNK], side)
            for start in range(0, len(seen), _CHUNK)
        ]
        return CanonicalViews(views.images, to_bytes(np.concatenate(parts)))

    def _predict(self, images: np.ndarray, side: int) -> tf.Tensor:
        images = tf.image.resize(tf.cast(images, tf.float32) / _BYTE_MAX, self._image_size)
        textures = self.network(images, training=False)["textures"]
        return tf.image.resize(textures, (side, side), method="area")
