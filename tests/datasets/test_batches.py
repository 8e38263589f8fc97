"""Batches: reproducible, divisible, and of the right pictures."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer.datasets import (
    ShapeNetRenderings,
    decode_images,
    every_view,
    view_pairs,
)
from tf_mesh_renderer.datasets.batches import sample_view_pairs


@pytest.fixture(scope="module")
def dataset(written):
    return ShapeNetRenderings(written[0], "train")


def batches(dataset, count, **arguments):
    arguments = {"batch_size": 6, "seed": 3} | arguments
    return list(itertools.islice(view_pairs(dataset, **arguments).as_numpy_iterator(), count))


def assert_same(first, second):
    tf.nest.map_structure(np.testing.assert_array_equal, first, second)


def test_batches_hold_the_drawn_objects_from_the_drawn_views(dataset):
    for step, batch in enumerate(batches(dataset, 3)):
        drawn = sample_view_pairs(dataset.sizes, batch_size=6, seed=3, step=step)
        assert batch["images"].shape == (6, 2, 64, 64, 4)
        np.testing.assert_array_equal(batch["viewpoints"], drawn.viewpoints)
        for row, pair in enumerate(zip(drawn.categories, drawn.objects)):
            stored = dataset.images(dataset.categories[pair[0]])[pair[1], drawn.viewpoints[row]]
            expected = np.moveaxis(stored, 1, -1) / np.float32(255)
            np.testing.assert_array_equal(batch["images"][row], expected)


def test_shapes_and_dtypes_are_known(dataset):
    spec = view_pairs(dataset, batch_size=6, seed=0, image_size=32, num_shards=3).element_spec
    assert spec["images"] == tf.TensorSpec([2, 2, 32, 32, 4], tf.float32)
    assert spec["viewpoints"] == tf.TensorSpec([2, 2], tf.int32)


def test_training_goes_on_where_it_stopped(dataset):
    assert_same(batches(dataset, 5)[2:], batches(dataset, 3, start_step=2))


def test_seeds_and_steps_give_different_batches(dataset):
    first, second = batches(dataset, 2)
    (other,) = batches(dataset, 1, seed=4)
    assert not np.array_equal(first["images"], second["images"])
    assert not np.array_equal(first["images"], other["images"])


def test_shards_make_up_the_whole_batch(dataset):
    whole = batches(dataset, 2)
    shards = [batches(dataset, 2, num_shards=3, shard=shard) for shard in range(3)]
    joined = [
        {name: np.concatenate([shard[step][name] for shard in shards]) for name in whole[step]}
        for step in range(2)
    ]
    assert_same(whole, joined)


def test_draws_are_uniform_over_categories_objects_and_views():
    count = 24_000
    drawn = sample_view_pairs([1, 3, 20], batch_size=count, seed=0, step=0)
    # Five standard deviations of a count of chance 1/3, of 1/20 of a third, and of 1/24.
    for category, size in enumerate([1, 3, 20]):
        mine = drawn.objects[drawn.categories == category]
        assert abs(len(mine) - count / 3) < 5 * np.sqrt(count * 2 / 9)
        counts = np.bincount(mine, minlength=size)
        assert len(counts) == size
        assert np.abs(counts - count / 3 / size).max() < 5 * np.sqrt(count / 3 / size + count / 9)
    for side in range(2):
        counts = np.bincount(drawn.viewpoints[:, side], minlength=24)
        assert np.abs(counts - count / 24).max() < 5 * np.sqrt(count / 24)
    same = np.mean(drawn.viewpoints[:, 0] == drawn.viewpoints[:, 1])
    assert abs(same - 1 / 24) < 5 * np.sqrt(1 / 24 / count)


def test_every_view_comes_once_in_order(dataset):
    views = every_view(dataset, "car", batch_size=50)
    found = list(views.as_numpy_iterator())
    assert len(views) == 2
    assert [len(batch["images"]) for batch in found] == [50, 22]
    joined = {name: np.concatenate([batch[name] for batch in found]) for name in found[0]}
    np.testing.assert_array_equal(joined["objects"], np.repeat(np.arange(3), 24))
    np.testing.assert_array_equal(joined["viewpoints"], np.tile(np.arange(24), 3))
    stored = np.asarray(dataset.images("car")).reshape(72, 4, 64, 64)
    np.testing.assert_array_equal(joined["images"], np.moveaxis(stored, 1, -1) / np.float32(255))


def test_chosen_views_alone(dataset):
    (batch,) = every_view(dataset, "bench", batch_size=8, viewpoints=[5, 1], image_size=16)
    np.testing.assert_array_equal(batch["viewpoints"], [5, 1, 5, 1])
    expected = decode_images(dataset.images("bench")[:, [5, 1]].reshape(4, 4, 64, 64), 16)
    np.testing.assert_array_equal(batch["images"], expected)


@pytest.mark.parametrize("side", [1, 16, 32])
def test_smaller_pictures_are_means_of_squares(side):
    images = np.random.default_rng(1).integers(256, size=[2, 3, 4, 64, 64], dtype=np.uint8)
    cells = images.reshape(2, 3, 4, side, 64 // side, side, 64 // side).mean(axis=(4, 6)) / 255
    found = decode_images(images, side)
    np.testing.assert_allclose(found, np.moveaxis(cells, 2, -1), atol=1e-6)


def test_the_mean_colour_survives_a_size_that_does_not_divide():
    images = np.random.default_rng(1).integers(256, size=[4, 64, 64], dtype=np.uint8)
    found = decode_images(images, 48)
    assert found.shape == [48, 48, 4]
    np.testing.assert_allclose(
        np.mean(found, axis=(0, 1)), images.mean(axis=(1, 2)) / 255, atol=1e-5
    )


def test_inverted_colours_become_colours_over_black():
    """N3MR stores 1 - (c a + 1 - a) for a colour c with coverage a; what is wanted is c a."""
    rng = np.random.default_rng(2)
    color, alpha = rng.random([3, 64, 64]), rng.random([1, 64, 64])
    stored = np.concatenate([1 - (color * alpha + 1 - alpha), alpha])
    found = decode_images(np.round(255 * stored).astype(np.uint8), inverted_colors=True)
    expected = np.moveaxis(np.concatenate([color * alpha, alpha]), 0, -1)
    np.testing.assert_allclose(found, expected, atol=1.01 / 255)
    assert np.min(found) >= 0


def test_a_data_set_says_whether_its_colours_are_inverted(written):
    folder, arrays = written
    inverted = ShapeNetRenderings(folder, "train", ["table"], inverted_colors=True)
    (batch,) = every_view(inverted, "table", batch_size=24)
    expected = decode_images(arrays["table"]["images"][0], inverted_colors=True)
    np.testing.assert_array_equal(batch["images"], expected)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("batch_size", {"batch_size": 0}),
        ("batch_size", {"num_shards": 4}),
        ("num_shards", {"num_shards": 0}),
        ("shard", {"num_shards": 2, "shard": 2}),
        ("seed", {"seed": -1}),
        ("start_step", {"start_step": -1}),
        ("image_size", {"image_size": 65}),
        ("image_size", {"image_size": 0}),
    ],
)
def test_bad_arguments_are_refused(dataset, name, arguments):
    with pytest.raises(ValueError, match=f"view_pairs: argument `{name}`"):
        view_pairs(dataset, **({"batch_size": 6, "seed": 0} | arguments))


def test_bad_viewpoints_are_refused(dataset):
    with pytest.raises(ValueError, match="every_view: argument `viewpoints`"):
        every_view(dataset, "car", batch_size=1, viewpoints=[24])
    with pytest.raises(TypeError, match="every_view: argument `batch_size`"):
        every_view(dataset, "car", batch_size=1.5)
