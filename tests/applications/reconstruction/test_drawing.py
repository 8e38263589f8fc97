"""Pictures of reconstructions beside what they were made of."""

import numpy as np

from tf_mesh_renderer.applications.reconstruction.drawing import comparison
from tf_mesh_renderer.datasets import ShapeNetRenderings, decode_images

VIEWS = (1, 9)


def sheet(data, **colors):
    """The first car beside itself, from two viewpoints: [64, 4, 64, 3], columns in the middle."""
    dataset = ShapeNetRenderings(data, "train", ["car"])
    mesh = dataset.meshes("car")[0]
    images = decode_images(dataset.images("car")[0, list(VIEWS)]).numpy()[np.newaxis]
    prediction = {"vertices": mesh.vertices[np.newaxis], **colors}
    drawn = comparison(images, np.array([VIEWS]), prediction, mesh.faces)
    return drawn.reshape(64, 4, 64, 3), mesh


def test_learnt_colours_are_shown_as_they_are(data):
    """They hold the light of the pictures that they were learnt from."""
    _, mesh = sheet(data)
    columns, _ = sheet(data, colors=mesh.colors[np.newaxis] / np.float32(255.0))
    for picture, reconstruction in ((0, 1), (2, 3)):
        difference = np.abs(columns[:, picture] - columns[:, reconstruction])
        assert np.mean(difference.max(axis=-1) > 0.02) < 0.03, "all but the rim"


def test_a_shape_without_colours_is_lit(data):
    columns, _ = sheet(data)
    shades = np.unique(np.round(columns[:, 1, :, 0], 2))
    assert len(shades) > 3
    np.testing.assert_allclose(columns[:, 1, :, 0], columns[:, 1, :, 2], atol=1e-6)
