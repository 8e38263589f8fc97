"""Gathering face corners, and faces at pixels: batches, padding, unknown shapes, gradients."""

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import check_gradients
from tf_mesh_renderer.geometry.topology import gather_at_pixels, gather_face_vertices

RNG = np.random.default_rng(11)
VERTICES = RNG.normal(size=(2, 5, 4))
SHARED = np.array([[0, 1, 2], [-1, -1, -1], [4, 2, 0]], np.int32)
BATCHED = np.stack([SHARED, SHARED[::-1]])


def _expected(vertices, faces):
    """Corner by corner."""
    corners = np.zeros([*faces.shape, vertices.shape[-1]])
    for index in np.ndindex(faces.shape):
        if faces[index] >= 0:
            corners[index] = vertices[index[0]][faces[index]]
    return corners


def test_every_combination_of_batches():
    both = _expected(VERTICES, np.stack([SHARED, SHARED]))
    np.testing.assert_array_equal(gather_face_vertices(VERTICES, SHARED), both)
    np.testing.assert_array_equal(
        gather_face_vertices(VERTICES, BATCHED), _expected(VERTICES, BATCHED)
    )
    np.testing.assert_array_equal(gather_face_vertices(VERTICES[0], SHARED), both[0])
    alone = _expected(VERTICES[[0, 0]], BATCHED)
    np.testing.assert_array_equal(gather_face_vertices(VERTICES[0], BATCHED), alone)


def test_gradient_is_exact_and_padding_has_none():
    weights = RNG.normal(size=(2, 3, 3, 4))
    check_gradients(
        lambda v: tf.reduce_sum(weights * gather_face_vertices(v, BATCHED) ** 2), [VERTICES]
    )


def test_no_faces_and_unknown_sizes():
    assert gather_face_vertices(VERTICES, np.zeros([0, 3], np.int32)).shape == [2, 0, 3, 4]
    signature = [tf.TensorSpec([None, None, 4], tf.float64), tf.TensorSpec([None, 3], tf.int32)]
    traced = tf.function(gather_face_vertices, input_signature=signature)
    np.testing.assert_array_equal(
        traced(VERTICES, SHARED), _expected(VERTICES, np.stack([SHARED, SHARED]))
    )


def test_errors_name_the_argument():
    with pytest.raises(ValueError, match="gather_face_vertices: argument `faces`: expected shape"):
        gather_face_vertices(VERTICES, np.zeros([3, 4], np.int32))
    with pytest.raises(ValueError, match="argument `vertices`: expected rank 2 or 3"):
        gather_face_vertices(VERTICES[None], SHARED)


@pytest.mark.parametrize("index", [-(2**31), -2, 5, 2**31 - 1])
@pytest.mark.parametrize("batch", [(), (1,), (2,)])
def test_indices_out_of_range_are_errors(index, batch):
    faces = np.zeros([*batch, 4, 3], np.int32)
    faces[..., 2, 1] = index
    for vertices in (VERTICES[: len(faces)] if batch else VERTICES, VERTICES[0]):
        with pytest.raises(tf.errors.InvalidArgumentError):
            gather_face_vertices(vertices, faces)


def test_pixels_look_up_their_face():
    values = RNG.uniform(size=(2, 3, 4))
    face_id = np.array([[[0, 2], [-1, 1]], [[1, -1], [2, 2]]], np.int32)
    pixels = gather_at_pixels(tf.constant(values), tf.constant(face_id))
    expected = np.zeros([2, 2, 2, 4])
    for index in np.ndindex(face_id.shape):
        if face_id[index] >= 0:
            expected[index] = values[index[0], face_id[index]]
    np.testing.assert_array_equal(pixels, expected)
    none = gather_at_pixels(tf.zeros([2, 0, 3]), tf.fill([2, 4, 5], -1))
    np.testing.assert_array_equal(none, np.zeros([2, 4, 5, 3]))


def test_pixels_show_faces_by_integers():
    with pytest.raises(TypeError, match="gather_at_pixels: argument `face_id`: expected integers"):
        gather_at_pixels(tf.zeros([2, 3, 4]), tf.zeros([2, 5, 6]))
