"""What the rasterizer found at every pixel."""

from typing import NamedTuple

import tensorflow as tf


class Fragments(NamedTuple):
    """The nearest face at every pixel; row 0 is the top of the image.

    A named tuple, so that `tf.nest`, `tf.function`, `tf.data` and Keras functional models pass it
    through unchanged.

    Attributes:
      face_id: [B, H, W] int32 row of `faces`; -1 where no face is seen.
      barycentrics: [B, H, W, 3] floats, perspective-correct weights of the face's vertices; they
        sum to 1, or are 0 where no face is seen.
      depth: [B, H, W] floats, camera depth, positive, larger is farther; 0 where no face is seen.
    """

    face_id: tf.Tensor
    barycentrics: tf.Tensor
    depth: tf.Tensor

    @property
    def mask(self):
        """[B, H, W] in the dtype of `depth`: 1 where a face is seen, else 0. Not differentiable."""
        return tf.cast(self.face_id >= 0, self.depth.dtype)
