"""Shading models with highlights: Phong and Blinn-Phong."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import check_choice
from tf_mesh_renderer.shading.lights import Light
from tf_mesh_renderer.shading.material import constant, finished
from tf_mesh_renderer.shading.reflectance import (
    blinn_phong_specular,
    lambert_diffuse,
    phong_specular,
)
from tf_mesh_renderer.shading.registry import register
from tf_mesh_renderer.shading.scene import NORMALS, Scene, surface_of
from tf_mesh_renderer.shading.surface import Surface

_CONSTANTS = ("ambient", "diffuse", "specular", "shininess")


@register("phong")
@dataclasses.dataclass(frozen=True)
class Phong:
    """Diffuse reflection and a highlight around the mirrored light; an argument of `tf.function`.

    I = I_c I_l + I_s (the paper's frame), where the lights add up to

        I_l = k_a (light without direction) + k_d sum of radiance max(N . L, 0)
        I_s = k_s sum of radiance (R . V) ** shininess

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
      clamp: limit the result to [0, 1], as the paper's program does; without it bright light stays
        bright, and the gradient does not end.
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

    def __post_init__(self):
        check_choice(type(self).__name__, "normals", value=self.normals, choices=NORMALS)

    def shade(self, albedo: tf.Tensor, scene: Scene) -> tf.Tensor:
        """Colours of the fragments.

        Args:
          albedo: [B, H, W, C] float, linear.
          scene: `Scene` of the same images.
        Returns:
          [B, H, W, C]; `albedo` without lights.
        Gradients:
          Exact to albedo, the four constants and lights, to vertices through normals and positions,
          and to the camera through the direction to the viewer.
        Raises:
          ValueError: a static shape is wrong.
        """
        if not scene.lights:
            return albedo
        return self.shade_surface(albedo, surface_of(scene, normals=self.normals), scene.lights)

    def shade_surface(
        self, albedo: tf.Tensor, surface: Surface, lights: Sequence[Light]
    ) -> tf.Tensor:
        """The formula at any points of a surface.

        Args:
          albedo: [B, ..., C] float, linear.
          surface: `Surface` [B, ..., 3].
          lights: any number of lights.
        Returns:
          [B, ..., C].
        Gradients:
          Exact to all; twice differentiable.
        """
        k_a, k_d, k_s, shininess = self._constants(surface.normals)
        reflected = tf.zeros_like(surface.normals[..., :1])  # I_l
        highlight = reflected  # I_s
        for light in lights:
            direction, radiance = light.sample(surface)
            if direction is None:
                reflected += k_a * radiance
                continue
            reflected += k_d * radiance * lambert_diffuse(surface.normals, direction)
            highlight += k_s * radiance * self._highlight(surface, direction, shininess)
        return finished(albedo * reflected + highlight, clamp=self.clamp)

    def _highlight(self, surface, to_light, shininess):
        return phong_specular(surface.normals, to_light, to_eye=surface.to_eye, shininess=shininess)

    def _constants(self, points: tf.Tensor) -> list[tf.Tensor]:
        where = type(self).__name__
        return [constant(where, name, getattr(self, name), points=points) for name in _CONSTANTS]

    def __tf_flatten__(self):
        return (self.normals, self.clamp), tuple(getattr(self, name) for name in _CONSTANTS)

    @classmethod
    def __tf_unflatten__(cls, metadata, components):
        return cls(*components, *metadata)


@register("blinn_phong")
@dataclasses.dataclass(frozen=True)
class BlinnPhong(Phong):
    """As `Phong`, with the highlight around the direction halfway between light and viewer.

        I_s = k_s sum of radiance (N . H) ** shininess,  H = (L + V) / |L + V|

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
