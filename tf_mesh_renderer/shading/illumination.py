"""Light and material that a few numbers per image describe, for networks that predict them."""

import dataclasses
import math
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import tensorflow as tf

from tf_mesh_renderer.geometry.vectors import matrix_times_vectors, normalize
from tf_mesh_renderer.registry import Registry
from tf_mesh_renderer.shading.base import ShadingModel
from tf_mesh_renderer.shading.glossy import Phong
from tf_mesh_renderer.shading.harmonics_rotation import harmonics_direction, rotate_harmonics
from tf_mesh_renderer.shading.lights import DirectionalLight, Light
from tf_mesh_renderer.shading.matte import Lambert
from tf_mesh_renderer.shading.spherical_harmonics import NUM_COEFFICIENTS, SphericalHarmonicsLight

_ILLUMINATIONS = Registry(
    "shading.illumination", method="lights", example="shading.LambertIllumination()"
)
# Names of illuminations, for configurations: "lambert", "phong" and "sh".
register = _ILLUMINATIONS.register
get = _ILLUMINATIONS.get
serialize = _ILLUMINATIONS.serialize

# Towards the viewer in view space, whose z axis points out of the image (right-handed cameras).
_TO_VIEWER = (0.0, 0.0, 1.0)


@runtime_checkable
class Illumination(Protocol):
    """Turns K numbers per image into lights and a material, in the frame the numbers are in.

    A further one is a frozen dataclass with these members; `shading.illumination.register` gives it
    a name.

    Attributes:
      num_numbers: K.
    """

    num_numbers: int

    def from_features(self, features: tf.Tensor) -> tf.Tensor:
        """Numbers that mean something, from any: features of 0 are a light from the viewer.

        Args:
          features: [B, K] float, unbounded, as a linear layer returns them.
        Returns:
          [B, K], numbers of light in view space.
        Gradients:
          Exact.
        """
        ...

    def rotated(self, numbers: tf.Tensor, rotation: tf.Tensor) -> tf.Tensor:
        """The same light turned.

        Args:
          numbers: [B, K] float.
          rotation: [B, 3, 3] float, orthonormal, for column vectors.
        Returns:
          [B, K].
        Gradients:
          Exact.
        """
        ...

    def lights(self, numbers: tf.Tensor) -> Sequence[Light]:
        """What shines.

        Args:
          numbers: [B, K] float, of light in world space.
        Returns:
          Lights.
        Gradients:
          Exact.
        """
        ...

    def material(self, numbers: tf.Tensor) -> ShadingModel:
        """What answers the light.

        Args:
          numbers: [B, K] float.
        Returns:
          A shading model.
        Gradients:
          Exact.
        """
        ...

    def direction(self, numbers: tf.Tensor) -> tf.Tensor:
        """Where light, or most of it, comes from.

        Args:
          numbers: [..., K] float.
        Returns:
          [..., 3], unit length.
        Gradients:
          Exact.
        """
        ...


@register("lambert")
@dataclasses.dataclass(frozen=True)
class LambertIllumination:
    """One distant white light of intensity 1 on a surface without gloss; K = 3, its direction.

    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer" (DIB-R), NeurIPS 2019, eq. 10.
    """

    num_numbers = 3

    def from_features(self, features: tf.Tensor) -> tf.Tensor:
        """The direction of features + (0, 0, 1); see `Illumination`."""
        return normalize(features + tf.constant(_TO_VIEWER, features.dtype))

    def rotated(self, numbers: tf.Tensor, rotation: tf.Tensor) -> tf.Tensor:
        """The direction turned; see `Illumination`."""
        return _turned(numbers, rotation)

    def lights(self, numbers: tf.Tensor) -> Sequence[Light]:
        """One light from the direction; see `Illumination`."""
        return (DirectionalLight(intensity=1.0, direction=numbers),)

    def material(self, numbers: tf.Tensor) -> ShadingModel:
        """Lambert, whatever the numbers; see `Illumination`."""
        del numbers
        return Lambert()

    def direction(self, numbers: tf.Tensor) -> tf.Tensor:
        """The numbers, made unit; see `Illumination`."""
        return normalize(numbers)


