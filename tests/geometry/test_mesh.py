"""The mesh value: conversions, immutability, use in tf.function, errors."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer.geometry.mesh import Mesh

VERTICES = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
FACES = [[0, 1, 2], [-1, -1, -1]]


def test_lists_and_arrays_become_tensors():
    mesh = Mesh(VERTICES, np.array(FACES, np.int64))
    assert mesh.vertices.dtype == tf.float32
    assert mesh.faces.dtype == tf.int32
    assert (mesh.num_vertices, mesh.num_faces) == (3, 2)
    assert Mesh(np.array(VERTICES), FACES).vertices.dtype == tf.float64
    assert Mesh(VERTICES, tf.constant(FACES, tf.int64)).faces.dtype == tf.int32


def test_batched_adds_a_batch_once():
    mesh = Mesh(VERTICES, FACES, texture="paint").batched()
    assert mesh.vertices.shape == [1, 3, 3]
    assert mesh.batched() is mesh
    assert mesh.texture == "paint"
    assert mesh.face_vertices().shape == [1, 2, 3, 3]


def test_mesh_cannot_be_changed():
    mesh = Mesh(VERTICES, FACES)
    with pytest.raises(dataclasses.FrozenInstanceError):
        mesh.vertices = tf.zeros([3, 3])
    moved = mesh.with_vertices(mesh.vertices + 1.0)
    np.testing.assert_array_equal(moved.vertices, np.array(VERTICES) + 1)
    assert moved.faces is mesh.faces


def test_tf_function_takes_and_returns_meshes_without_retracing():
    @tf.function
    def shrink(mesh):
        return mesh.with_vertices(0.5 * mesh.vertices)

    for shift in (0.0, 1.0):
        mesh = Mesh(np.array(VERTICES, np.float32) + shift, FACES)
        np.testing.assert_array_equal(shrink(mesh).vertices, 0.5 * mesh.vertices)
    assert shrink.experimental_get_tracing_count() == 1


def test_tapes_see_the_variable_itself():
    variable = tf.Variable(VERTICES)
    mesh = Mesh(variable, FACES)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(mesh.face_vertices())
    np.testing.assert_array_equal(tape.gradient(total, variable), np.ones([3, 3]))


def test_wrong_shapes_are_named():
    with pytest.raises(
        ValueError, match=r"Mesh: argument `vertices`: expected shape \[..., \?, 3\]"
    ):
        Mesh(np.zeros([3, 4]), FACES)
    with pytest.raises(ValueError, match="Mesh: argument `faces`"):
        Mesh(VERTICES, [[0, 1, 2, 3]])


def test_a_batch_of_one_serves_the_other_batch():
    one = Mesh([VERTICES], [FACES]).batched()
    assert (one.vertices.shape, one.faces.shape) == ([1, 3, 3], [2, 3])
    many = Mesh(VERTICES, [FACES] * 4).batched()
    assert (many.vertices.shape, many.faces.shape) == ([4, 3, 3], [4, 2, 3])
    np.testing.assert_array_equal(many.vertices[3], VERTICES)


@pytest.mark.parametrize("make", [np.array, tf.constant])
def test_indices_that_do_not_fit_int32_stay_out_of_range(make):
    faces = Mesh(VERTICES, make(np.array([[0, 1, 2**32 + 2], [0, 1, -(2**32)]]))).faces
    np.testing.assert_array_equal(faces, [[0, 1, 2**31 - 1], [0, 1, -(2**31)]])


@pytest.mark.parametrize("make", [list, np.array, tf.constant])
def test_faces_must_be_integers(make):
    with pytest.raises(TypeError, match=r"Mesh: argument `faces`: expected integers .*Hint"):
        Mesh(VERTICES, make([[0.0, 1.7, 2.0]]))
