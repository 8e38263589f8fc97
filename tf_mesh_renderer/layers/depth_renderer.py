"""Layer: from mesh and camera position to a depth map."""

import keras

from tf_mesh_renderer.layers.scene import SceneLayer
from tf_mesh_renderer.rendering.pipeline import render_depth


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class DepthRenderer(SceneLayer):
    """Draws camera depth; see `rendering.render_depth`.

    Args:
      image_size: (height, width) in pixels.
      background: depth of empty pixels, world units.
      **kwargs: passed to `SceneLayer`: `camera`, `cull`, `anti_aliasing`, `dtype`, `name`.
    Call arguments:
      vertices: [B, V, 3] float, world space.
      faces: [F, 3] or [B, F, 3] int32, rows of -1 are padding.
      eye: [B, 3] float, position of the camera, world space.
    Returns:
      [B, H, W] float, world units.
    Gradients:
      As `rendering.render_depth`, to vertices and eye.
    """

    def __init__(self, image_size, *, background=0.0, **kwargs):
        super().__init__(image_size, **kwargs)
        self.background = float(background)

    def call(self, vertices, faces, eye):
        return self.draw(render_depth, vertices, faces, eye, background=self.background)

    def get_config(self):
        return {**super().get_config(), "background": self.background}
