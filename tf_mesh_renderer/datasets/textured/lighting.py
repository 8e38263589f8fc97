"""Random light for each kind of illumination. The paper does not say how it draws its own."""

import math

import tensorflow as tf

from tf_mesh_renderer.arguments import check_choice

# Light comes from above: directions are uniform on the part of the sphere with y over this.
_LOWEST = 0.2
# Logarithms are uniform between those of these.
_SHININESS = (4.0, 64.0)
# First coefficient (the paper's tests have the same), length of the linear band, and the five of
# the third band: bright enough on the far side for nothing to be black.
_CONSTANT, _LINEAR, _QUADRATIC = (2.0, 3.0), (0.8, 1.6), (-0.4, 0.4)


def draw_illumination(kind: str, *, count: int, seed: tf.Tensor) -> tf.Tensor:
    """Numbers of random lights, as the illuminations of `shading` read them.

    Args:
      kind: "lambert", "phong" or "sh".
      count: B.
      seed: [2] int, of `tf.random.stateless_uniform`.
    Returns:
      [B, K] float32, world space: K = 3, a direction from above; 4, a shininess too, from 4 to 64;
      9, coefficients of light that is brighter on one upper side.
    Raises:
      ValueError: an unknown kind.
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
    constant = tf.random.stateless_uniform([count, 1], seeds[0], *_CONSTANT)
    x, y, z = tf.split(
        directions * tf.random.stateless_uniform([count, 1], seeds[1], *_LINEAR), 3, axis=-1
    )
    quadratic = tf.random.stateless_uniform([count, 5], seeds[2], *_QUADRATIC)
    return tf.concat([constant, -y, z, -x, quadratic], axis=-1)


_DRAW = {"lambert": _lambert, "phong": _phong, "sh": _harmonics}
