"""A mesh that turns once."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.optional_packages import progress_bar


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
    traced = tf.function(draw, [tf.TensorSpec([None], tf.float32)], autograph=False)
    batches = [azimuths[start : start + per_batch] for start in range(0, frames, per_batch)]
    shown = progress_bar(batches, description="turntable", unit="batch")
    return np.concatenate([traced(batch) for batch in shown])
