"""Levels above which voxels count as occupied, and what each of them would score."""

from collections.abc import Iterable

import numpy as np

# Of shares of objects, or of probabilities.
THRESHOLDS = np.linspace(0.05, 0.95, 19, dtype=np.float32)


def ious_by_threshold(probabilities: np.ndarray, truth: np.ndarray) -> Iterable[np.ndarray]:
    """Voxel IoU at every threshold.

    Args:
      probabilities: [B, n, n, n] float in [0, 1].
      truth: [B, n, n, n] bool.
    Yields:
      [thresholds] for each item of the batch.
    """
    for predicted, wanted in zip(probabilities, truth, strict=True):
        occupied = predicted.ravel() > THRESHOLDS[:, np.newaxis]
        common = np.sum(occupied & wanted.ravel(), axis=1)
        yield common / np.maximum(np.sum(occupied | wanted.ravel(), axis=1), 1)
