"""What the shading models that answer the lights at every pixel have in common."""

import dataclasses
from collections.abc import Sequence

import tensorflow as tf

from tf_mesh_renderer.arguments import check_choice
from tf_mesh_renderer.shading.lights import Light
from tf_mesh_renderer.shading.material import material_constant
from tf_mesh_renderer.shading.scene import NORMALS, Scene, surface_of
from tf_mesh_renderer.shading.surface import Surface

_CHOICES = ("normals", "clamp")


class PixelShading:
    """Base of `Lambert`, `Phong` and `BlinnPhong`; a subclass adds `shade_surface`.

    A subclass is a frozen dataclass. Its fields are material constants, and after them these two.

    Attributes:
      normals: "smooth" or "flat", see `surface_of`.
      clamp: limit the result to [0, 1], as DIB-R's program does; without it bright light stays
        bright, and the gradient does not end.
    """

    normals: str
    clamp: bool

    def __post_init__(self):
        check_choice(type(self).__name__, "normals", value=self.normals, choices=NORMALS)

    def keeps_albedo(self, lights: Sequence[Light]) -> bool:
        """Whether there is no light; see `ShadingModel`."""
        return not lights

    def shade(self, albedo: tf.Tensor, scene: Scene) -> tf.Tensor:
        """Colours of the fragments.

        Args:
          albedo: [B, H, W, C] float, linear.
          scene: `Scene` of the same images.
        Returns:
          [B, H, W, C]; `albedo` without lights.
        Gradients:
          As `shade_surface`, and exact to vertices through normals and positions, and to the camera
          through the direction to the viewer where the model looks at it.
        Raises:
          ValueError: a static shape is wrong.
        """
        if self.keeps_albedo(scene.lights):
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
          Exact to albedo, material constants, surface and lights; twice differentiable.
        """
        raise NotImplementedError  # Each model has its own.

    def constants_at(self, points: tf.Tensor) -> list[tf.Tensor]:
        """The material constants in the order of their fields, see `material_constant`.

        Args:
          points: [B, ..., 3] float.
        Returns:
          Tensors that broadcast against colours [B, ..., C] at the points, in their dtype.
        Gradients:
          Exact.
        Raises:
          ValueError: a constant has another rank than 0, 1 or 2.
        """
        where, constants = type(self).__name__, self._constants()
        return [material_constant(where, *constant, points=points) for constant in constants]

    def _constants(self) -> list[tuple]:
        """Names and values of the fields that may hold tensors."""
        names = [field.name for field in dataclasses.fields(self)]
        return [(name, getattr(self, name)) for name in names if name not in _CHOICES]

    def __tf_flatten__(self):
        return (self.normals, self.clamp), tuple(value for _, value in self._constants())

    @classmethod
    def __tf_unflatten__(cls, metadata, components):
        return cls(*components, *metadata)
