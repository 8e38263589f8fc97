"""Normals: right-hand rule, unit length, degenerate faces, gradients."""

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import assert_close, check_gradients
from tf_mesh_renderer.geometry.normals import face_normals, vertex_normals

RNG = np.random.default_rng(3)
TETRAHEDRON = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
OUTWARD = np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]], np.int32)


def test_normals_of_counter_clockwise_faces_point_outwards():
    diagonal = 1 / np.sqrt(3)
    expected = [[0, 0, -1], [0, -1, 0], [-1, 0, 0], [diagonal] * 3]
    assert_close(face_normals(TETRAHEDRON, OUTWARD), np.array(expected, float), rtol=1e-15)


def test_reversed_faces_have_exactly_opposite_normals():
    vertices = RNG.normal(size=(2, 7, 3)).astype(np.float32)
    faces = np.array([[0, 1, 2], [3, 4, 5], [6, 0, 3]], np.int32)
    normals = face_normals(vertices, faces)
    np.testing.assert_allclose(np.linalg.norm(normals, axis=-1), 1.0, rtol=1e-6)
    np.testing.assert_array_equal(face_normals(vertices, faces[:, ::-1]), -normals)


def test_face_normals_are_n3mrs_with_the_sign_turned():
    # The normal N((v0-v1) x (v2-v1)), v / (|v| + 1e-5), that N3MR's lighting uses.
    vertices = RNG.normal(size=(6, 3)) * 0.01
    faces = np.arange(6, dtype=np.int32).reshape(2, 3)
    v0, v1, v2 = np.moveaxis(vertices[faces], 1, 0)
    normal = np.cross(v0 - v1, v2 - v1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True) + 1e-5
    assert_close(face_normals(vertices, faces, epsilon=1e-5), -normal, rtol=1e-13)


def test_normals_turn_with_the_mesh():
    vertices = RNG.normal(size=(7, 3))
    faces = RNG.integers(0, 7, size=(9, 3)).astype(np.int32)
    rotation = np.linalg.qr(RNG.normal(size=(3, 3)))[0]
    rotation *= np.sign(np.linalg.det(rotation))
    for normals in (face_normals, vertex_normals):
        turned = normals(vertices @ rotation.T, faces)
        assert_close(turned, normals(vertices, faces).numpy() @ rotation.T, rtol=1e-9)


@pytest.mark.parametrize("normals", [face_normals, vertex_normals])
def test_degenerate_and_padding_faces_give_zero_and_finite_gradients(normals):
    vertices = tf.constant([[[1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]])
    faces = tf.constant([[0, 1, 2], [2, 2, 2], [-1, -1, -1]])
    with tf.GradientTape() as tape:
        tape.watch(vertices)
        result = normals(vertices, faces)
    np.testing.assert_array_equal(result, np.zeros([1, 3, 3]))
    np.testing.assert_array_equal(tape.gradient(result, vertices), np.zeros([1, 3, 3]))


@pytest.mark.parametrize("normals", [face_normals, vertex_normals])
def test_gradients_are_exact(normals):
    faces = np.stack([OUTWARD, np.roll(OUTWARD, 1, axis=0)])
    faces[1, 2] = -1
    vertices = TETRAHEDRON + 0.1 * RNG.normal(size=(2, 4, 3))
    weights = RNG.normal(size=(2, 4, 3))
    check_gradients(lambda v: tf.reduce_sum(weights * normals(v, faces)), [vertices])


def test_vertex_normals_weight_by_area():
    # Two squares of areas 1 and 4 (half of each a triangle) meet at right angles at vertex 0.
    vertices = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 4, 0], [0, 0, 1]], np.float32)
    faces = np.array([[0, 1, 2], [0, 3, 4]], np.int32)
    normals = vertex_normals(vertices, faces)
    assert_close(normals[0], np.array([4, 0, 1]) / np.sqrt(17), rtol=1e-6)
    assert_close(normals[1], np.array([0, 0, 1.0]), rtol=1e-6)


def test_batches_equal_single_meshes_also_with_unknown_sizes():
    vertices = RNG.normal(size=(3, 6, 3)).astype(np.float32)
    faces = RNG.integers(0, 6, size=(3, 5, 3)).astype(np.int32)
    faces[1, 4] = -1
    for normals in (face_normals, vertex_normals):
        signature = [
            tf.TensorSpec([None, None, 3], tf.float32),
            tf.TensorSpec([None, None, 3], tf.int32),
        ]
        traced = tf.function(normals, input_signature=signature)
        together = traced(vertices, faces)
        for item in range(3):
            assert_close(together[item], normals(vertices[item], faces[item]), rtol=1e-6)
        shared = np.stack([normals(item, faces[0]) for item in vertices])
        assert_close(normals(vertices, faces[0]), shared, rtol=1e-6)


@pytest.mark.parametrize("normals", [face_normals, vertex_normals])
def test_half_precision_is_computed_in_float32(normals):
    vertices = tf.constant(TETRAHEDRON, tf.float16)  # exact in half precision
    assert normals(vertices, OUTWARD).dtype == tf.float32
    assert_close(normals(vertices, OUTWARD), normals(TETRAHEDRON, OUTWARD), rtol=1e-6)
