"""Random textures: waves of colour, and bands across them."""

import math

import tensorflow as tf

_WAVES, _BANDS, _CHANNELS = 4, 3, 3
# Waves per picture: whole numbers along the equator, so that the texture closes.
_MAX_FREQUENCY = 4
_AMPLITUDE = 0.18
_LOW, _HIGH = 0.25, 0.75
# Half widths of bands, in pictures, and how steep their borders are, per picture.
_NARROW, _WIDE, _STEEPNESS = 0.02, 0.09, 150.0
# Colours stay off the ends: textures that a sigmoid can reach.
_MARGIN = 0.03


def paint(size: tuple[int, int], *, count: int, seed: tf.Tensor) -> tf.Tensor:
    """Random textures for `textures.spherical_uv`.

    Each is a colour with four waves of other colours on it, and three bands along parallels.

    Args:
      size: (h, w) in texels.
      count: B.
      seed: [2] int, of `tf.random.stateless_uniform`.
    Returns:
      [B, h, w, 3] float32 in [0.03, 0.97], linear; periodic in u.
    """
    seeds = tf.unstack(tf.random.split(seed, 7))
    v, u = (((tf.range(n, dtype=tf.float32) + 0.5) / n) for n in size)
    v, u = v[:, tf.newaxis, tf.newaxis], u[tf.newaxis, :, tf.newaxis]  # [h, 1, 1] and [1, w, 1]

    def uniform(shape, which, low=0.0, high=1.0):
        return tf.random.stateless_uniform([count, 1, 1, *shape], seeds[which], low, high)

    limit = _MAX_FREQUENCY + 1
    along = tf.floor(uniform([_WAVES], 0, -limit + 1, limit))
    phase = uniform([_WAVES], 1) + along * u + v * uniform([_WAVES], 2, -limit, limit)
    waves = tf.sin(2 * math.pi * phase)[..., tf.newaxis]  # [B, h, w, waves, 1]
    colors = uniform([_WAVES, _CHANNELS], 3, -_AMPLITUDE, _AMPLITUDE)
    base = uniform([_CHANNELS], 4, _LOW, _HIGH)
    texture = base + tf.reduce_sum(waves * colors, axis=-2)
    place, width = uniform([_BANDS], 5), _NARROW + (_WIDE - _NARROW) * uniform([_BANDS], 6)
    covers = tf.sigmoid(_STEEPNESS * (width - tf.abs(v - place)))  # [B, h, 1, bands]
    tints = tf.random.stateless_uniform([count, _BANDS, 1, 1, _CHANNELS], seeds[6])
    for band in range(_BANDS):
        cover = covers[..., band, tf.newaxis]
        texture += cover * (tints[:, band] - texture)
    return tf.clip_by_value(texture, _MARGIN, 1 - _MARGIN)
