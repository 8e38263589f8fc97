"""Layer: which face each pixel sees."""

import keras

from tf_mesh_renderer import ops
from tf_mesh_renderer.arguments import check_choice, height_and_width
from tf_mesh_renderer.layers.base import RenderingLayer
from tf_mesh_renderer.ops.rasterize import CULL_MODES, DEPTH_SOURCES


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class Rasterize(RenderingLayer):
    """Nearest face, barycentrics and depth of every pixel; see `ops.rasterize`.

    Args:
      image_size: (height, width) in pixels.
      cull: "back", "front" or "none" (draw both sides).
      near: depth at and below which nothing is drawn.
      far: depth at and beyond which nothing is drawn; None for no limit.
      depth_from: "w" for perspective cameras, "z" for orthographic ones (needs a finite `far`).
      **kwargs: passed to `RenderingLayer`.
    Call arguments:
      vertices_clip: [B, V, 4] float, clip space.
      faces: [F, 3] or [B, F, 3] int32, rows of -1 are padding.
    Returns:
      `Fragments` with `face_id` [B, H, W] int32 (-1 where empty), `barycentrics` [B, H, W, 3] and
      `depth` [B, H, W].
    Gradients:
      Exact, through barycentrics and depth; none through visibility.
    """

    def __init__(self, image_size, *, cull="back", near=0.0, far=None, depth_from="w", **kwargs):
        super().__init__(**kwargs)
        check_choice("Rasterize", "cull", value=cull, choices=CULL_MODES)
        check_choice("Rasterize", "depth_from", value=depth_from, choices=DEPTH_SOURCES)
        self.image_size = height_and_width("Rasterize", image_size)
        self.cull = cull
        self.near = near
        self.far = far
        self.depth_from = depth_from

    def call(self, vertices_clip, faces):
        return ops.rasterize(
            vertices_clip,
            faces,
            image_size=self.image_size,
            cull=self.cull,
            near=self.near,
            far=float("inf") if self.far is None else self.far,
            depth_from=self.depth_from,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "image_size": list(self.image_size),
            "cull": self.cull,
            "near": self.near,
            "far": self.far,
            "depth_from": self.depth_from,
        }
