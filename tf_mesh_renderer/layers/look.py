"""Layer: world space to view space of a camera that looks along a direction."""

import keras

from tf_mesh_renderer.cameras.view import look_matrix
from tf_mesh_renderer.geometry.transforms import transform_points
from tf_mesh_renderer.layers.base import RenderingLayer


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class Look(RenderingLayer):
    """Moves vertices to the view space of a camera at `eye`; see `cameras.look_matrix`.

    Args:
      up: the direction that appears upwards, three numbers.
      handedness: "right" (OpenGL) or "left" (N3MR).
      **kwargs: passed to `RenderingLayer`.
    Call arguments:
      vertices: [B, V, 3] float, world space.
      eye: [B, 3] float, world space.
      direction: [B, 3] float, from the camera into the scene; any length.
    Returns:
      [B, V, 3] float, view space.
    Gradients:
      Exact, to all three.
    """

    def __init__(self, *, up=(0.0, 1.0, 0.0), handedness="right", **kwargs):
        super().__init__(**kwargs)
        self.up = tuple(float(value) for value in up)
        self.handedness = handedness

    def call(self, vertices, eye, direction):
        matrix = look_matrix(eye, direction, self.up, handedness=self.handedness)
        return transform_points(vertices, matrix)

    def get_config(self):
        return {**super().get_config(), "up": list(self.up), "handedness": self.handedness}
