"""Pictures with voxels: those of the view pairs, each beside the shape that it shows."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer.datasets import (
    ShapeNetRenderings,
    view_pairs,
    views_with_voxels,
)
from tf_mesh_renderer.datasets.batches import sample_view_pairs


@pytest.fixture(scope="module")
def dataset(written):
    return ShapeNetRenderings(written[0], "train")


def first(batches, count):
    return list(itertools.islice(batches.as_numpy_iterator(), count))


def test_the_pictures_are_those_of_view_pairs(dataset):
    arguments = {"batch_size": 5, "seed": 3, "image_size": 16, "start_step": 2}
    pairs = first(view_pairs(dataset, **arguments), 2)
    for pair, (images, _) in zip(
        pairs, first(views_with_voxels(dataset, **arguments), 2), strict=True
    ):
        np.testing.assert_array_equal(images, pair["images"].reshape(10, 16, 16, 4))


def test_the_voxels_are_those_of_the_objects_in_axes_of_the_mesh(dataset, written):
    ((_, voxels),) = first(views_with_voxels(dataset, batch_size=6, seed=4), 1)
    drawn = sample_view_pairs(dataset.sizes, batch_size=6, seed=4, step=0)
    for row, (category, item) in enumerate(zip(drawn.categories, drawn.objects, strict=True)):
        true = written[1][dataset.categories[category].name]["voxels"][item]
        np.testing.assert_array_equal(voxels[2 * row], true)
        np.testing.assert_array_equal(voxels[2 * row + 1], true)


def test_shapes_and_dtypes_are_known(dataset):
    images, voxels = views_with_voxels(dataset, batch_size=3, seed=0, image_size=32).element_spec
    assert images == tf.TensorSpec([6, 32, 32, 4], tf.float32)
    assert voxels == tf.TensorSpec([6, 32, 32, 32], tf.float32)


def test_bad_sizes_are_refused(dataset):
    with pytest.raises(ValueError, match="`image_size`"):
        views_with_voxels(dataset, batch_size=3, seed=0, image_size=65)
