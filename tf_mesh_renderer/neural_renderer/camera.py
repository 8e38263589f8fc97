"""N3MR's camera: its axes, its rounding of unit vectors, and its way to leave out perspective."""

import dataclasses
from typing import Any, ClassVar

import tensorflow as tf

from tf_mesh_renderer.arguments import check_choice, float_tensors
from tf_mesh_renderer.cameras.projection import N3MR_PI
from tf_mesh_renderer.cameras.view import look, look_at
from tf_mesh_renderer.geometry.transforms import radians

MODES = ("look_at", "look", "none")


@dataclasses.dataclass(frozen=True)
class N3mrCamera:
    """Projects world space to clip space the way `neural_renderer.Renderer` describes a camera.

    Attributes:
      near: depth at and below which nothing is drawn.
      far: depth at and beyond which nothing is drawn.
      mode: "look_at" (the origin), "look" (along `direction`) or "none" (vertices are in camera
        coordinates already).
      eye: [3] or [B, 3] float, world space.
      direction: [3] or [B, 3] float, for mode "look".
      half_angle_degrees: half of the angle of view; None leaves x and y as they are (orthographic),
        while depth is still interpolated as if seen in perspective, as N3MR does.
    Quirks:
      Axes are divided by their length + 1e-5 and pi is 3.1416, as in the released code.
    """

    near: float
    far: float
    mode: str = "none"
    eye: Any = (0.0, 0.0, 0.0)
    direction: Any = (0.0, 0.0, 1.0)
    half_angle_degrees: Any = None

    depth_from: ClassVar[str] = "w"
    mirrors: ClassVar[bool] = True

    def __post_init__(self):
        check_choice("Renderer", "camera_mode", value=self.mode, choices=MODES)

    def project(self, vertices: tf.Tensor) -> tf.Tensor:
        """World space to clip space.

        Args:
          vertices: [B, V, 3] float.
        Returns:
          [B, V, 4]: (x / tan, y / tan, z, z), or (x z, y z, z, z) without perspective. Finite for
          any z, so that faces behind the camera are left out instead of turning into NaN.
        Gradients:
          Exact, to the vertices, the eye, the direction and the angle.
        """
        # N3MR's gradient divides by distances between edges and pixels, and so magnifies rounding:
        # compute in double precision and round once.
        x, y, z = tf.unstack(self._view(tf.cast(vertices, tf.float64)), axis=-1)
        if self.half_angle_degrees is None:
            x, y = x * z, y * z
        else:
            _, angle = float_tensors(x, self.half_angle_degrees)
            slope = tf.tan(radians(angle, N3MR_PI))[..., tf.newaxis]  # [1] or [B, 1]
            x, y = x / slope, y / slope
        return tf.cast(tf.stack([x, y, z, z], axis=-1), vertices.dtype)

    def _view(self, vertices):
        if self.mode == "look_at":
            return look_at(vertices, self.eye)
        if self.mode == "look":
            return look(vertices, self.eye, self.direction)
        return vertices
