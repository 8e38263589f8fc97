"""Layer: view space to clip space of a camera with parallel rays."""

import keras

from tf_mesh_renderer.cameras.projection import orthographic_matrix
from tf_mesh_renderer.layers.projection import ProjectionLayer


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class OrthographicProjection(ProjectionLayer):
    """Projects view space to clip space; see `cameras.orthographic_matrix`.

    Rasterize the result with `depth_from="z"` and the same `near` and `far`.

    Args:
      half_height: world units from the centre of the image to its top.
      **kwargs: passed to `ProjectionLayer`: `aspect`, `near`, `far`, `handedness`, `dtype`, `name`.
    Call arguments:
      vertices_view: [B, V, 3] float, view space.
    Returns:
      [B, V, 4] float, clip space; w is 1.
    Gradients:
      Exact.
    """

    def __init__(self, half_height=1.0, **kwargs):
        super().__init__(**kwargs)
        self.half_height = half_height

    def call(self, vertices_view):
        return self.project(orthographic_matrix, vertices_view, half_height=self.half_height)

    def get_config(self):
        return {**super().get_config(), "half_height": self.half_height}
