"""A trained network, as `evaluate`, `predict` and `export` use it."""

import pathlib

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.applications.reconstruction.evaluation import PredictedMeshes
from tf_mesh_renderer.applications.reconstruction.experiment import ReconstructionExperiment
from tf_mesh_renderer.models.reconstruction import MeshReconstruction
from tf_mesh_renderer.training import CHECKPOINTS

# Folder of the checkpoint with the best validation.
BEST = "best"
_FOLDERS = {"latest": CHECKPOINTS, "best": BEST}


def load_network(
    directory: pathlib.Path, *, checkpoint: str = "latest", untrained: bool = False
) -> tuple[ReconstructionExperiment, MeshReconstruction]:
    """The network of a training, with the weights of one of its checkpoints.

    Args:
      directory: folder of the training.
      checkpoint: "latest", or "best" for that of the epoch with the best validation.
      untrained: take the weights that the training began with instead.
    Returns:
      What was trained, and the network.
    Raises:
      FileNotFoundError: there is no training, or no checkpoint yet.
      ValueError: the checkpoint is that of another network.
    """
    experiment, trainer = ReconstructionExperiment.load(
        directory,
        checkpoints=_FOLDERS[checkpoint],
        condition=" where --validation_objects is above 0" if checkpoint == "best" else "",
        untrained=untrained,
    )
    return experiment, trainer.network


class NetworkMethod:
    """A network as a method that `evaluate` measures.

    Args:
      network: called as it is at the time of the call, so that it may be in training.
    """

    def __init__(self, network: MeshReconstruction):
        self._network = network
        # Batches of any size; the last one of a data set is smaller.
        self._predict = tf.function(network, reduce_retracing=True, autograph=False)

    def __call__(self, images: np.ndarray, category: str) -> PredictedMeshes:
        """Reconstructs; the category is not looked at.

        Args:
          images: [B, S, S, 4] float32 in [0, 1], colour over black and mask.
          category: ignored.
        Returns:
          `PredictedMeshes` of B meshes.
        """
        predicted = self._predict(tf.constant(images), training=False)
        colors = predicted.get("colors")
        return PredictedMeshes(
            predicted["vertices"].numpy(),
            self._network.faces,
            None if colors is None else colors.numpy(),
        )
