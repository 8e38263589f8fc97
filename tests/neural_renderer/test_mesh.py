"""The trainable mesh, and OBJ files with the original's arguments."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer import neural_renderer
from tf_mesh_renderer.geometry.primitives import icosphere


@pytest.fixture
def obj_file(tmp_path):
    path = tmp_path / "ball.obj"
    ball = icosphere(1)
    neural_renderer.save_obj(str(path), 3 * np.asarray(ball.vertices), np.asarray(ball.faces))
    return str(path)


def test_load_obj_normalises_unless_told_otherwise(obj_file):
    vertices, faces = neural_renderer.load_obj(obj_file)
    assert vertices.dtype == np.float32
    assert faces.dtype == np.int32
    assert faces.shape == (80, 3)
    np.testing.assert_allclose(np.abs(vertices).max(), 1, rtol=1e-6)
    raw, _ = neural_renderer.load_obj(obj_file, normalization=False)
    np.testing.assert_allclose(np.linalg.norm(raw, axis=-1), 3, rtol=1e-6)


def test_textures_survive_saving_and_loading(tmp_path):
    ball = icosphere(0)
    colors = np.random.default_rng(0).random((20, 1, 1, 1, 3)).astype(np.float32)
    textures = np.broadcast_to(colors, (20, 4, 4, 4, 3)).copy()
    path = str(tmp_path / "textured.obj")
    neural_renderer.save_obj(path, np.asarray(ball.vertices), np.asarray(ball.faces), textures)
    _, faces, loaded = neural_renderer.load_obj(path, texture_size=4, load_texture=True)
    np.testing.assert_array_equal(faces, ball.faces)
    np.testing.assert_allclose(loaded, textures, atol=1 / 255)


def test_loading_textures_that_are_not_there_is_an_error(obj_file):
    with pytest.raises(ValueError, match="argument `filename_obj`: expected a file with materials"):
        neural_renderer.load_obj(obj_file, load_texture=True)


def test_mesh_has_the_original_attributes(obj_file):
    mesh = neural_renderer.Mesh(obj_file, texture_size=3)
    assert (mesh.num_vertices, mesh.num_faces, mesh.texture_size) == (42, 80, 3)
    assert [variable.shape for variable in mesh.trainable_variables] == [(42, 3), (80, 3, 3, 3, 3)]
    np.testing.assert_array_equal(mesh.vertices, neural_renderer.load_obj(obj_file)[0])
    assert abs(float(tf.math.reduce_std(mesh.textures)) - 0.05) < 0.005


def test_batches_repeat_the_mesh_and_squash_textures(obj_file):
    mesh = neural_renderer.Mesh(obj_file, texture_size=2)
    with tf.GradientTape() as tape:
        vertices, faces, textures = mesh.get_batch(3)
        loss = tf.reduce_sum(vertices) + tf.reduce_sum(textures)
    assert vertices.shape == (3, 42, 3)
    assert faces.shape == (3, 80, 3)
    squashed = 1 / (1 + np.exp(-mesh.textures.numpy()))
    np.testing.assert_allclose(textures[2], squashed, rtol=1e-5)
    to_vertices, to_textures = tape.gradient(loss, mesh.trainable_variables)
    np.testing.assert_array_equal(to_vertices, np.full((42, 3), 3))
    np.testing.assert_allclose(to_textures, 3 * squashed * (1 - squashed), rtol=1e-4)


def test_training_a_mesh_as_the_original_scripts_do(obj_file):
    mesh = neural_renderer.Mesh(obj_file, texture_size=2)
    mesh.set_lr(0.0, 1.0)
    renderer = neural_renderer.Renderer(image_size=16, light_intensity_directional=0.0)
    renderer.light_intensity_ambient = 1.0
    optimizer = neural_renderer.Adam(alpha=0.5, beta1=0.5)
    start = mesh.vertices.numpy()
    losses = []
    for azimuth in range(0, 360, 30):
        renderer.eye = neural_renderer.get_points_from_angles(2.732, 15, azimuth)
        with tf.GradientTape() as tape:
            image = renderer.render(*mesh.get_batch(1))
            alpha = tf.stop_gradient(renderer.render_silhouettes(*mesh.get_batch(1)[:2]))
            loss = tf.reduce_sum(tf.square(image - 0.9) * alpha[:, tf.newaxis])
        optimizer.apply(tape.gradient(loss, mesh.trainable_variables), mesh.trainable_variables)
        losses.append(float(loss))
    assert losses[-1] < 0.5 * losses[0]
    np.testing.assert_array_equal(mesh.vertices, start)


def test_mesh_inside_a_keras_model_is_saved(obj_file, tmp_path):
    mesh = neural_renderer.Mesh(obj_file, texture_size=2)
    restored = neural_renderer.Mesh.from_config(mesh.get_config())
    restored.set_weights(mesh.get_weights())
    np.testing.assert_array_equal(restored.textures, mesh.textures)
    assert isinstance(mesh, keras.layers.Layer)
