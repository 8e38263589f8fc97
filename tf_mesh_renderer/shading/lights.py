"""Light sources: what they add to the light a surface receives."""

import dataclasses
from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import check_shape, float_tensors
from tf_mesh_renderer.geometry.vectors import dot, normalize

_WHITE = (1.0, 1.0, 1.0)


@dataclasses.dataclass(frozen=True)
class AmbientLight:
    """Light from everywhere; a valid argument of `tf.function`.

    Attributes:
      color: [C] or [B, C] float, linear; C must be the texture's number of channels.
      intensity: [] or [B] float factor.
    """

    color: Any = _WHITE
    intensity: Any = 0.5

    def irradiance(self, normals: tf.Tensor) -> tf.Tensor:
        """Light received at unit normals.

        Args:
          normals: [B, N, 3] float.
        Returns:
          [B, N, C] (or a shape that broadcasts to it): intensity * color.
        Gradients:
          Exact to color and intensity.
        """
        return _emission(self.color, self.intensity, normals)

    def __tf_flatten__(self):
        return (), (self.color, self.intensity)

    @classmethod
    def __tf_unflatten__(cls, metadata, components):
        del metadata  # everything is a component
        return cls(*components)


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

    def irradiance(self, normals: tf.Tensor) -> tf.Tensor:
        """Light received at unit normals, by Lambert's cosine law.

        Args:
          normals: [B, N, 3] float.
        Returns:
          [B, N, C]: intensity * color * max(normal . direction, 0).
        Gradients:
          Exact to normals, color, intensity and direction; zero on the dark side.
        Raises:
          ValueError: a wrong shape.
        """
        direction = tf.cast(float_tensors(self.direction)[0], normals.dtype)
        check_shape("DirectionalLight", "direction", value=direction, shape=[3])
        if self.normalize_direction:
            direction = normalize(direction)
        cosine = tf.nn.relu(dot(normals, direction[..., tf.newaxis, :]))  # [B, N, 1]
        return cosine * _emission(self.color, self.intensity, normals)

    def __tf_flatten__(self):
        return (self.normalize_direction,), (self.color, self.intensity, self.direction)

    @classmethod
    def __tf_unflatten__(cls, metadata, components):
        return cls(*components, *metadata)


def _emission(color: Any, intensity: Any, normals: tf.Tensor) -> tf.Tensor:
    """intensity * color, [1, C] or [B, 1, C], in the dtype of the normals."""
    color, intensity = float_tensors(color, intensity)
    check_shape("light", "color", value=color, shape=[None])
    emitted = intensity[..., tf.newaxis] * color
    return tf.cast(emitted, normals.dtype)[..., tf.newaxis, :]
