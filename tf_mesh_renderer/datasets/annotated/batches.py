"""Batches of single views for training and for evaluation, as `tf.data`."""

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.datasets.annotated.crops import JITTER, Jitter
from tf_mesh_renderer.datasets.annotated.pictures import AnnotatedPictures
from tf_mesh_renderer.datasets.batches import batch_rows, check_range

_POSE_SIZE = 7
_CHANNELS = 4


def single_views(
    dataset: AnnotatedPictures,
    *,
    batch_size: int,
    seed: int,
    image_size: int,
    start_step: int = 0,
    num_shards: int = 1,
    shard: int = 0,
    mirror: bool = True,
) -> tf.data.Dataset:
    """Endless training batches: pictures drawn uniformly, with jitter and mirroring.

    Batch number `step` depends on `seed` and `step` alone: training that starts again at
    `start_step` sees what it would have seen, and workers that take the shards of one batch see
    together what one worker would have seen.

    Args:
      dataset: the pictures.
      batch_size: number of pictures B of the whole batch, of all shards together.
      seed: int >= 0.
      image_size: S, to which crops are scaled (anti-aliased).
      start_step: number of the first batch.
      num_shards: number of workers; divides `batch_size`.
      shard: which of them this is, from 0.
      mirror: whether half of the pictures are mirrored.
    Returns:
      `tf.data.Dataset` of {"images": [B, S, S, 4] float32 in [0, 1], the whole photograph and the
      mask, "keypoints": [B, K, 3] float32, "poses": [B, 7] float32, "indices": [B] int32}, as
      `CroppedPicture` has them; B counts the rows of the shard.
    Raises:
      ValueError: a number is out of its range.
    """
    where = "single_views"
    rows = batch_rows(where, batch_size=batch_size, num_shards=num_shards, shard=shard)
    for name, value in (("seed", seed), ("start_step", start_step)):
        check_range(where, name, value, low=0)
    check_range(where, "image_size", image_size, low=1)
    count = rows.stop - rows.start

    def load(number):
        step, row = divmod(int(number), count)
        rng = np.random.default_rng((seed, step, rows.start + row))
        index = int(rng.integers(len(dataset)))
        return _arrays(dataset, index, Jitter.draw(rng, amount=JITTER, mirror=mirror))

    numbers = tf.data.Dataset.counter(start_step * count)
    return _pictures(dataset, numbers, load, image_size).batch(count).prefetch(tf.data.AUTOTUNE)


def every_picture(
    dataset: AnnotatedPictures, *, batch_size: int, image_size: int
) -> tf.data.Dataset:
    """All pictures once and in order, without jitter, for evaluation.

    Args:
      dataset: the pictures.
      batch_size: B; the last batch may be smaller.
      image_size: as in `single_views`.
    Returns:
      `tf.data.Dataset` as of `single_views`. Its cardinality is known.
    Raises:
      ValueError: a number is out of its range.
    """
    for name, value in (("batch_size", batch_size), ("image_size", image_size)):
        check_range("every_picture", name, value, low=1)

    def load(number):
        return _arrays(dataset, int(number), Jitter())

    numbers = tf.data.Dataset.range(len(dataset))
    pictures = _pictures(dataset, numbers, load, image_size)
    return pictures.batch(batch_size).prefetch(tf.data.AUTOTUNE)


def _arrays(dataset, index, jitter):
    picture = dataset.read(index, jitter)
    image = np.ascontiguousarray(picture.image)
    return image, picture.keypoints, picture.pose, np.int32(index)


def _pictures(dataset, numbers, load, image_size):
    """One element for each number: [S, S, 4], [K, 3], [7], []."""
    dtypes = (tf.float32, tf.float32, tf.float32, tf.int32)

    @tf.autograph.experimental.do_not_convert
    def element(number):
        image, keypoints, pose, index = tf.numpy_function(load, [number], dtypes, stateful=False)
        image = tf.ensure_shape(image, [None, None, _CHANNELS])
        # Scaling down averages over all pixels; otherwise masks of large pictures get ragged.
        image = tf.image.resize(image, [image_size, image_size], antialias=True)
        return {
            "images": tf.clip_by_value(image, 0.0, 1.0),
            "keypoints": tf.ensure_shape(keypoints, [dataset.num_keypoints, 3]),
            "poses": tf.ensure_shape(pose, [_POSE_SIZE]),
            "indices": tf.ensure_shape(index, []),
        }

    return numbers.map(element, tf.data.AUTOTUNE, deterministic=True)
