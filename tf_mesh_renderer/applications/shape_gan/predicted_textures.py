"""Textures that a network predicts of real pictures, as real ones for the critic of textures."""

import pathlib

import keras
import numpy as np
import tensorflow as tf

from tf_mesh_renderer.applications.shape_gan.experiment import GanExperiment
from tf_mesh_renderer.applications.shape_gan.trained_network import checksum_of_weights
from tf_mesh_renderer.applications.texture_light.experiment import TextureLightExperiment
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.datasets import CanonicalViews
from tf_mesh_renderer.io.images import to_bytes

_BYTE_MAX = 255.0
_CHUNK = 50


class TexturePredictor:
    """The network of a training of `applications.texture_light`.

    Args:
      directory: folder of the training.
    Raises:
      FileNotFoundError: there is no training, or it has no checkpoint yet.
    """

    def __init__(self, directory: pathlib.Path):
        experiment, trainer = TextureLightExperiment.load(directory)
        self.network: keras.Model = trainer.network
        self._image_size = experiment.settings.image_size

    @property
    def checksum(self) -> str:
        """As of `checksum_of_weights`."""
        return checksum_of_weights(self.network.get_weights())

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


def predictor_of(experiment: GanExperiment, directory: pathlib.Path | None) -> TexturePredictor:
    """The network whose textures counted as real in a training.

    Args:
      experiment: the training, with a checksum of that network.
      directory: where it should be; None: nobody said.
    Returns:
      `TexturePredictor`.
    Raises:
      ValueError: it is another network, or none.  FileNotFoundError: there is no training.
    """
    predictor = None if directory is None else TexturePredictor(directory)
    found = None if predictor is None else predictor.checksum
    if found != experiment.textures:
        raise argument_error(
            "evaluate",
            "textures",
            expected=f"the network of the training, with checksum {experiment.textures}",
            received="none" if found is None else f"'{directory}' with {found}",
            hint="pass the --textures of `train-texture`: its predictions count as real",
        )
    return predictor
