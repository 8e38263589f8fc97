"""Pictures of simple patterns in two colours, made by formulas: a task to learn features from."""

import dataclasses
import math
from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error

PATTERNS = ("stripes", "diagonal", "checker", "dots", "noise", "grid")
# Two colours each, linear RGB: the ground and what is drawn on it.
PALETTES = {
    "orange_blue": ((0.95, 0.55, 0.10), (0.10, 0.25, 0.75)),
    "black_white": ((0.05, 0.05, 0.05), (0.95, 0.95, 0.95)),
    "green_yellow": ((0.10, 0.45, 0.20), (0.95, 0.90, 0.30)),
    "pink_purple": ((0.95, 0.60, 0.70), (0.40, 0.10, 0.50)),
}
PATTERN_CLASSES = tuple(f"{pattern}_{palette}" for pattern in PATTERNS for palette in PALETTES)

# Lengths of a period, as fractions of the side of a picture.
_PERIODS = (0.12, 0.30)
# How far stripes turn from upright, and diagonal ones from 45 degrees; the rest turn at will.
_TILT_DEGREES = 12.0
_SHARPNESS = (6.0, 12.0)
_BRIGHTNESS = (0.6, 1.15)
# Brightness changes by up to this much across half of the picture, as on a shaded surface.
_RAMP = 0.3
_LARGEST_NOISE = 0.06
# Fields above 0 show the second colour; these levels make dots and lines of a grid small.
_DOT_LEVEL, _LINE_LEVEL = 0.35, 0.75
_WAVES = 12


@dataclasses.dataclass(frozen=True)
class _Draws:
    """Independent uniform numbers for a batch, one stream for each name that is asked for."""

    seed: tf.Tensor
    batch: tf.Tensor

    def uniform(self, stream, low, high, shape=()):
        seed = tf.random.experimental.stateless_fold_in(self.seed, stream)
        shape = tf.concat([[self.batch], tf.constant(shape, tf.int32)], axis=0)
        return tf.random.stateless_uniform(shape, seed, low, high)


def draw_patterns(labels: Any, *, seed: Any, image_size: int = 64, places: Any = None) -> tf.Tensor:
    """Draws one picture of each class that is asked for.

    Phase, scale, rotation, brightness (with a ramp, as light makes on a surface) and noise are
    random; the same seed gives the same pictures.

    Args:
      labels: [B] int in [0, 24), indices of `PATTERN_CLASSES`.
      seed: [2] int, the whole source of randomness.
      image_size: side of the pictures in pixels.
      places: [B, image_size, image_size, 2] float, where on the pattern each pixel lies, to the
        right and down, in sides of a picture: for a pattern on a surface. None: a flat picture.
    Returns:
      [B, image_size, image_size, 3] float32 in [0, 1], linear RGB, row 0 on top.
    """
    labels = tf.cast(tf.convert_to_tensor(labels), tf.int32)
    draws = _Draws(tf.cast(tf.convert_to_tensor(seed), tf.int32), tf.shape(labels)[0])
    pattern, palette = labels // len(PALETTES), labels % len(PALETTES)
    grid = tf.stack(_grid(image_size), axis=-1) if places is None else places
    field = _field(pattern, draws, grid)
    ink = tf.sigmoid(_per_image(draws.uniform(0, *_SHARPNESS)) * field)[..., tf.newaxis]
    ground, drawn = tf.unstack(tf.gather(tf.constant([*PALETTES.values()]), palette), axis=1)
    ground, drawn = ground[:, tf.newaxis, tf.newaxis], drawn[:, tf.newaxis, tf.newaxis]
    colors = (ground + (drawn - ground) * ink) * _light(draws, image_size)[..., tf.newaxis]
    noise = tf.random.stateless_normal(tf.shape(colors), draws.seed)
    strength = _per_image(draws.uniform(1, 0.0, _LARGEST_NOISE))[..., tf.newaxis]
    return tf.clip_by_value(colors + strength * noise, 0.0, 1.0)


def pattern_batches(
    batch_size: int, *, seed: int, image_size: int = 64, start_step: int = 0
) -> tf.data.Dataset:
    """An endless data set of labelled pictures; batch `n` depends on `seed` and `n` alone.

    Args:
      batch_size: pictures in a batch.
      seed: decides labels and pictures.
      image_size: side of the pictures in pixels.
      start_step: number of the first batch.
    Returns:
      `tf.data.Dataset` of (pictures [B, H, W, 3] float32 in [0, 1], labels [B] int32).
    """

    @tf.autograph.experimental.do_not_convert
    def batch(step):
        both = tf.stack([tf.cast(seed, tf.int32), tf.cast(step, tf.int32)])
        labels = tf.random.stateless_uniform([batch_size], both, 0, len(PATTERN_CLASSES), tf.int32)
        return draw_patterns(labels, seed=both, image_size=image_size), labels

    steps = tf.data.Dataset.counter(start=start_step)
    return steps.map(batch, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)


