"""Shading models with highlights: Phong and Blinn-Phong."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from tf_mesh_renderer.shading.lights import Light
from tf_mesh_renderer.shading.material import check_light, clamped_if
from tf_mesh_renderer.shading.pixel_shading import PixelShading
from tf_mesh_renderer.shading.reflectance import (
    blinn_phong_specular,
    lambert_diffuse,
    phong_specular,
)
from tf_mesh_renderer.shading.registry import register
from tf_mesh_renderer.shading.surface import Surface


@register("phong")
@dataclasses.dataclass(frozen=True)
class Phong(PixelShading):
    """Diffuse reflection and a highlight around the mirrored light; an argument of `tf.function`.

    I = I_c I_l + I_s (the paper's frame), where the lights add up to

        I_l = k_a (light without direction) + k_d sum of radiance max(N . L, 0)
        I_s = k_s sum of radiance (R . V) ** shininess

    In the example of `FlatLambert`, seen along the normal, R . V is 0.8, too: with a shininess of 2
    and the other defaults the face shows 0.525 + 0.4 * 0.8^2 = 0.781.

    The highlight has the colour of the light and not that of the surface. The paper has k_d = 1,
    k_s = 0.4 and one white light without ambient; Kaolin's k_a is this one under
    `AmbientLight(intensity=1.0)`. All four constants are [], [C] or [B, C] float, or [B, 1] for one
    number per batch item.

    Attributes:
      ambient: k_a, for light from all sides: `AmbientLight` and `SphericalHarmonicsLight`.
      diffuse: k_d, for light that has a direction.
      specular: k_s.
      shininess: exponent > 0; larger is a smaller and sharper highlight.
      normals: "smooth" or "flat", see `surface_of`.
      clamp: limit the result to [0, 1], see `PixelShading`.
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer" (DIB-R), NeurIPS 2019, eqs. 7 to 9.
    """

    ambient: Any = 1.0
    diffuse: Any = 1.0
    specular: Any = 0.4
    shininess: Any = 32.0
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
        k_a, k_d, k_s, shininess = self.constants_at(surface.normals)
        reflected = tf.zeros_like(surface.normals[..., :1])  # I_l
        highlight = reflected  # I_s
        for light in lights:
            direction, radiance = light.sample(surface)
            if direction is None:
                reflected += k_a * radiance
                continue
            reflected += k_d * radiance * lambert_diffuse(surface.normals, direction)
            highlight += k_s * radiance * self._highlight(surface, direction, shininess)
        for light in (reflected, highlight):
            check_light(type(self).__name__, light, albedo=albedo)
        return clamped_if(albedo * reflected + highlight, clamp=self.clamp)

    def _highlight(self, surface, to_light, shininess):
        return phong_specular(surface.normals, to_light, to_eye=surface.to_eye, shininess=shininess)


@register("blinn_phong")
@dataclasses.dataclass(frozen=True)
class BlinnPhong(Phong):
    """As `Phong`, with the highlight around the direction halfway between light and viewer.

        I_s = k_s sum of radiance (N . H) ** shininess,  H = (L + V) / |L + V|

    In Phong's example H is (0.6, 0, 1.8) / sqrt(3.6), and (N . H)^2 = 0.9: the face shows
    0.525 + 0.4 * 0.9 = 0.885.

    Attributes:
      ambient: as in `Phong`.
      diffuse: as in `Phong`.
      specular: as in `Phong`.
      shininess: as in `Phong`; about four times Phong's gives a highlight of the same size.
      normals: as in `Phong`.
      clamp: as in `Phong`.
    Source:
      Blinn, "Models of Light Reflection for Computer Synthesized Pictures", SIGGRAPH 1977.
    """

    def _highlight(self, surface, to_light, shininess):
        return blinn_phong_specular(
            surface.normals, to_light, to_eye=surface.to_eye, shininess=shininess
        )
