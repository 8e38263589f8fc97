"""Batches for a generator and its critics: real arrays, and the noise to make others of."""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.datasets.batches import batch_rows, check_range

_BYTE_MAX = 255.0


def adversarial_batches(
    real: Mapping[str, np.ndarray],
    *,
    batch_size: int,
    seed: int,
    noise_units: int,
    critic_steps: int,
    start_step: int = 0,
    shards: tuple[int, int] = (1, 0),
) -> tf.data.Dataset:
    """Endless batches, one for each step of the generator, with all chance that is in the step.

    Batch number `step` depends on `seed` and `step` alone: training that starts again at
    `start_step` sees what it would have seen, and workers that take the shards of one batch see
    together what one worker would have seen.

    Args:
      real: arrays [N, ...] uint8, 255 is 1; row i of each belongs to the same object.
      batch_size: items B of the whole batch, of all shards together.
      seed: int >= 0.
      noise_units: Z, numbers that the generator makes an object of.
      critic_steps: K, steps of the critics for each step of the generator.
      start_step: number of the first batch.
      shards: how many workers share a batch, and which of them this is, from 0.
    Returns:
      `tf.data.Dataset` of dicts: for each of `real` its name and [B / shards, K, ...] float32 in
      [0, 1], objects drawn with equal chances; "noise" [B / shards, K + 1, Z] float32, standard
      normal, the last for the generator; "mix" [B / shards, K] float32 in [0, 1), where between
      real and generated the gradient of the critics is looked at.
    Raises:
      ValueError: the arrays differ in length or are empty, or a number is out of its range.
    """
    where = "adversarial_batches"
    rows = batch_rows(where, batch_size=batch_size, num_shards=shards[0], shard=shards[1])
    for name, value, low in (
        ("seed", seed, 0),
        ("start_step", start_step, 0),
        ("noise_units", noise_units, 1),
        ("critic_steps", critic_steps, 1),
    ):
        check_range(where, name, value, low=low)
    count = _count(where, real)
    arrays = {name: tf.constant(values) for name, values in real.items()}
    shape = [batch_size, critic_steps]

    @tf.autograph.experimental.do_not_convert
    def batch(step):
        seeds = [[seed, step, stream] for stream in range(3)]
        object_seed, noise_seed, mix_seed = (_folded(*numbers) for numbers in seeds)
        objects = tf.random.stateless_uniform(shape, object_seed, 0, count, tf.int32)[rows]
        noise_shape = [batch_size, critic_steps + 1, noise_units]
        drawn = {name: tf.gather(values, objects) for name, values in arrays.items()}
        return {
            **{name: tf.cast(values, tf.float32) / _BYTE_MAX for name, values in drawn.items()},
            "noise": tf.random.stateless_normal(noise_shape, noise_seed)[rows],
            "mix": tf.random.stateless_uniform(shape, mix_seed)[rows],
        }

    steps = tf.data.Dataset.counter(start_step)
    return steps.map(batch, tf.data.AUTOTUNE, deterministic=True).prefetch(tf.data.AUTOTUNE)


def _folded(seed, step, stream):
    """A seed [2] for one use in one batch."""
    both = tf.stack([tf.cast(seed, tf.int32), tf.cast(step, tf.int32)])
    return tf.random.experimental.stateless_fold_in(both, stream)


def _count(where: str, real: Mapping[str, np.ndarray]) -> int:
    counts = {len(values) for values in real.values()}
    if len(counts) != 1 or min(counts) < 1:
        raise argument_error(
            where,
            "real",
            expected="arrays of one length > 0",
            received={name: len(values) for name, values in real.items()},
            hint="row i of each array belongs to the same object",
        )
    return counts.pop()