def pattern_label(pattern: str, palette: str) -> int:
    """The class of a pattern in two colours.

    Args:
      pattern: one of `PATTERNS`.
      palette: one of `PALETTES`.
    Returns:
      Index into `PATTERN_CLASSES`.
    Raises:
      ValueError: either is unknown.
    """
    name = f"{pattern}_{palette}"
    if name not in PATTERN_CLASSES:
        raise argument_error(
            "pattern_label",
            "pattern",
            expected="one of " + ", ".join(PATTERN_CLASSES),
            received=repr(name),
            hint="check the spelling",
        )
    return PATTERN_CLASSES.index(name)


def _field(pattern, draws, places):
    """[B, H, W]: positive where the second colour shows."""
    p, q = _phases(pattern, draws, places)
    across, along = tf.cos(2 * math.pi * p), tf.cos(2 * math.pi * q)
    fields = (
        across,
        across,
        across * along * 2.0,
        (across + along) / 2.0 - _DOT_LEVEL,
        _waves(p, q, draws),
        tf.maximum(across, along) - _LINE_LEVEL,
    )
    chosen = tf.one_hot(pattern, len(fields))[:, tf.newaxis, tf.newaxis]
    return tf.reduce_sum(tf.stack(fields, axis=-1) * chosen, axis=-1)


def _phases(pattern, draws, places):
    """Coordinates [B, H, W] in periods of the pattern, turned and shifted."""
    x, y = tf.unstack(places, axis=-1)
    tilt = draws.uniform(2, -_TILT_DEGREES, _TILT_DEGREES)
    quarter = 90.0 * tf.floor(draws.uniform(3, 0.0, 2.0))
    free = draws.uniform(4, 0.0, 180.0)
    diagonal = tilt + quarter + 45.0
    angles = tf.stack([tilt, diagonal, free, free, free, free], axis=-1)
    angle = tf.gather(angles, pattern, axis=1, batch_dims=1) * (math.pi / 180.0)
    cosine, sine = _per_image(tf.cos(angle)), _per_image(tf.sin(angle))
    period = _per_image(draws.uniform(5, *_PERIODS))
    shift = draws.uniform(6, 0.0, 1.0, (2,))
    p = (cosine * x + sine * y) / period + _per_image(shift[:, 0])
    q = (cosine * y - sine * x) / period + _per_image(shift[:, 1])
    return p, q


def _waves(p, q, draws):
    """Smooth noise: waves of about one period in all directions."""
    turns = draws.uniform(7, 0.0, 2 * math.pi, (_WAVES,))[..., tf.newaxis, tf.newaxis]
    phases = draws.uniform(8, 0.0, 2 * math.pi, (_WAVES,))[..., tf.newaxis, tf.newaxis]
    lengths = draws.uniform(9, 0.5, 1.1, (_WAVES,))[..., tf.newaxis, tf.newaxis]
    along = tf.cos(turns) * p[:, tf.newaxis] + tf.sin(turns) * q[:, tf.newaxis]  # [B, waves, H, W]
    waves = tf.cos(2 * math.pi * lengths * along + phases)
    return tf.reduce_sum(waves, axis=1) / math.sqrt(_WAVES)


def _light(draws, image_size):
    """[B, H, W]: brightness with a ramp in a random direction."""
    x, y = _grid(image_size)
    slope = draws.uniform(10, -_RAMP, _RAMP, (2,))
    ramp = _per_image(slope[:, 0]) * x + _per_image(slope[:, 1]) * y
    return _per_image(draws.uniform(11, *_BRIGHTNESS)) * (1.0 + ramp)


def _grid(image_size):
    """x and y of pixel centres, [1, H, W] each, from -1/2 to 1/2."""
    ticks = (tf.range(image_size, dtype=tf.float32) + 0.5) / image_size - 0.5
    x, y = tf.meshgrid(ticks, ticks)
    return x[tf.newaxis], y[tf.newaxis]


def _per_image(values):
    return values[:, tf.newaxis, tf.newaxis]
