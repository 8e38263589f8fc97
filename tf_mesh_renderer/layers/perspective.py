"""Layer: view space to clip space of a pinhole camera."""

import keras

from tf_mesh_renderer.cameras.projection import perspective_matrix
from tf_mesh_renderer.layers.projection import ProjectionLayer


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class PerspectiveProjection(ProjectionLayer):
    """Projects view space to clip space; see `cameras.perspective_matrix`.

    Args:
      fov_y_degrees: angle between the top and the bottom of the image, in (0, 180).
      **kwargs: passed to `ProjectionLayer`: `aspect`, `near`, `far`, `handedness`, `dtype`, `name`.
    Call arguments:
      vertices_view: [B, V, 3] float, view space.
    Returns:
      [B, V, 4] float, clip space; w is the camera depth.
    Gradients:
      Exact.
    """

    def __init__(self, fov_y_degrees=60.0, **kwargs):
        super().__init__(**kwargs)
        self.fov_y_degrees = fov_y_degrees

    def call(self, vertices_view):
        return self.project(perspective_matrix, vertices_view, fov_y_degrees=self.fov_y_degrees)

    def get_config(self):
        return {**super().get_config(), "fov_y_degrees": self.fov_y_degrees}
