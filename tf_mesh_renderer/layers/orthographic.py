"""Layer: view space to clip space of a camera with parallel rays."""

import keras
import tensorflow as tf

from tf_mesh_renderer.cameras.projection import orthographic_matrix
from tf_mesh_renderer.geometry.transforms import homogeneous_transform
from tf_mesh_renderer.layers.base import RenderingLayer


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class OrthographicProjection(RenderingLayer):
    """Projects view space to clip space; see `cameras.orthographic_matrix`.

    Rasterize the result with `depth_from="z"` and the same `near` and `far`.

    Args:
      half_height: world units from the centre of the image to its top.
      aspect: width / height of the image.
      near: depth that gets z = -1.
      far: depth > near that gets z = 1.
      handedness: "right" (the camera looks along -z) or "left" (along +z).
      **kwargs: passed to `RenderingLayer`.
    Call arguments:
      vertices_view: [B, V, 3] float, view space.
    Returns:
      [B, V, 4] float, clip space; w is 1.
    Gradients:
      Exact.
    """

    def __init__(
        self, half_height=1.0, *, aspect=1.0, near=0.1, far=100.0, handedness="right", **kwargs
    ):
        super().__init__(**kwargs)
        self.half_height = half_height
        self.aspect = aspect
        self.near = near
        self.far = far
        self.handedness = handedness

    def call(self, vertices_view):
        matrix = orthographic_matrix(
            half_height=self.half_height,
            aspect=self.aspect,
            near=self.near,
            far=self.far,
            handedness=self.handedness,
        )
        return homogeneous_transform(vertices_view, tf.cast(matrix, vertices_view.dtype))

    def get_config(self):
        return {
            **super().get_config(),
            "half_height": self.half_height,
            "aspect": self.aspect,
            "near": self.near,
            "far": self.far,
            "handedness": self.handedness,
        }
