"""A mesh that turns once, and sheets of pictures."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.optional_packages import progress_bar

# Pixels between the pictures of a sheet.
_MARGIN = 4
_WHITE = 1.0


def turntable(
    draw: Callable[[tf.Tensor], tf.Tensor], *, frames: int = 90, per_batch: int = 10
) -> np.ndarray:
    """Pictures from all sides, at equal steps of azimuth from 0 on.

    Args:
      draw: makes pictures [B, H, W, C] for azimuths [B] float32, in degrees.
      frames: number of pictures.
      per_batch: pictures drawn at once; more take more memory and are not faster.
    Returns:
      [frames, H, W, C] float32.
    Raises:
      ImportError: tqdm is not installed.
    """
    azimuths = np.arange(frames, dtype=np.float32) * np.float32(360.0 / frames)
    traced = tf.function(draw, input_signature=[tf.TensorSpec([None], tf.float32)])
    batches = [azimuths[start : start + per_batch] for start in range(0, frames, per_batch)]
    shown = progress_bar(batches, description="turntable", unit="batch")
    return np.concatenate([traced(batch) for batch in shown])


def sheet(rows: Sequence[Sequence[Any]]) -> np.ndarray:
    """Pictures in rows and columns on white.

    Args:
      rows: pictures [H, W, 3 or 4] float in [0, 1], all of one size; a shorter row is filled with
        white. A fourth channel is left out.
    Returns:
      [H', W', 3] float32.
    """
    height, width = rows[0][0].shape[:2]
    columns = max(len(row) for row in rows)
    down, right = height + _MARGIN, width + _MARGIN
    page = np.full((len(rows) * down + _MARGIN, columns * right + _MARGIN, 3), _WHITE, np.float32)
    for i, row in enumerate(rows):
        for j, picture in enumerate(row):
            top, left = _MARGIN + i * down, _MARGIN + j * right
            page[top : top + height, left : left + width] = np.asarray(picture)[..., :3]
    return page
