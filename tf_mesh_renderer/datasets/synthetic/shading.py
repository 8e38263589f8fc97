"""How synthetic objects are lit: without lights, or by lights drawn for each object."""

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.shading import (
    AmbientLight,
    DirectionalLight,
    Lambert,
    Light,
    Phong,
    ShadingModel,
    SphericalHarmonicsLight,
    Unlit,
)

_AMBIENT = 0.4
_DIRECT = 0.6
# Light comes from the upper part of the sky, because all views are from above.
_MAX_ANGLE_DEGREES = 60.0
_NUM_HARMONICS = 9


@dataclasses.dataclass(frozen=True)
class Shading:
    """One way to light objects.

    Attributes:
      draw: draws the numbers that describe the light on one object, [N] float32.
      lights: makes lights of a tensor of these numbers.
      material: how surfaces answer them.
    """

    draw: Callable[[np.random.Generator], np.ndarray]
    lights: Callable[[tf.Tensor], Sequence[Light]]
    material: ShadingModel


def _draw_nothing(rng: np.random.Generator) -> np.ndarray:
    del rng
    return np.zeros([0], np.float32)


def _draw_direction(rng: np.random.Generator) -> np.ndarray:
    """A direction to the light, uniform on the part of the sphere around +y."""
    height = rng.uniform(np.cos(np.radians(_MAX_ANGLE_DEGREES)), 1.0)
    turn, level = rng.uniform(0, 2 * np.pi), np.sqrt(1 - height * height)
    return np.array([level * np.cos(turn), height, level * np.sin(turn)], np.float32)


def _draw_harmonics(rng: np.random.Generator) -> np.ndarray:
    """The first is as bright as DIB-R's tests have it; the others let light come from any side."""
    return np.concatenate([rng.uniform(2, 3, 1), rng.uniform(-1, 1, 8)]).astype(np.float32)


def _no_lights(numbers: tf.Tensor) -> Sequence[Light]:
    del numbers
    return ()


def _sky_and_sun(direction: tf.Tensor) -> Sequence[Light]:
    sun = DirectionalLight(intensity=_DIRECT, direction=direction)
    return AmbientLight(intensity=_AMBIENT), sun


def _white_harmonics(coefficients: tf.Tensor) -> Sequence[Light]:
    rows = tf.ensure_shape(coefficients, [_NUM_HARMONICS])[:, tf.newaxis]
    return (SphericalHarmonicsLight(tf.repeat(rows, 3, axis=1)),)


# Pictures have 8 bits, hence the limit to [0, 1]; objects have edges, hence flat normals.
_DIFFUSE = Lambert(normals="flat", clamp=True)
_GLOSSY = Phong(normals="flat", clamp=True)

# The four versions of DIB-R's data set (Chen et al., NeurIPS 2019, section 5), which does not say
# how lights are drawn: colours as they are; ambient light and a distant one within 60 degrees of
# the zenith, without and with highlights; natural light.
SHADINGS = {
    "plain": Shading(_draw_nothing, _no_lights, Unlit()),
    "lambert": Shading(_draw_direction, _sky_and_sun, _DIFFUSE),
    "phong": Shading(_draw_direction, _sky_and_sun, _GLOSSY),
    "sh": Shading(_draw_harmonics, _white_harmonics, _DIFFUSE),
}
