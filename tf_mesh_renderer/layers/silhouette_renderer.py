"""Layer: from mesh and camera position to a silhouette."""

import keras

from tf_mesh_renderer import gradients
from tf_mesh_renderer.layers.scene import SceneLayer
from tf_mesh_renderer.rendering.pipeline import SILHOUETTE_GRADIENT, render_silhouette


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class SilhouetteRenderer(SceneLayer):
    """Draws silhouettes; see `rendering.render_silhouette`.

    Args:
      image_size: (height, width) in pixels.
      gradient: a gradient model, its registered name, or its configuration.
      **kwargs: passed to `SceneLayer`: `camera`, `cull`, `anti_aliasing`, `dtype`, `name`.
    Call arguments:
      vertices: [B, V, 3] float, world space.
      faces: [F, 3] or [B, F, 3] int32, rows of -1 are padding.
      eye: [B, 3] float, position of the camera, world space.
    Returns:
      [B, H, W] float in [0, 1].
    Gradients:
      As `rendering.render_silhouette`, to vertices and eye.
    """

    def __init__(self, image_size, *, gradient=SILHOUETTE_GRADIENT, **kwargs):
        super().__init__(image_size, **kwargs)
        self.gradient = gradients.get(gradient)

    def call(self, vertices, faces, eye):
        return self.draw(render_silhouette, vertices, faces, eye, gradient=self.gradient)

    def get_config(self):
        return {**super().get_config(), "gradient": gradients.serialize(self.gradient)}
