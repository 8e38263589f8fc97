"""Layer: N3MR's gradient for any image."""

import keras

from tf_mesh_renderer import ops
from tf_mesh_renderer.layers.base import RenderingLayer


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class N3mrGradient(RenderingLayer):
    """Identity on an image whose gradient moves the vertices as N3MR does; see `ops.n3mr`.

    Args:
      eps: distance in NDC added to the way an edge must move.
      **kwargs: passed to `RenderingLayer`.
    Call arguments:
      image: [B, H, W, C] float, the finished image, background included.
      vertices_clip: [B, V, 4] float, the vertices that were rasterized.
      faces: [F, 3] or [B, F, 3] int32.
      face_id: [B, H, W] int32 from the layer `Rasterize`.
    Returns:
      `image`, unchanged.
    Gradients:
      The upstream gradient to `image`; the sweep over rows and columns to `vertices_clip`.
    """

    def __init__(self, *, eps=1e-3, **kwargs):
        super().__init__(**kwargs)
        self.eps = eps

    def call(self, image, vertices_clip, faces, face_id):
        return ops.n3mr(image, vertices_clip, faces, face_id, eps=self.eps)

    def get_config(self):
        return {**super().get_config(), "eps": self.eps}
