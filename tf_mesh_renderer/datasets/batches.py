"""Batches of pictures for training and for evaluation, as `tf.data`."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, to_count
from tf_mesh_renderer.datasets import layout
from tf_mesh_renderer.datasets.categories import Category
from tf_mesh_renderer.datasets.shapenet import ShapeNetRenderings
from tf_mesh_renderer.datasets.views import IMAGE_SIZE, NUM_VIEWS

_BYTE_MAX = 255.0


@dataclasses.dataclass(frozen=True, eq=False)
class ViewPairIndices:
    """Which objects a batch shows, and from where.

    Attributes:
      categories: [B] int, positions in the list of categories.
      objects: [B] int, rows in the category.
      viewpoints: [B, 2] int32 in [0, 24).
    """

    categories: np.ndarray
    objects: np.ndarray
    viewpoints: np.ndarray


def sample_view_pairs(
    sizes: Sequence[int], *, batch_size: int, seed: int, step: int
) -> ViewPairIndices:
    """Draws categories, objects of them, and two views of each: all uniform and independent.

    The two views may coincide.

    Args:
      sizes: number of objects in each category, all > 0.
      batch_size: B.
      seed: int >= 0.
      step: int >= 0, number of the batch.
    Returns:
      The same `ViewPairIndices` for the same arguments.
    Source:
      Kato, Ushiku & Harada, "Neural 3D Mesh Renderer", CVPR 2018, section 5.1, and the program
      that its authors published for it.
    """
    rng = np.random.default_rng((seed, step))
    categories = rng.integers(len(sizes), size=batch_size)
    objects = rng.integers(np.asarray(sizes)[categories])
    viewpoints = rng.integers(NUM_VIEWS, size=(batch_size, 2), dtype=np.int32)
    return ViewPairIndices(categories, objects, viewpoints)


def view_pairs(
    dataset: ShapeNetRenderings,
    *,
    batch_size: int,
    seed: int,
    image_size: int | None = None,
    start_step: int = 0,
    num_shards: int = 1,
    shard: int = 0,
) -> tf.data.Dataset:
    """Endless training batches: two views of each object.

    Batch number `step` depends on `seed` and `step` alone: training that starts again at
    `start_step` sees what it would have seen, and workers that take the shards of one batch see
    together what one worker would have seen.

    Args:
      dataset: the pictures.
      batch_size: number of objects B of the whole batch, of all shards together.
      seed: int >= 0.
      image_size: side of the pictures in pixels, at most 64, to which they are averaged by area;
        None for 64.
      start_step: number of the first batch.
      num_shards: number of workers; divides `batch_size`.
      shard: which of them this is, from 0; it gets the B / num_shards rows from
        shard * B / num_shards on.
    Returns:
      `tf.data.Dataset` of {"images": [B / num_shards, 2, H, W, 4] float32 in [0, 1],
      "viewpoints": [B / num_shards, 2] int32 in [0, 24)}.
    Raises:
      ValueError: a number is out of its range.
    """
    side = _side("view_pairs", image_size)
    rows = batch_rows("view_pairs", batch_size=batch_size, num_shards=num_shards, shard=shard)
    for name, value in (("seed", seed), ("start_step", start_step)):
        check_range("view_pairs", name, value, low=0)

    def load(step):
        drawn = sample_view_pairs(dataset.sizes, batch_size=batch_size, seed=seed, step=int(step))
        arrays = [dataset.images(category) for category in dataset.categories]
        columns = zip(drawn.categories[rows], drawn.objects[rows], drawn.viewpoints[rows])
        images = np.stack([arrays[category][item, views] for category, item, views in columns])
        return images, drawn.viewpoints[rows]

    @tf.autograph.experimental.do_not_convert
    def batch(step):
        images, viewpoints = tf.numpy_function(load, [step], (tf.uint8, tf.int32), stateful=False)
        leading = [rows.stop - rows.start, 2]
        images = tf.ensure_shape(images, [*leading, *layout.IMAGES.item_shape[1:]])
        pictures = decode_images(images, side, inverted_colors=dataset.inverted_colors)
        return {"images": pictures, "viewpoints": tf.ensure_shape(viewpoints, leading)}

    steps = tf.data.Dataset.counter(start_step)
    return steps.map(batch, tf.data.AUTOTUNE, deterministic=True).prefetch(tf.data.AUTOTUNE)


def every_view(
    dataset: ShapeNetRenderings,
    category: str | Category,
    *,
    batch_size: int,
    image_size: int | None = None,
    viewpoints: Sequence[int] = tuple(range(NUM_VIEWS)),
) -> tf.data.Dataset:
    """All objects of a category from all views, once and in order, for evaluation.

    Args:
      dataset: the pictures.
      category: one of the data set's.
      batch_size: B; the last batch may be smaller.
      image_size: as in `view_pairs`.
      viewpoints: in [0, 24): which views, all if left out.
    Returns:
      `tf.data.Dataset` of {"images": [B, H, W, 4] float32 in [0, 1], "objects": [B] int32,
      "viewpoints": [B] int32}; all views of object 0 come first. Its cardinality is known.
    Raises:
      ValueError: the category is not in the data set, or a number is out of its range.
    """
    side = _side("every_view", image_size)
    check_range("every_view", "batch_size", batch_size, low=1)
    for view in viewpoints:
        check_range("every_view", "viewpoints", view, low=0, high=NUM_VIEWS - 1)
    stored = dataset.images(category)
    objects, views = np.meshgrid(
        np.arange(len(stored), dtype=np.int32), np.array(viewpoints, np.int32), indexing="ij"
    )

    def load(items, views):
        return stored[items, views]

    @tf.autograph.experimental.do_not_convert
    def batch(items, views):
        images = tf.numpy_function(load, [items, views], tf.uint8, stateful=False)
        images = tf.ensure_shape(images, [None, *layout.IMAGES.item_shape[1:]])
        pictures = decode_images(images, side, inverted_colors=dataset.inverted_colors)
        return {"images": pictures, "objects": items, "viewpoints": views}

    indices = tf.data.Dataset.from_tensor_slices((objects.ravel(), views.ravel()))
    return indices.batch(batch_size).map(batch, tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)


def decode_images(
    images: tf.Tensor, image_size: int = IMAGE_SIZE, *, inverted_colors: bool = False
) -> tf.Tensor:
    """Stored pictures as networks take them.

    Args:
      images: [..., 4, 64, 64] uint8: red, green, blue, coverage; tensor or array.
      image_size: S <= 64, to which they are averaged by area.
      inverted_colors: whether what is stored is 1 - colour over white, as in N3MR's files. It
        becomes colour over black, which is coverage - stored.
    Returns:
      [..., S, S, 4] float32 in [0, 1].
    Raises:
      ValueError: `image_size` is out of its range.
    """
    side = _side("decode_images", image_size)
    images = tf.convert_to_tensor(images)
    leading = tf.shape(images)[:-3]
    known = images.shape[:-3]
    images = tf.reshape(images, [-1, *layout.IMAGES.item_shape[1:]])
    images = tf.transpose(tf.cast(images, tf.float32) / _BYTE_MAX, [0, 2, 3, 1])  # [N, H, W, 4]
    if inverted_colors:
        mask = images[..., 3:]
        # Rounding to bytes may leave a colour a little larger than its coverage.
        images = tf.concat([tf.nn.relu(mask - images[..., :3]), mask], axis=-1)
    if side != IMAGE_SIZE:
        images = tf.image.resize(images, (side, side), method="area")
    images = tf.reshape(images, tf.concat([leading, [side, side, layout.NUM_CHANNELS]], axis=0))
    return tf.ensure_shape(images, [*known, side, side, layout.NUM_CHANNELS])


def _side(where: str, image_size: int | None) -> int:
    side = IMAGE_SIZE if image_size is None else image_size
    check_range(where, "image_size", side, low=1, high=IMAGE_SIZE)
    return side


def batch_rows(where: str, *, batch_size: int, num_shards: int, shard: int) -> slice:
    """The rows of the whole batch that a worker takes.

    Args:
      where: calling function, for the error.
      batch_size: rows of the whole batch.
      num_shards: number of workers.
      shard: which of them, from 0.
    Returns:
      A slice of batch_size / num_shards rows.
    Raises:
      ValueError: a number is out of its range, or the shards are not even.
    """
    check_range(where, "batch_size", batch_size, low=1)
    check_range(where, "num_shards", num_shards, low=1)
    check_range(where, "shard", shard, low=0, high=num_shards - 1)
    if batch_size % num_shards != 0:
        raise argument_error(
            where,
            "batch_size",
            expected=f"a multiple of num_shards, which is {num_shards}",
            received=batch_size,
            hint="batch_size counts the objects of all shards together",
        )
    size = batch_size // num_shards
    return slice(shard * size, (shard + 1) * size)


def check_range(where: str, name: str, value: int, *, low: int, high: int | None = None) -> None:
    """Refuses an integer outside its range.

    Args:
      where: calling function, for the error.
      name: its argument, for the error.
      value: what was passed.
      low: the least that may be passed.
      high: the largest; None for no limit.
    Raises:
      TypeError, ValueError: it is no integer, or out of its range.
    """
    number = to_count(where, name, value)
    if number < low or (high is not None and number > high):
        limits = f"at least {low}" if high is None else f"in {low}..{high}"
        raise argument_error(
            where, name, expected=f"an integer {limits}", received=number, hint="see its docstring"
        )
