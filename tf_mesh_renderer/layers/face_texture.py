"""Layer: colours of N3MR's texture cubes at every pixel."""

import keras

from tf_mesh_renderer import ops
from tf_mesh_renderer.layers.base import RenderingLayer


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class FaceTextureSampler(RenderingLayer):
    """Reads a T x T x T cube of texels per face; see `ops.face_texture`.

    Args:
      eps: lookup positions are clamped to [0, T - 1 - eps] texels.
      barycentrics_gradient: whether colour moves the vertices smoothly too; off in N3MR.
      **kwargs: passed to `RenderingLayer`.
    Call arguments:
      textures: [B, F, T, T, T, C] float, linear colour; or [1, F, ...] shared by the batch.
      fragments: `Fragments` from the layer `Rasterize`.
    Returns:
      [B, H, W, C] float, 0 where empty.
    Gradients:
      Exact, to textures; to barycentrics if asked for.
    """

    def __init__(self, *, eps=1e-3, barycentrics_gradient=False, **kwargs):
        super().__init__(**kwargs)
        self.eps = eps
        self.barycentrics_gradient = barycentrics_gradient

    def call(self, textures, fragments):
        return ops.face_texture(
            textures,
            ops.Fragments(*fragments),
            eps=self.eps,
            barycentrics_gradient=self.barycentrics_gradient,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "eps": self.eps,
            "barycentrics_gradient": self.barycentrics_gradient,
        }
