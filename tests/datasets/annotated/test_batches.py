"""Batches of single views: functions of seed and step, in shards, and in order for evaluation."""

import numpy as np
import pytest

from tests.datasets.annotated.conftest import COUNT
from tf_mesh_renderer.datasets import Cub, Pascal3d, every_picture, single_views


@pytest.fixture(scope="module")
def dataset(birds):
    return Cub(birds[0], "train")


def _take(batches, count):
    return [{name: value.numpy() for name, value in batch.items()} for batch in batches.take(count)]


def _assert_equal(ours, expected):
    for one, other in zip(ours, expected, strict=True):
        assert one.keys() == other.keys()
        for name, value in one.items():
            np.testing.assert_array_equal(value, other[name])


SETTINGS = {"batch_size": 4, "seed": 3, "image_size": 8}


def test_shapes_and_ranges(dataset):
    (batch,) = _take(single_views(dataset, **SETTINGS), 1)
    shapes = {name: (value.shape, value.dtype.name) for name, value in batch.items()}
    assert shapes == {
        "images": ((4, 8, 8, 4), "float32"),
        "keypoints": ((4, 15, 3), "float32"),
        "poses": ((4, 7), "float32"),
        "indices": ((4,), "int32"),
    }
    assert 0 <= batch["images"].min() < batch["images"].max() <= 1
    np.testing.assert_allclose(np.linalg.norm(batch["poses"][:, 3:], axis=-1), 1, rtol=1e-6)


def test_a_batch_depends_on_seed_and_step_alone(dataset):
    whole = _take(single_views(dataset, **SETTINGS), 3)
    resumed = _take(single_views(dataset, **SETTINGS, start_step=1), 2)
    _assert_equal(resumed, whole[1:])
    other = _take(single_views(dataset, **{**SETTINGS, "seed": 4}), 1)
    assert not np.array_equal(other[0]["poses"], whole[0]["poses"])
    assert not np.array_equal(whole[1]["poses"], whole[0]["poses"])


def test_shards_are_rows_of_the_whole_batch(dataset):
    whole = _take(single_views(dataset, **SETTINGS), 2)
    for shard in range(2):
        part = _take(single_views(dataset, **SETTINGS, num_shards=2, shard=shard), 2)
        rows = slice(2 * shard, 2 * shard + 2)
        _assert_equal(part, [{n: v[rows] for n, v in batch.items()} for batch in whole])


def test_without_mirroring_poses_are_those_of_the_files(dataset):
    """Jitter moves and scales, mirroring turns."""
    quaternions = {}
    for batch in _take(single_views(dataset, **SETTINGS, mirror=False), 4):
        for index, pose in zip(batch["indices"], batch["poses"]):
            quaternions.setdefault(int(index), []).append(pose[3:])
    assert set(quaternions) == set(range(COUNT))
    for index, seen in quaternions.items():
        expected = dataset.read(index).pose[3:]
        np.testing.assert_array_equal(seen, [expected] * len(seen))


def test_evaluation_shows_everything_once_in_order(cars):
    dataset = Pascal3d(cars[0], "train")
    batches = every_picture(dataset, batch_size=2, image_size=30)
    assert batches.cardinality() == 2
    shown = _take(batches, 9)
    np.testing.assert_array_equal(np.concatenate([b["indices"] for b in shown]), range(COUNT))
    assert shown[1]["images"].shape == (1, 30, 30, 4)
    # 30 pixels are the side of the crop: nothing is scaled.
    picture = dataset.read(2)
    np.testing.assert_allclose(shown[1]["images"][0], picture.image, atol=1e-6)
    np.testing.assert_array_equal(shown[1]["keypoints"][0], picture.keypoints)
    np.testing.assert_array_equal(shown[1]["poses"][0], picture.pose)


def test_scaling_down_averages(dataset):
    """A mask keeps its area, which single pixels of a large picture would not."""
    small, large = (
        _take(every_picture(dataset, batch_size=3, image_size=size), 1)[0]["images"][..., 3]
        for size in (5, 30)
    )
    np.testing.assert_allclose(small.mean(axis=(1, 2)), large.mean(axis=(1, 2)), rtol=0.06)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": -1}, "`seed`: expected an integer at least 0"),
        ({"image_size": 0}, "`image_size`: expected an integer at least 1"),
        ({"num_shards": 3}, "`batch_size`: expected a multiple of num_shards"),
    ],
)
def test_refusals(dataset, change, message):
    with pytest.raises(ValueError, match=message):
        single_views(dataset, **{**SETTINGS, **change})
