"""A network that fills voxels, as a method, and the threshold that it needs."""

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.applications.reconstruction.baselines.thresholds import (
    THRESHOLDS,
    ious_by_threshold,
)
from tf_mesh_renderer.applications.reconstruction.evaluation import PredictedVoxels
from tf_mesh_renderer.datasets import NUM_VIEWS, ShapeNetRenderings, every_view
from tf_mesh_renderer.models import VoxelReconstruction

_CHUNK = 256
# Of each object for which the threshold is chosen.
_VIEWPOINTS = tuple(range(0, NUM_VIEWS, NUM_VIEWS // 4))


class VoxelMethod:
    """A trained voxel network as a method.

    Args:
      network: from pictures to probabilities.
      threshold: above which a voxel is occupied, see `best_threshold`.
    """

    def __init__(self, network: VoxelReconstruction, *, threshold: float):
        self._predict = tf.function(network, reduce_retracing=True, autograph=False)
        self._threshold = threshold

    def __call__(self, images: np.ndarray, category: str) -> PredictedVoxels:
        """Reconstructs; the category is not looked at.

        Args:
          images: [B, S, S, 4] float32 in [0, 1], colour over black and mask.
          category: ignored.
        Returns:
          `PredictedVoxels` of B shapes.
        """
        return PredictedVoxels(self._predict(tf.constant(images)).numpy() > self._threshold)


def best_threshold(
    network: VoxelReconstruction,
    dataset: ShapeNetRenderings,
    *,
    image_size: int,
) -> float:
    """The threshold that gives the best mean IoU on a split.

    Args:
      network: from pictures to probabilities.
      dataset: a split that is not the one to be measured.
      image_size: side of the pictures.
    Returns:
      A number in (0, 1).
    """
    predict = tf.function(network, reduce_retracing=True, autograph=False)
    scores = []
    for category in dataset.categories:
        truth = dataset.voxels(category)
        batches = every_view(
            dataset, category, batch_size=_CHUNK, image_size=image_size, viewpoints=_VIEWPOINTS
        )
        for batch in batches:
            probabilities = predict(batch["images"]).numpy()
            scores += ious_by_threshold(probabilities, truth[batch["objects"].numpy()])
    return float(THRESHOLDS[np.argmax(np.mean(scores, axis=0))])