@register("phong")
@dataclasses.dataclass(frozen=True)
class PhongIllumination:
    """One distant white light of intensity 1 on a glossy surface; K = 4, direction and shininess.

    Attributes:
      specular: k_s of the surface.
      min_shininess: the smallest that `from_features` returns.
      max_shininess: the largest.
    Source:
      DIB-R, eq. 9; k_d = 1 and k_s = 0.4 are the paper's.
    """

    specular: float = 0.4
    min_shininess: float = 2.0
    max_shininess: float = 128.0

    num_numbers = 4

    def from_features(self, features: tf.Tensor) -> tf.Tensor:
        """A direction as Lambert's, and a shininess between the bounds; see `Illumination`."""
        direction = normalize(features[..., :3] + tf.constant(_TO_VIEWER, features.dtype))
        span = math.log(self.max_shininess / self.min_shininess)
        shininess = self.min_shininess * tf.exp(span * tf.sigmoid(features[..., 3:]))
        return tf.concat([direction, shininess], axis=-1)

    def rotated(self, numbers: tf.Tensor, rotation: tf.Tensor) -> tf.Tensor:
        """The direction turned; see `Illumination`."""
        return tf.concat([_turned(numbers[..., :3], rotation), numbers[..., 3:]], axis=-1)

    def lights(self, numbers: tf.Tensor) -> Sequence[Light]:
        """One light from the direction; see `Illumination`."""
        return (DirectionalLight(intensity=1.0, direction=numbers[..., :3]),)

    def material(self, numbers: tf.Tensor) -> ShadingModel:
        """Phong of the shininess; see `Illumination`."""
        return Phong(specular=self.specular, shininess=numbers[..., 3:])

    def direction(self, numbers: tf.Tensor) -> tf.Tensor:
        """The first three numbers, made unit; see `Illumination`."""
        return normalize(numbers[..., :3])


@register("sh")
@dataclasses.dataclass(frozen=True)
class HarmonicIllumination:
    """White light from everywhere on a surface without gloss; K = 9 coefficients of `sh_basis`.

    Attributes:
      mean_constant: first coefficient where features are 0.
      mean_linear: length of the linear band where features are 0.
    Source:
      DIB-R, eq. 11. The defaults are a sun behind the camera and a sky a fifth as bright.
    """

    mean_constant: float = 1.2
    mean_linear: float = 1.2

    num_numbers = NUM_COEFFICIENTS

    def from_features(self, features: tf.Tensor) -> tf.Tensor:
        """Features plus those of a light that is brighter on the side of the viewer."""
        start = [self.mean_constant, 0.0, self.mean_linear, *[0.0] * (NUM_COEFFICIENTS - 3)]
        return features + tf.constant(start, features.dtype)

    def rotated(self, numbers: tf.Tensor, rotation: tf.Tensor) -> tf.Tensor:
        """See `rotate_harmonics`."""
        return rotate_harmonics(numbers, rotation)

    def lights(self, numbers: tf.Tensor) -> Sequence[Light]:
        """One environment; see `Illumination`."""
        return (SphericalHarmonicsLight(numbers[..., tf.newaxis]),)

    def material(self, numbers: tf.Tensor) -> ShadingModel:
        """Lambert, whatever the numbers; see `Illumination`."""
        del numbers
        return Lambert()

    def direction(self, numbers: tf.Tensor) -> tf.Tensor:
        """That of the linear band; see `harmonics_direction`."""
        return harmonics_direction(numbers)


def _turned(directions: tf.Tensor, rotation: tf.Tensor) -> tf.Tensor:
    return matrix_times_vectors(rotation, directions[:, tf.newaxis])[:, 0]
