"""Colour errors of reconstructions that are known: the object itself, others, and none in view."""

import numpy as np
import pytest

from tf_mesh_renderer.applications.reconstruction.evaluation import (
    EvaluationProtocol,
    PredictedMeshes,
    evaluate,
)
from tf_mesh_renderer.applications.reconstruction.evaluation.color_errors import (
    VIEW_OFFSET,
    color_errors,
)
from tf_mesh_renderer.datasets import ShapeNetRenderings, every_view

AWAY = 5.0


@pytest.fixture(name="train")
def fixture_train(data):
    return ShapeNetRenderings(data, "train", ["car"])


def true_mesh(dataset, *, moved=0.0, recolored=0.0):
    """The first car as two predictions."""
    mesh = dataset.meshes("car")[0]
    pair = [mesh.vertices + moved] * 2
    colors = [np.clip(mesh.colors / 255.0 + recolored, 0.0, 1.0)] * 2
    return PredictedMeshes(np.array(pair, np.float32), mesh.faces, np.array(colors, np.float32))


def errors_of(predictions, dataset):
    (category,) = dataset.categories
    (batch,) = every_view(dataset, category, batch_size=8, image_size=64, viewpoints=(1, 8))
    batch = {name: value[:2] for name, value in batch.items()}  # The first car from both sides.
    assert set(batch["objects"].numpy()) == {0}
    return color_errors(predictions, dataset, category, batch)


def test_the_object_itself_has_no_error(train):
    for error in errors_of(true_mesh(train), train):
        assert error.covered > 0.97, "all but the fringe"
        assert error.predicted < 0.01
        assert error.flat > 0.1, "it has two colours"
        assert error.flat_in_view > 0.1


def test_one_colour_is_that_of_the_picture_shown_or_of_the_other_view(train):
    """Of a prediction that hits the object, its own mean colour on the pixels of the object."""
    predictions = true_mesh(train)
    images = train.images("car")[0] / 255.0  # [24, 4, 64, 64]
    mean = images.sum(axis=(2, 3))[:, :3] / images.sum(axis=(2, 3))[:, 3:]  # [24, 3]
    for view, error in zip((1, 8), errors_of(predictions, train)):
        other = images[view + VIEW_OFFSET]
        color = other[:3] / np.maximum(other[3], 1e-6)
        for source, found in ((view, error.flat), (view + VIEW_OFFSET, error.flat_in_view)):
            difference = np.abs(color - mean[source][:, None, None]).mean(axis=0)
            expected = (difference * other[3]).sum() / other[3].sum()
            assert found == pytest.approx(expected, abs=0.004)


def test_other_colors_have_theirs(train):
    for error in errors_of(true_mesh(train, recolored=0.1), train):
        assert 0.05 < error.predicted < 0.11


def test_what_misses_the_object_says_so(train):
    assert [error.covered for error in errors_of(true_mesh(train, moved=AWAY), train)] == [0, 0]


def test_what_misses_the_object_is_left_out_of_the_error(train):
    def method(images, category):
        """The first car for its own pictures, and something out of view for all others."""
        del category
        found = true_mesh(train)
        moved = AWAY * np.arange(len(images), dtype=np.float32)[:, None, None]
        colors = np.repeat(found.colors[:1], len(images), axis=0)
        return PredictedMeshes(found.vertices[:1] + moved, found.faces, colors)

    protocol = EvaluationProtocol(image_size=64, viewpoints=(1,))
    (scores,) = evaluate(method, train, protocol, label="", progress=False).categories
    assert scores.inputs == 4
    assert scores.color_coverage == pytest.approx(1 / 4, abs=0.01)
    assert scores.color_error < 0.01
    assert scores.flat_color_error > 0.1
