"""The Chainer package's `Renderer`: a bag of settings with three methods."""

import dataclasses
import math
from typing import Any

import tensorflow as tf

from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.gradients import N3mr
from tf_mesh_renderer.neural_renderer.camera import N3mrCamera
from tf_mesh_renderer.neural_renderer.lighting import light_cubes, n3mr_lights
from tf_mesh_renderer.neural_renderer.rasterization import (
    DEFAULT_EPS,
    channels_first,
    depth_image,
    square_or_pair,
)
from tf_mesh_renderer.rendering.pipeline import render, render_silhouette
from tf_mesh_renderer.textures.face import FaceTexture

_DEFAULT_VIEWING_ANGLE = 30
_DEFAULT_EYE = (0.0, 0.0, -(1 / math.tan(math.radians(_DEFAULT_VIEWING_ANGLE)) + 1))


@dataclasses.dataclass(eq=False)
class Renderer:
    """Draws meshes as `neural_renderer.Renderer` of the Chainer package does, with its defaults.

    All attributes may be changed at any time, and many may be tensors or variables: gradients flow
    to `eye`, `camera_direction`, `viewing_angle`, the background and the lights.

    Attributes:
      image_size: side of the square image in pixels, or (height, width).
      anti_aliasing: render at twice the size and average blocks of 2x2 pixels.
      background_color: [3] or [B, 3] float.
      fill_back: draw both sides of every face. Costs no memory, unlike the original.
      perspective: whether far things look smaller; if not, camera x and y are image coordinates.
      viewing_angle: HALF of the angle of view, degrees.
      eye: position of the camera, [3] or [B, 3] float.
      camera_mode: "look_at" (towards the origin), "look" (along `camera_direction`) or "none".
      camera_direction: [3] or [B, 3] float.
      near, far: only what lies between these depths is drawn, by all three methods.
      light_intensity_ambient, light_intensity_directional: float factors.
      light_color_ambient, light_color_directional: [3] or [B, 3] float.
      light_direction: [3] or [B, 3] float, towards the light; not normalised.
      rasterizer_eps: `N3mr.eps` of `render`.
      silhouette_eps: `N3mr.eps` of `render_silhouettes`.
      depth_antialiasing: "masked" averages the pixels that are covered; "mean" averages `far` in
        where a pixel is empty, as the original does.
    Quirks:
      Unlike the original, `near` and `far` are honoured by all methods, `look` takes any batch
      size, and textures are read with the depths of their own batch item.
    """

    image_size: Any = 256
    anti_aliasing: bool = True
    background_color: Any = (0.0, 0.0, 0.0)
    fill_back: bool = True
    perspective: bool = True
    viewing_angle: Any = _DEFAULT_VIEWING_ANGLE
    eye: Any = _DEFAULT_EYE
    camera_mode: str = "look_at"
    camera_direction: Any = (0.0, 0.0, 1.0)
    near: float = 0.1
    far: float = 100.0
    light_intensity_ambient: Any = 0.5
    light_intensity_directional: Any = 0.5
    light_color_ambient: Any = (1.0, 1.0, 1.0)
    light_color_directional: Any = (1.0, 1.0, 1.0)
    light_direction: Any = (0.0, 1.0, 0.0)
    rasterizer_eps: float = 1e-3
    silhouette_eps: float = DEFAULT_EPS
    depth_antialiasing: str = "masked"

    def render(self, vertices, faces, textures) -> tf.Tensor:
        """Draws lit and textured meshes.

        Args:
          vertices: [B, V, 3] float, world space.
          faces: [B, F, 3] or [F, 3] int32.
          textures: [B, F, T, T, T, 3] float, a cube of texels per face.
        Returns:
          [B, 3, H, W] float images, row 0 at the top.
        Gradients:
          N3MR's to the vertices and the camera, and through the shading; exact to textures, lights.
        """
        camera = self._camera()
        mesh = Mesh(vertices, faces).batched()
        lit = light_cubes(mesh, textures, camera, self._lights())
        rgba = render(
            dataclasses.replace(mesh, texture=FaceTexture(lit, eps=self.rasterizer_eps)),
            camera,
            image_size=square_or_pair(self.image_size),
            gradient=N3mr(self.rasterizer_eps),
            background=self.background_color,
            cull=self._cull(),
            anti_aliasing=self.anti_aliasing,
        )
        return channels_first(rgba[..., :3])

    def render_silhouettes(self, vertices, faces) -> tf.Tensor:
        """Draws silhouettes.

        Args:
          vertices: [B, V, 3] float, world space.
          faces: [B, F, 3] or [F, 3] int32.
        Returns:
          [B, H, W] float in [0, 1], row 0 at the top.
        Gradients:
          N3MR's to the vertices and the camera.
        Raises:
          ValueError: a static shape or a setting is wrong.
        """
        return render_silhouette(
            Mesh(vertices, faces),
            self._camera(),
            image_size=square_or_pair(self.image_size),
            gradient=N3mr(self.silhouette_eps),
            cull=self._cull(),
            anti_aliasing=self.anti_aliasing,
        )

    def render_depth(self, vertices, faces) -> tf.Tensor:
        """Draws camera depth.

        Args:
          vertices: [B, V, 3] float, world space.
          faces: [B, F, 3] or [F, 3] int32.
        Returns:
          [B, H, W] float in world units, `far` where empty, row 0 at the top.
        Gradients:
          Exact to the vertices and the camera where a face is seen; none through visibility.
        Raises:
          ValueError: a static shape or a setting is wrong.
        """
        return depth_image(
            Mesh(vertices, faces),
            self._camera(),
            image_size=square_or_pair(self.image_size),
            cull=self._cull(),
            anti_aliasing=self.anti_aliasing,
            depth_antialiasing=self.depth_antialiasing,
        )

    def _camera(self) -> N3mrCamera:
        return N3mrCamera(
            near=self.near,
            far=self.far,
            mode=self.camera_mode,
            eye=self.eye,
            direction=self.camera_direction,
            half_angle_degrees=self.viewing_angle if self.perspective else None,
        )

    def _lights(self) -> tuple:
        return n3mr_lights(
            self.light_intensity_ambient,
            self.light_intensity_directional,
            self.light_color_ambient,
            self.light_color_directional,
            self.light_direction,
        )

    def _cull(self) -> str:
        return "none" if self.fill_back else "back"
