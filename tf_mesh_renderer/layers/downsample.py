"""Layer: the second half of anti-aliasing by supersampling."""

import keras

from tf_mesh_renderer.layers.base import RenderingLayer
from tf_mesh_renderer.rendering.antialiasing import downsample


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class Downsample(RenderingLayer):
    """Averages blocks of 2x2 pixels of an image rendered at twice the size.

    Args:
      **kwargs: passed to `RenderingLayer`.
    Call arguments:
      image: [B, 2 H, 2 W, C] float; colour or alpha (see `rendering.downsample_depth` for depth).
    Returns:
      [B, H, W, C] float.
    Gradients:
      A quarter of the upstream gradient to each pixel of a block.
    """

    def call(self, image):
        return downsample(image)
