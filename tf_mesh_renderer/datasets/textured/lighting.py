"""Random light for each kind of illumination. The paper does not say how it draws its own."""

import math

import tensorflow as tf

from tf_mesh_renderer.arguments import check_choice
from tf_mesh_renderer.shading.spherical_harmonics import NUM_COEFFICIENTS, sh_basis

# Light comes from above: directions are uniform on the part of the sphere with y over this.
_LOWEST = 0.2
# Logarithms are uniform between those of these.
_SHININESS = (4.0, 64.0)
# A clear day, as light that a white surface sends back: of a sky with one brightness, and of a sun
# where the surface faces it, five times as much. Then some of each coefficient that is neither.
_SKY, _SUN, _OTHER = (0.1, 0.2), (0.7, 0.9), (-0.1, 0.1)


def draw_illumination(kind: str, *, count: int, seed: tf.Tensor) -> tf.Tensor:
    """Numbers of random lights, as the illuminations of `shading` read them.

    Args:
      kind: "lambert", "phong" or "sh".
      count: B.
      seed: [2] int, of `tf.random.stateless_uniform`.
    Returns:
      [B, K] float32, world space: K = 3, a direction from above; 4, a shininess too, from 4 to 64;
      9, coefficients of a clear sky with a sun in such a direction.
    Raises:
      ValueError: an unknown kind.
    Source:
      Coefficients of a distant light: Ramamoorthi & Hanrahan, "An Efficient Representation for
      Irradiance Environment Maps", SIGGRAPH 2001, eq. 3.
    """
    check_choice("draw_illumination", "kind", value=kind, choices=tuple(_DRAW))
    first, second = tf.unstack(tf.random.split(seed, 2))
    return _DRAW[kind](_directions(count, first), count, second)


def _directions(count, seed):
    drawn = tf.random.stateless_uniform([count, 2], seed)
    height = _LOWEST + (1 - _LOWEST) * drawn[:, 0]
    level, turn = tf.sqrt(1 - height**2), 2 * math.pi * drawn[:, 1]
    return tf.stack([level * tf.cos(turn), height, level * tf.sin(turn)], axis=-1)


def _lambert(directions, count, seed):
    del count, seed
    return directions


def _phong(directions, count, seed):
    low, high = (math.log(end) for end in _SHININESS)
    shininess = tf.exp(tf.random.stateless_uniform([count, 1], seed, low, high))
    return tf.concat([directions, shininess], axis=-1)


def _harmonics(directions, count, seed):
    seeds = tf.unstack(tf.random.split(seed, 3))
    sky = tf.random.stateless_uniform([count, 1], seeds[0], *_SKY)
    sun = tf.random.stateless_uniform([count, 1], seeds[1], *_SUN)
    other = tf.random.stateless_uniform([count, NUM_COEFFICIENTS], seeds[2], *_OTHER)
    uniform = tf.one_hot([0], NUM_COEFFICIENTS) * math.sqrt(4 * math.pi)
    return sky * uniform + sun * math.pi * sh_basis(directions) + other


_DRAW = {"lambert": _lambert, "phong": _phong, "sh": _harmonics}
