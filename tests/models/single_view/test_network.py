"""The network for one category: mean shape, symmetry, keypoints, files."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.models.single_view.conftest import KEYPOINTS, make_batch, make_network, randomize
from tf_mesh_renderer.geometry import Mesh, icosphere, vertex_normals
from tf_mesh_renderer.models import single_view
from tf_mesh_renderer.models.single_view.symmetry import mirrored_vertices

MIRROR = np.array([-1.0, 1.0, 1.0])
IMAGES = make_batch()["images"]


def test_shapes_of_what_it_returns():
    outputs = make_network()(IMAGES)
    shapes = {name: tuple(value.shape) for name, value in outputs.items()}
    assert shapes == {
        "textures": (3, 8, 12, 3),
        "lights": (3, 3),
        "displacements": (3, 42, 3),
        "vertices": (3, 42, 3),
        "keypoints": (3, KEYPOINTS, 3),
    }
    assert {value.dtype for value in outputs.values()} == {tf.float32}


def test_the_partner_of_a_vertex_is_its_mirror_image():
    template = np.asarray(icosphere(2).vertices)
    partner = mirrored_vertices(template)
    np.testing.assert_allclose(template[partner], template * MIRROR, atol=1e-6)
    with pytest.raises(ValueError, match="argument `template`: expected a mesh whose vertices"):
        mirrored_vertices(template + np.array([0.1, 0, 0]))


def test_symmetric_shapes_and_textures_are_their_mirror_images():
    network = randomize(make_network())
    outputs = network(IMAGES)
    vertices = outputs["vertices"].numpy()
    partner = mirrored_vertices(network.template)
    np.testing.assert_allclose(vertices[:, partner], vertices * MIRROR, atol=1e-5)
    # Texels seen at opposite vertices are equal: the texture knows the plane of the shape.
    texels = _texels_at_vertices(network, outputs["textures"][0].numpy())
    np.testing.assert_allclose(texels, texels[partner], atol=1e-5)
    assert np.ptp(texels) > 0.1
    assert np.ptp(vertices[:, :, 0]) > 0.1


def _texels_at_vertices(network, image):
    """Bilinear texels at the texture coordinates of the vertices, poles left out; [V, 3]."""
    height, width = image.shape[:2]
    values = np.zeros([len(network.template), 3])
    for corner, row in zip(network.faces.ravel(), network.uv_faces.ravel(), strict=True):
        if np.hypot(*network.template[corner][[0, 2]]) < 1e-3:
            continue
        u, v = network.uv[row]
        x, y = u * width - 0.5, np.clip((1 - v) * height - 0.5, 0, height - 1)
        left, top = int(np.floor(x)), min(int(y), height - 2)
        for i, share_y in enumerate((1 - (y - top), y - top)):
            for j, share_x in enumerate((1 - (x - left), x - left)):
                values[corner] += share_x * share_y * image[top + i, (left + j) % width]
    # Corners of 5 or 6 faces were added up.
    counts = np.bincount(network.faces.ravel(), minlength=len(values))
    return values / counts[:, None]


def test_without_symmetry_nothing_is_mirrored():
    network = randomize(make_network(symmetric=False))
    vertices = network(IMAGES)["vertices"].numpy()
    partner = mirrored_vertices(network.template)
    assert np.max(np.abs(vertices[:, partner] - vertices * MIRROR)) > 0.01


def test_the_mean_shape_starts_around_the_keypoints():
    network = make_network()
    points = np.array([[0.2, 0, 0], [-0.2, 0, 0], [0, 0.5, 0.1], [0, -0.1, 0], [0, 0, 0.9]])
    network.start_from(points)
    vertices = network(IMAGES)["vertices"][0].numpy()
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    np.testing.assert_allclose(low, [-0.2, -0.1, 0.0], atol=0.02)
    np.testing.assert_allclose(high, [0.2, 0.5, 0.9], atol=0.02)
    # Each keypoint is near to where it should be, as far as vertices reach.
    found = network(IMAGES)["keypoints"][0].numpy()
    nearest = np.linalg.norm(points[:, None] - vertices, axis=-1).min(axis=-1)
    assert np.all(np.linalg.norm(found - points, axis=-1) < nearest + 0.1)
    # Still a closed surface that faces outwards.
    normals = vertex_normals(vertices, network.faces).numpy()
    assert np.all(np.sum(normals * (vertices - (low + high) / 2), axis=-1) > 0)


def test_keypoints_are_means_of_vertices():
    network = randomize(make_network())
    outputs = network(IMAGES)
    logits = network.keypoint_logits.numpy()
    shares = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    expected = np.einsum("kv,bvc->bkc", shares, outputs["vertices"])
    np.testing.assert_allclose(outputs["keypoints"], expected, atol=1e-5)


def test_configuration_and_file_restore_it(tmp_path):
    network = randomize(make_network(symmetric=False, illumination="sh"))
    config = network.get_config()
    assert json.loads(json.dumps(config, allow_nan=False)) == config
    assert type(network).from_config(config).get_config() == config
    network.save(tmp_path / "model.keras")
    restored = keras.saving.load_model(tmp_path / "model.keras")
    for name, value in network(IMAGES).items():
        np.testing.assert_array_equal(restored(IMAGES)[name], value)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_shapes_are_single_precision_under_mixed_policies(policy):
    network = make_network(dtype=policy)
    assert network.keypoint_logits.dtype == "float32"
    assert {value.dtype for value in network(IMAGES).values()} == {tf.float32}


def test_a_mesh_that_is_not_symmetric_is_refused():
    ball = icosphere(1)
    vertices = np.array(ball.vertices)
    vertices[np.argmax(vertices[:, 0]), 1] += 0.2
    with pytest.raises(ValueError, match="argument `template`: expected a mesh whose vertices"):
        single_view.SingleViewNetwork(Mesh(vertices, ball.faces), num_keypoints=2)
