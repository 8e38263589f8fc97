"""Light sources: what they add to the light a surface receives."""

import dataclasses
from typing import Any, NamedTuple, Protocol, runtime_checkable

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, check_shape, float_tensors
from tf_mesh_renderer.geometry.vectors import dot, normalize
from tf_mesh_renderer.registry import Registry
from tf_mesh_renderer.shading.pixels import over_pixels
from tf_mesh_renderer.shading.surface import Surface

_WHITE = (1.0, 1.0, 1.0)

_LIGHTS = Registry("shading.lights", method="irradiance", example="shading.AmbientLight()")
# Names of lights, for configurations: the methods of the one registry of lights.
register = _LIGHTS.register
get = _LIGHTS.get
serialize = _LIGHTS.serialize


class LightSample(NamedTuple):
    """What one light sends to the points of a surface.

    Attributes:
      direction: [B, ..., 3] float, unit length, from the surface to the light; None for light that
        comes from all sides and makes no highlight.
      radiance: [B, ..., C] float, linear: what a white surface that faces the light sends back;
        without a direction, what it sends back as it is turned. Both may have axes of size 1 that
        broadcast.
    """

    direction: tf.Tensor | None
    radiance: tf.Tensor


@runtime_checkable
class Light(Protocol):
    """What a light is: shading adds lights up and never asks which ones they are.

    A further light is a frozen dataclass with these two methods, in a file of its own. Layers can
    hold it; to save them it needs a name, from the decorator `shading.lights.register`.
    """

    def irradiance(self, normals: tf.Tensor, positions: tf.Tensor | None = None) -> tf.Tensor:
        """Light that falls on a surface turned to `normals`.

        Args:
          normals: [B, ..., 3] float, unit length, world space.
          positions: [B, ..., 3] float, world space; distant lights do without.
        Returns:
          [B, ..., C] float, linear, or a shape that broadcasts to it.
        Gradients:
          Exact to normals, positions and the attributes of the light.
        """
        ...

    def sample(self, surface: Surface) -> LightSample:
        """The light before the surface answers it, for highlights.

        Args:
          surface: `Surface` [B, ..., 3].
        Returns:
          `LightSample`; radiance * max(normal . direction, 0), or radiance alone where there is no
          direction, is `irradiance`.
        Gradients:
          Exact to the surface and the attributes of the light.
        """
        ...


@register("ambient")
@dataclasses.dataclass(frozen=True)
class AmbientLight:
    """Light from everywhere; a valid argument of `tf.function`.

    Attributes:
      color: [C] or [B, C] float, linear; C must be the texture's number of channels.
      intensity: [] or [B] float factor.
    """

    color: Any = _WHITE
    intensity: Any = 0.5

    def irradiance(self, normals: tf.Tensor, positions: tf.Tensor | None = None) -> tf.Tensor:
        """Light received at unit normals.

        Args:
          normals: [B, ..., 3] float.
          positions: not needed.
        Returns:
          [B, ..., C] (or a shape that broadcasts to it): intensity * color.
        Gradients:
          Exact to color and intensity.
        """
        del positions
        return _emission(self.color, self.intensity, normals)

    def sample(self, surface: Surface) -> LightSample:
        """The light at a surface; it has no direction.

        Args:
          surface: `Surface` [B, ..., 3].
        Returns:
          `LightSample` without direction; intensity * color.
        Gradients:
          Exact to color and intensity.
        """
        return LightSample(None, self.irradiance(surface.normals))

    def __tf_flatten__(self):
        return (), (self.color, self.intensity)

    @classmethod
    def __tf_unflatten__(cls, metadata, components):
        del metadata  # everything is a component
        return cls(*components)


