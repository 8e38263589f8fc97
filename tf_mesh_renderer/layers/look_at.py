"""Layer: world space to view space of a camera that looks at a point."""

import keras

from tf_mesh_renderer.cameras.view import look_at_matrix
from tf_mesh_renderer.geometry.transforms import transform_points
from tf_mesh_renderer.layers.base import RenderingLayer


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class LookAt(RenderingLayer):
    """Moves vertices to the view space of a camera at `eye`; see `cameras.look_at_matrix`.

    Args:
      at: the point in the centre of the image, three numbers, world space.
      up: the direction that appears upwards, three numbers.
      handedness: "right" (OpenGL) or "left" (N3MR).
      **kwargs: passed to `RenderingLayer`.
    Call arguments:
      vertices: [B, V, 3] float, world space.
      eye: [B, 3] float, world space.
    Returns:
      [B, V, 3] float, view space.
    Gradients:
      Exact, to vertices and eye.
    """

    def __init__(self, *, at=(0.0, 0.0, 0.0), up=(0.0, 1.0, 0.0), handedness="right", **kwargs):
        super().__init__(**kwargs)
        self.at = tuple(float(value) for value in at)
        self.up = tuple(float(value) for value in up)
        self.handedness = handedness

    def call(self, vertices, eye):
        matrix = look_at_matrix(eye, self.at, self.up, handedness=self.handedness)
        return transform_points(vertices, matrix)

    def get_config(self):
        return {
            **super().get_config(),
            "at": list(self.at),
            "up": list(self.up),
            "handedness": self.handedness,
        }
