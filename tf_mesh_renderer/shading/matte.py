"""Shading models without highlights: no light, one value per face, Lambert at every pixel."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from tf_mesh_renderer.geometry.topology import gather_at_pixels
from tf_mesh_renderer.shading.face_light import (
    face_irradiance,
    seen_irradiance,
    total_irradiance,
)
from tf_mesh_renderer.shading.lights import Light
from tf_mesh_renderer.shading.material import check_light, clamped_if
from tf_mesh_renderer.shading.pixel_shading import PixelShading
from tf_mesh_renderer.shading.registry import register
from tf_mesh_renderer.shading.scene import Scene
from tf_mesh_renderer.shading.surface import Surface


@register("unlit")
@dataclasses.dataclass(frozen=True)
class Unlit:
    """Colours as they are, whatever the lights; what the first DIB-R release calls Lambertian.

    I = I_c: a surface of colour 0.5 shows 0.5.
    """

    def keeps_albedo(self, lights: Sequence[Light]) -> bool:
        """True; see `ShadingModel`."""
        del lights
        return True

    def shade(self, albedo: tf.Tensor, scene: Scene) -> tf.Tensor:
        """Returns the albedo.

        Args:
          albedo: [B, H, W, C] float, linear.
          scene: not needed.
        Returns:
          `albedo`.
        Gradients:
          Exact to the albedo; none to lights.
        """
        del scene
        return albedo


@register("flat")
@dataclasses.dataclass(frozen=True)
class FlatLambert:
    """N3MR's lighting: one value for each side of each face.

    I = I_c sum over lights of their irradiance at the normal of the face. A face of colour 0.5
    under ambient light of 0.25 and a light of 1 from (0.6, 0, 0.8), which meets its normal
    (0, 0, 1) at the cosine 0.8, shows 0.5 (0.25 + 0.8) = 0.525.

    Attributes:
      normal_epsilon: as `epsilon` of `face_normals`; N3MR has 1e-5.
    Source:
      Kato, Ushiku & Harada, "Neural 3D Mesh Renderer", CVPR 2018, section 3.3.
    """

    normal_epsilon: float = 0.0

    def keeps_albedo(self, lights: Sequence[Light]) -> bool:
        """Whether there is no light; see `ShadingModel`."""
        return not lights

    def shade(self, albedo: tf.Tensor, scene: Scene) -> tf.Tensor:
        """Multiplies by the light on the side of the face that is seen.

        Args:
          albedo: [B, H, W, C] float, linear.
          scene: `Scene` of the same images; of its camera, only `mirrors` is used.
        Returns:
          [B, H, W, C]; `albedo` without lights.
        Gradients:
          Exact to albedo and lights, and to vertices through the normals.
        Raises:
          ValueError: a static shape is wrong.
        """
        if self.keeps_albedo(scene.lights):
            return albedo
        irradiance = face_irradiance(
            scene.vertices_world, scene.faces, scene.lights, normal_epsilon=self.normal_epsilon
        )  # [B, F, 2, C]
        check_light("FlatLambert", irradiance, albedo=albedo)
        seen = seen_irradiance(
            irradiance, scene.vertices_clip, scene.faces, mirrors=scene.camera.mirrors
        )
        return albedo * gather_at_pixels(seen, scene.fragments.face_id)


@register("lambert")
@dataclasses.dataclass(frozen=True)
class Lambert(PixelShading):
    """Diffuse reflection at every pixel; a valid argument of `tf.function`.

    I = k_d I_c sum over lights of irradiance(N), which is max(N . L, 0) for a light from L. With
    `SphericalHarmonicsLight` this is DIB-R's model of natural light (eq. 11). In the example of
    `FlatLambert`, k_d = 0.8 gives 0.8 * 0.5 (0.25 + 0.8) = 0.42.

    Attributes:
      diffuse: k_d, [], [C] or [B, C] float; [B, 1] for one number per batch item.
      normals: "smooth" or "flat", see `surface_of`.
      clamp: limit the result to [0, 1], see `PixelShading`.
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer" (DIB-R), NeurIPS 2019, eqs. 7, 10 and 11.
    """

    diffuse: Any = 1.0
    normals: str = "smooth"
    clamp: bool = False

    def shade_surface(
        self, albedo: tf.Tensor, surface: Surface, lights: Sequence[Light]
    ) -> tf.Tensor:
        """The formula at any points of a surface.

        Args:
          albedo: [B, ..., C] float, linear.
          surface: `Surface` [B, ..., 3].
          lights: one light or more.
        Returns:
          [B, ..., C].
        Gradients:
          As `PixelShading.shade_surface`.
        """
        received = total_irradiance(lights, surface.normals, positions=surface.positions)
        (k_d,) = self.constants_at(surface.normals)
        light = k_d * received
        check_light("Lambert", light, albedo=albedo)
        return clamped_if(albedo * light, clamp=self.clamp)
