"""A mesh as weights, with every kind of texture."""

import numpy as np
import pytest
import tensorflow as tf

import tf_mesh_renderer as mr
from tf_mesh_renderer.models import EditableMesh


def sphere_with_picture():
    mesh = mr.geometry.icosphere(1)
    uv = np.asarray(mesh.vertices)[:, :2] / 2 + 0.5
    picture = mr.UvTexture(np.zeros((4, 4, 3), np.float32), uv.astype(np.float32))
    return mr.Mesh(mesh.vertices, mesh.faces, picture)


KINDS = {
    "cubes": (mr.FaceTexture, (80, 2, 2, 2, 3)),
    "uv": (mr.UvTexture, (2, 2, 3)),
    "vertex_colors": (mr.VertexColors, (42, 3)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_texture_is_drawn_and_has_gradients(kind):
    subject = EditableMesh(sphere_with_picture(), kind, texture_size=2)
    texture, shape = KINDS[kind]
    assert isinstance(subject.mesh().texture, texture)
    assert tuple(subject.colors.shape) == shape
    camera = mr.Camera.look_at(eye=(0.0, 0.0, 3.0))
    with tf.GradientTape() as tape:
        image = mr.render(subject.mesh(), camera, image_size=(16, 16), anti_aliasing=False)
        loss = tf.reduce_sum(image[..., :3])
    for gradient in tape.gradient(loss, subject.trainable_variables):
        assert np.abs(tf.convert_to_tensor(gradient)).max() > 0


def test_a_mesh_starts_grey_where_it_was():
    start = mr.geometry.icosphere(1)
    subject = EditableMesh(start, seed=3)
    np.testing.assert_array_equal(subject.vertices, start.vertices)
    colors = subject.mesh().texture.cubes.numpy()
    assert np.abs(colors - 0.5).max() < 0.1
    np.testing.assert_array_equal(colors, EditableMesh(start, seed=3).mesh().texture.cubes)
    assert np.abs(colors - EditableMesh(start, seed=4).mesh().texture.cubes).max() > 0


def test_a_bias_tints_the_start():
    subject = EditableMesh(mr.geometry.icosphere(0), color_bias=(0.0, 3.0, -3.0))
    red, green, blue = subject.mesh().texture.cubes.numpy().reshape(-1, 3).mean(axis=0)
    assert blue < 0.1 < red < 0.9 < green


def test_step_scales_reach_the_optimizer():
    subject = EditableMesh(mr.geometry.icosphere(0))
    subject.set_step_scales(vertices=0.0, colors=2.0)
    before = [value.copy() for value in subject.get_weights()]
    optimizer = mr.optimizers.Adam(0.1)
    ones = [tf.ones_like(v) for v in subject.trainable_variables]
    optimizer.apply(ones, subject.trainable_variables)
    vertices, colors = subject.get_weights()
    np.testing.assert_array_equal(vertices, before[0])
    np.testing.assert_allclose(colors, before[1] - 0.2, atol=1e-5)


def test_a_picture_needs_texture_coordinates():
    with pytest.raises(ValueError, match=r"without.*Hint: choose the texture 'cubes'"):
        EditableMesh(mr.geometry.icosphere(1), "uv")


def test_unknown_textures_and_sizes_are_named():
    with pytest.raises(ValueError, match="'oil'"):
        EditableMesh(mr.geometry.icosphere(0), "oil")
    with pytest.raises(ValueError, match="`texture_size`"):
        EditableMesh(mr.geometry.icosphere(0), texture_size=0)


def test_models_that_need_it_get_cubes_with_a_gradient_in_place():
    subject = EditableMesh(mr.geometry.icosphere(0), moves_vertices=True)
    assert subject.mesh().texture.is_differentiable_in_place
