"""Random superquadrics on the vertices of a sphere."""

import numpy as np
import tensorflow as tf

# Half axes x, y, z, and exponents up and around, uniform between these. Exponents below 0.4 have
# edges that 1280 faces do not follow.
_LOW = (0.4, 0.3, 0.4, 0.4, 0.4)
_HIGH = (1.0, 1.0, 1.0, 1.2, 1.2)
_HALF_EXTENT = 0.5
# Keeps powers of coordinates that are 0 differentiable.
_SMALLEST = 1e-6


def superquadrics(directions: np.ndarray, *, count: int, seed: tf.Tensor) -> tf.Tensor:
    """Random superquadrics: a unit sphere with every vertex moved along its direction.

    Args:
      directions: [V, 3] float, unit length: the sphere.
      count: B.
      seed: [2] int, of `tf.random.stateless_uniform`.
    Returns:
      [B, V, 3] float32, world space, centred at the origin; the longest side is 1.
    Source:
      Barr, "Superquadrics and Angle-Preserving Transformations", IEEE Computer Graphics and
      Applications 1981: the inside-outside function.
    """
    drawn = tf.random.stateless_uniform([count, len(_LOW)], seed, _LOW, _HIGH)
    axes, up, around = drawn[:, tf.newaxis, :3], drawn[:, 3:4], drawn[:, 4:]
    sphere = tf.constant(directions, tf.float32)[tf.newaxis]
    x, y, z = tf.unstack(tf.maximum(tf.abs(sphere / axes), _SMALLEST), axis=-1)  # [B, V]
    level = (x ** (2 / around) + z ** (2 / around)) ** (around / up)
    radius = (level + y ** (2 / up)) ** (-up / 2)
    vertices = radius[..., tf.newaxis] * sphere
    return vertices * _HALF_EXTENT / tf.reduce_max(tf.abs(vertices), axis=(1, 2), keepdims=True)
