"""The mean shape of a training split."""

from collections.abc import Sequence

import numpy as np

from tf_mesh_renderer.applications.reconstruction.baselines.thresholds import (
    THRESHOLDS,
    ious_by_threshold,
)
from tf_mesh_renderer.applications.reconstruction.evaluation import PredictedVoxels
from tf_mesh_renderer.datasets import ShapeNetRenderings


class MeanShape:
    """Always the same voxels: those that enough training objects fill.

    How many are enough is what gives the best mean IoU with the training objects themselves.

    Args:
      dataset: the training split.
      category_known: whether each category has its own voxels. The method is then told what the
        picture shows, which networks are not. Without, all categories count alike.
    """

    def __init__(self, dataset: ShapeNetRenderings, *, category_known: bool):
        groups = {c.name: [dataset.voxels(c)] for c in dataset.categories}
        if not category_known:
            everything = [voxels for (voxels,) in groups.values()]
            groups = dict.fromkeys(groups, everything)
            shared = _best_mean(everything)
            self._grids = dict.fromkeys(groups, shared)
        else:
            self._grids = {name: _best_mean(group) for name, group in groups.items()}

    def __call__(self, images: np.ndarray, category: str) -> PredictedVoxels:
        """The voxels of the category, whatever the pictures are.

        Args:
          images: [B, S, S, 4], not looked at.
          category: name of a category of the data set.
        Returns:
          `PredictedVoxels` of B equal shapes.
        """
        grid = self._grids[category]
        return PredictedVoxels(np.broadcast_to(grid, (len(images), *grid.shape)))


def _best_mean(groups: Sequence[np.ndarray]) -> np.ndarray:
    """[n, n, n] bool of groups of grids [N, n, n, n]; all groups count alike."""
    share = np.mean([np.mean(group, axis=0, dtype=np.float32) for group in groups], axis=0)
    scores = [
        np.mean(list(ious_by_threshold([share] * len(group), group)), axis=0) for group in groups
    ]
    return share > THRESHOLDS[np.argmax(np.mean(scores, axis=0))]