@register("directional")
@dataclasses.dataclass(frozen=True)
class DirectionalLight:
    """Parallel light, as from the sun; a valid argument of `tf.function`.

    Attributes:
      color: [C] or [B, C] float, linear.
      intensity: [] or [B] float factor.
      direction: [3] or [B, 3] float, world space, from the surface TO the light (N3MR's meaning).
      normalize_direction: whether the length of `direction` is ignored; N3MR multiplies by it.
    """

    color: Any = _WHITE
    intensity: Any = 0.5
    direction: Any = (0.0, 1.0, 0.0)
    normalize_direction: bool = True

    def irradiance(self, normals: tf.Tensor, positions: tf.Tensor | None = None) -> tf.Tensor:
        """Light received at unit normals, by Lambert's cosine law.

        Args:
          normals: [B, ..., 3] float.
          positions: not needed.
        Returns:
          [B, ..., C]: intensity * color * max(normal . direction, 0).
        Gradients:
          Exact to normals, color, intensity and direction; zero on the dark side.
        Raises:
          ValueError: a wrong shape.
        """
        del positions
        direction = self._direction(normals)
        if self.normalize_direction:
            direction = normalize(direction)
        cosine = tf.nn.relu(dot(normals, direction))  # [B, ..., 1]
        return cosine * _emission(self.color, self.intensity, normals)

    def sample(self, surface: Surface) -> LightSample:
        """Direction and radiance, the same at every point.

        Args:
          surface: `Surface` [B, ..., 3].
        Returns:
          `LightSample`: unit direction, intensity * color (times the length of `direction` unless
          `normalize_direction`).
        Gradients:
          Exact to color, intensity and direction.
        Raises:
          ValueError: a wrong shape.
        """
        given = self._direction(surface.normals)
        direction = normalize(given)
        radiance = _emission(self.color, self.intensity, surface.normals)
        if not self.normalize_direction:
            radiance *= dot(given, direction)
        return LightSample(direction, radiance)

    def _direction(self, points: tf.Tensor) -> tf.Tensor:
        return _coordinates("DirectionalLight", "direction", self.direction, points=points)

    def __tf_flatten__(self):
        return (self.normalize_direction,), (self.color, self.intensity, self.direction)

    @classmethod
    def __tf_unflatten__(cls, metadata, components):
        return cls(*components, *metadata)


@register("point")
@dataclasses.dataclass(frozen=True)
class PointLight:
    """Light from one point to all sides; a valid argument of `tf.function`.

    Attributes:
      position: [3] or [B, 3] float, world space.
      color: [C] or [B, C] float, linear.
      intensity: [] or [B] float factor.
      attenuation: [3] or [B, 3] float >= 0: the light falls off with the distance d (world units)
        by 1 / (a0 + a1 d + a2 d²), as in OpenGL. (1, 0, 0) is no fall-off, (0, 0, 1) the law of
        nature.
    """

    position: Any
    color: Any = _WHITE
    intensity: Any = 0.5
    attenuation: Any = (1.0, 0.0, 0.0)

    def irradiance(self, normals: tf.Tensor, positions: tf.Tensor | None = None) -> tf.Tensor:
        """Light received at unit normals, by Lambert's cosine law.

        Args:
          normals: [B, ..., 3] float.
          positions: [B, ..., 3] float; needed.
        Returns:
          [B, ..., C]: intensity * color * max(normal . direction, 0) / (a0 + a1 d + a2 d²).
        Gradients:
          As `sample`, and exact to normals.
        Raises:
          ValueError: a wrong shape, or no positions.
        """
        if positions is None:
            raise argument_error(
                "PointLight.irradiance",
                "positions",
                expected="[B, ..., 3] points in world space",
                received="None",
                hint="a light that is near shines differently on every point",
            )
        direction, radiance = self._towards(positions)
        return tf.nn.relu(dot(normals, direction)) * radiance

    def sample(self, surface: Surface) -> LightSample:
        """Direction and radiance at every point.

        Args:
          surface: `Surface` [B, ..., 3].
        Returns:
          `LightSample`: unit direction, intensity * color / (a0 + a1 d + a2 d²). Both are 0 where
          they have no value: the direction at d = 0, the radiance where the denominator is 0.
        Gradients:
          Exact to positions and to all attributes of the light; zero at d = 0.
        Raises:
          ValueError: a wrong shape.
        """
        return self._towards(surface.positions)

    def _towards(self, points: tf.Tensor) -> LightSample:
        position = _coordinates("PointLight", "position", self.position, points=points)
        attenuation = _coordinates("PointLight", "attenuation", self.attenuation, points=points)
        difference = position - points
        direction = normalize(difference)
        distance = dot(difference, direction)  # unlike a square root it has a slope of 0 at 0
        constant, linear, quadratic = tf.split(attenuation, 3, axis=-1)
        denominator = constant + distance * (linear + distance * quadratic)
        emission = _emission(self.color, self.intensity, points)
        return LightSample(direction, tf.math.divide_no_nan(emission, denominator))

    def __tf_flatten__(self):
        return (), (self.position, self.color, self.intensity, self.attenuation)

    @classmethod
    def __tf_unflatten__(cls, metadata, components):
        del metadata  # everything is a component
        return cls(*components)


def _emission(color: Any, intensity: Any, points: tf.Tensor) -> tf.Tensor:
    """intensity * color, [1, ..., C] or [B, 1, ..., C], in the dtype of the points."""
    color, intensity = float_tensors(color, intensity)
    check_shape("light", "color", value=color, shape=[None])
    return over_pixels(intensity[..., tf.newaxis] * color, points)


def _coordinates(where: str, name: str, value: Any, *, points: tf.Tensor) -> tf.Tensor:
    """Three numbers of a light, [1, ..., 3] or [B, 1, ..., 3], in the dtype of the points."""
    (value,) = float_tensors(value)
    check_shape(where, name, value=value, shape=[3])
    return over_pixels(value, points)
