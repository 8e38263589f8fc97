"""Shading models without highlights: no light, one value per face, and Lambert at every pixel."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import check_choice
from tf_mesh_renderer.shading.lambert import (
    face_irradiance,
    pixel_irradiance,
    seen_irradiance,
    total_irradiance,
)
from tf_mesh_renderer.shading.lights import Light
from tf_mesh_renderer.shading.material import constant, finished
from tf_mesh_renderer.shading.registry import register
from tf_mesh_renderer.shading.scene import NORMALS, Scene, surface_of
from tf_mesh_renderer.shading.surface import Surface


@register("unlit")
@dataclasses.dataclass(frozen=True)
class Unlit:
    """Colours as they are, whatever the lights; what the first DIB-R release calls Lambertian."""

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

    I = I_c sum over lights of their irradiance at the normal of the face.

    Attributes:
      normal_epsilon: as `epsilon` of `face_normals`; N3MR has 1e-5.
    Source:
      Kato, Ushiku & Harada, "Neural 3D Mesh Renderer", CVPR 2018, section 3.3.
    """

    normal_epsilon: float = 0.0

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
        if not scene.lights:
            return albedo
        irradiance = face_irradiance(
            scene.vertices_world, scene.faces, scene.lights, normal_epsilon=self.normal_epsilon
        )  # [B, F, 2, C]
        seen = seen_irradiance(
            irradiance, scene.vertices_clip, scene.faces, mirrors=scene.camera.mirrors
        )
        return albedo * pixel_irradiance(seen, scene.fragments.face_id)


@register("lambert")
@dataclasses.dataclass(frozen=True)
class Lambert:
    """Diffuse reflection at every pixel; a valid argument of `tf.function`.

    I = k_d I_c sum over lights of irradiance(N), which is max(N . L, 0) for a light from L. With
    `SphericalHarmonicsLight` this is DIB-R's model of natural light (eq. 11).

    Attributes:
      diffuse: k_d, [], [C] or [B, C] float; [B, 1] for one number per batch item.
      normals: "smooth" or "flat", see `surface_of`.
      clamp: limit the result to [0, 1], as DIB-R's program does; without it bright light stays
        bright, and the gradient does not end.
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer" (DIB-R), NeurIPS 2019, eqs. 7, 10 and 11.
    """

    diffuse: Any = 1.0
    normals: str = "smooth"
    clamp: bool = False

    def __post_init__(self):
        check_choice("Lambert", "normals", value=self.normals, choices=NORMALS)

    def shade(self, albedo: tf.Tensor, scene: Scene) -> tf.Tensor:
        """Colours of the fragments.

        Args:
          albedo: [B, H, W, C] float, linear.
          scene: `Scene` of the same images.
        Returns:
          [B, H, W, C]; `albedo` without lights.
        Gradients:
          Exact to albedo, k_d and lights, and to vertices through normals and positions.
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
          lights: one light or more.
        Returns:
          [B, ..., C].
        Gradients:
          Exact to all; twice differentiable.
        """
        received = total_irradiance(lights, surface.normals, positions=surface.positions)
        k_d = constant("Lambert", "diffuse", self.diffuse, points=surface.normals)
        return finished(albedo * (k_d * received), clamp=self.clamp)

    def __tf_flatten__(self):
        return (self.normals, self.clamp), (self.diffuse,)

    @classmethod
    def __tf_unflatten__(cls, metadata, components):
        return cls(*components, *metadata)
