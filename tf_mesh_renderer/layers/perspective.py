"""Layer: view space to clip space of a pinhole camera."""

import keras
import tensorflow as tf

from tf_mesh_renderer.cameras.projection import perspective_matrix
from tf_mesh_renderer.geometry.transforms import homogeneous_transform
from tf_mesh_renderer.layers.base import RenderingLayer


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class PerspectiveProjection(RenderingLayer):
    """Projects view space to clip space; see `cameras.perspective_matrix`.

    Args:
      fov_y_degrees: angle between the top and the bottom of the image, in (0, 180).
      aspect: width / height of the image.
      near: depth > 0 that gets z / w = -1.
      far: depth > near that gets z / w = 1.
      handedness: "right" (the camera looks along -z) or "left" (along +z).
      **kwargs: passed to `RenderingLayer`.
    Call arguments:
      vertices_view: [B, V, 3] float, view space.
    Returns:
      [B, V, 4] float, clip space; w is the camera depth.
    Gradients:
      Exact.
    """

    def __init__(
        self, fov_y_degrees=60.0, *, aspect=1.0, near=0.1, far=100.0, handedness="right", **kwargs
    ):
        super().__init__(**kwargs)
        self.fov_y_degrees = fov_y_degrees
        self.aspect = aspect
        self.near = near
        self.far = far
        self.handedness = handedness

    def call(self, vertices_view):
        matrix = perspective_matrix(
            fov_y_degrees=self.fov_y_degrees,
            aspect=self.aspect,
            near=self.near,
            far=self.far,
            handedness=self.handedness,
        )
        return homogeneous_transform(vertices_view, tf.cast(matrix, vertices_view.dtype))

    def get_config(self):
        return {
            **super().get_config(),
            "fov_y_degrees": self.fov_y_degrees,
            "aspect": self.aspect,
            "near": self.near,
            "far": self.far,
            "handedness": self.handedness,
        }
