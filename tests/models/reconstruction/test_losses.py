"""The loss of multi-view training against loops over every rendering."""

import json

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer import losses
from tf_mesh_renderer.geometry import Adjacency, icosphere
from tf_mesh_renderer.models.reconstruction import LossWeights
from tf_mesh_renderer.models.reconstruction.losses import image_losses, shape_losses


def pictures():
    """[2, 3, 8, 8, 4]: two objects, three views; and drawings of two meshes of each."""
    rng = np.random.default_rng(0)
    images = rng.random((2, 3, 8, 8, 4)).astype(np.float32)
    return images, rng.random((2, 2, 3, 8, 8, 4)).astype(np.float32)


def test_every_drawing_is_compared_with_the_picture_from_its_view():
    images, drawn = pictures()
    silhouette, color, iou = [], [], []
    for item, mesh, view in np.ndindex(2, 2, 3):
        picture, drawing = images[item, view], drawn[item, mesh, view]
        mask, alpha = picture[..., 3], drawing[..., 3]
        common = mask * alpha
        silhouette.append(1 - common.sum() / (mask + alpha - common).sum())
        color.append(np.abs(picture - drawing)[..., :3].sum(axis=-1).mean())
        covered, drawn_there = mask > 0.5, alpha > 0.5
        iou.append((covered & drawn_there).sum() / (covered | drawn_there).sum())
    parts = image_losses(tf.constant(images), tf.constant(drawn))
    assert set(parts) == {"silhouette", "color", "iou"}
    for name, values in (("silhouette", silhouette), ("color", color), ("iou", iou)):
        np.testing.assert_allclose(parts[name], np.mean(values), rtol=1e-5)


def test_silhouettes_alone_have_no_colour_to_compare():
    images, drawn = pictures()
    parts = image_losses(tf.constant(images), tf.constant(drawn[..., 3:]))
    assert set(parts) == {"silhouette", "iou"}
    whole = image_losses(tf.constant(images), tf.constant(drawn))
    np.testing.assert_array_equal(parts["silhouette"], whole["silhouette"])


def test_colours_can_be_compared_on_the_object_alone():
    images, drawn = pictures()
    found = image_losses(tf.constant(images), tf.constant(drawn), color_over="object")
    everywhere = image_losses(tf.constant(images), tf.constant(drawn))
    differences = np.abs(images[:, None, ..., :3] - drawn[..., :3]).sum(axis=-1)
    expected = (differences * images[:, None, ..., 3]).mean()
    np.testing.assert_allclose(found["color"], expected, rtol=1e-5)
    for name in ("silhouette", "iou"):
        np.testing.assert_array_equal(found[name], everywhere[name])


@pytest.mark.parametrize("of", ["positions", "displacements"])
def test_shape_losses_are_means_over_the_meshes(of):
    sphere = icosphere(1)
    adjacency = Adjacency.from_faces(sphere.faces)
    vertices, displacements = tf.random.stateless_normal([2, 3, 42, 3], [1, 2])
    weights = LossWeights(laplacian=2.0, flatten=3.0, laplacian_of=of)
    parts = shape_losses(vertices, displacements, adjacency, weights)
    smooth = vertices if of == "positions" else displacements
    laplacians = [losses.laplacian_loss(smooth[i : i + 1], adjacency)[0] for i in range(3)]
    bends = [losses.flatten_loss(vertices[i : i + 1], adjacency)[0] for i in range(3)]
    np.testing.assert_allclose(parts["laplacian"], np.mean(laplacians), rtol=1e-5)
    np.testing.assert_allclose(parts["flatten"], np.mean(bends), rtol=1e-5)
    total = weights.total({"silhouette": tf.constant(0.25), **parts})
    np.testing.assert_allclose(
        total, 0.25 + 2 * np.mean(laplacians) + 3 * np.mean(bends), rtol=1e-5
    )


def test_what_has_no_weight_is_not_computed():
    assert shape_losses(None, None, None, LossWeights()) == {}
    assert LossWeights().used == ("silhouette",)
    assert LossWeights(color=1, flatten=0.5).used == ("silhouette", "color", "flatten")


def test_weights_survive_json():
    weights = LossWeights(0.5, 1, 0.01, 0.001, "displacements")
    assert LossWeights.from_config(json.loads(json.dumps(weights.to_config()))) == weights


@pytest.mark.parametrize(
    "wrong",
    [
        {"color": -1.0},
        {"flatten": np.nan},
        {"silhouette": np.inf},
        {"laplacian_of": "u"},
        {"color_over": "u"},
    ],
)
def test_wrong_weights_are_refused(wrong):
    with pytest.raises(ValueError, match=rf"LossWeights: argument `{next(iter(wrong))}`.*Hint"):
        LossWeights(**wrong)
