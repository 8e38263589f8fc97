"""What the layers that project view space to clip space share."""

import tensorflow as tf

from tf_mesh_renderer.geometry.transforms import homogeneous_transform
from tf_mesh_renderer.layers.base import RenderingLayer


class ProjectionLayer(RenderingLayer):
    """Base of `PerspectiveProjection` and `OrthographicProjection`.

    Args:
      aspect: width / height of the image.
      near: depth that gets z / w = -1.
      far: depth > near that gets z / w = 1.
      handedness: "right" (the camera looks along -z) or "left" (along +z).
      **kwargs: passed to `RenderingLayer`.
    """

    def __init__(self, *, aspect=1.0, near=0.1, far=100.0, handedness="right", **kwargs):
        super().__init__(**kwargs)
        self.aspect = aspect
        self.near = near
        self.far = far
        self.handedness = handedness

    def project(self, function, vertices_view, **lens):
        """Applies a matrix that a function of `cameras` makes from what this layer stores.

        Args:
          function: `perspective_matrix` or `orthographic_matrix`.
          vertices_view: [B, V, 3] float, view space.
          **lens: further arguments of `function`.
        Returns:
          [B, V, 4] float, clip space.
        Gradients:
          Exact to the vertices.
        """
        matrix = function(
            aspect=self.aspect, near=self.near, far=self.far, handedness=self.handedness, **lens
        )
        return homogeneous_transform(vertices_view, tf.cast(matrix, vertices_view.dtype))

    def get_config(self):
        return {
            **super().get_config(),
            "aspect": self.aspect,
            "near": self.near,
            "far": self.far,
            "handedness": self.handedness,
        }
