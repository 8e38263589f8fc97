"""Layer: vertex attributes at every pixel."""

import keras

from tf_mesh_renderer import ops
from tf_mesh_renderer.layers.base import RenderingLayer


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class Interpolate(RenderingLayer):
    """Blends vertex attributes by the barycentrics of every pixel; see `ops.interpolate`.

    Args:
      **kwargs: passed to `RenderingLayer`.
    Call arguments:
      attributes: [B, V, D] float.
      faces: [F, 3] or [B, F, 3] int32.
      fragments: `Fragments` from the layer `Rasterize`.
    Returns:
      [B, H, W, D] float, 0 where empty.
    Gradients:
      Exact, to attributes and barycentrics.
    """

    def call(self, attributes, faces, fragments):
        return ops.interpolate(attributes, faces, ops.Fragments(*fragments))
