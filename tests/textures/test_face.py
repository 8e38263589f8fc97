"""Textures as objects: batch dimensions, gradients, and use as arguments of `tf.function`."""

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer.ops import Fragments
from tf_mesh_renderer.textures import FaceTexture, VertexColors

FACES = np.array([[0, 1, 2], [2, 1, 3]], np.int32)
WEIGHTS = np.array([0.5, 0.3, 0.2], np.float32)


def fragments(batch=2):
    """A 1 x 3 picture of face 0, face 1 and nothing."""
    face_id = tf.constant([[[0, 1, -1]]] * batch, tf.int32)
    seen = tf.cast(face_id >= 0, tf.float32)
    barycentrics = seen[..., tf.newaxis] * WEIGHTS
    return Fragments(face_id=face_id, barycentrics=barycentrics, depth=seen)


def linear_cubes(corner_colors, side=3):
    """Cubes [F, T, T, T, C] whose texels are linear in their index: they show a linear blend."""
    index = np.stack(np.indices((side,) * 3), axis=-1) / (side - 1)
    return np.einsum("ijkv,fvc->fijkc", index, corner_colors).astype(np.float32)


@pytest.fixture
def corner_colors():
    return np.random.default_rng(0).random((2, 3, 4)).astype(np.float32)


def test_face_texture_blends_texels(corner_colors):
    image = FaceTexture(linear_cubes(corner_colors)).sample(FACES, fragments())
    expected = np.einsum("v,fvc->fc", WEIGHTS, corner_colors)
    assert image.shape == (2, 1, 3, 4)
    np.testing.assert_allclose(image[:, 0, :2], [expected] * 2, atol=1e-6)
    np.testing.assert_array_equal(image[:, 0, 2], 0)


@pytest.mark.parametrize("leading", [(), (1,), (2,)])
def test_face_texture_takes_shared_and_batched_cubes(corner_colors, leading):
    cubes = linear_cubes(corner_colors)
    expected = FaceTexture(cubes).sample(FACES, fragments())
    batched = np.broadcast_to(cubes, leading + cubes.shape)
    np.testing.assert_array_equal(FaceTexture(batched).sample(FACES, fragments()), expected)


def test_face_texture_gives_gradients_to_cubes_and_on_demand_to_barycentrics(corner_colors):
    cubes = tf.Variable(linear_cubes(corner_colors))
    pixels = fragments()
    for wanted in (False, True):
        with tf.GradientTape() as tape:
            tape.watch(pixels.barycentrics)
            texture = FaceTexture(cubes, barycentrics_gradient=wanted)
            loss = tf.reduce_sum(texture.sample(FACES, pixels))
        grad_cubes, grad_barycentrics = tape.gradient(loss, [cubes, pixels.barycentrics])
        # Each of the four seen pixels spreads weight 1 over its texels, in each of four channels.
        np.testing.assert_allclose(tf.reduce_sum(grad_cubes), 4 * 4, rtol=1e-6)
        arrived = grad_barycentrics is not None and np.any(grad_barycentrics != 0)
        assert arrived == wanted


def test_face_texture_passes_its_eps_on():
    cubes = linear_cubes(np.eye(3, dtype=np.float32)[None], side=2)
    corner = Fragments(
        face_id=tf.zeros([1, 1, 1], tf.int32),
        barycentrics=tf.constant([[[[1.0, 0.0, 0.0]]]]),
        depth=tf.ones([1, 1, 1]),
    )
    image = FaceTexture(cubes, eps=0.25).sample(FACES[:1], corner)
    np.testing.assert_allclose(image[0, 0, 0], [0.75, 0, 0], atol=1e-6)


@pytest.mark.parametrize("leading", [(), (1,), (2,)])
def test_vertex_colors_are_interpolated(leading):
    colors = np.random.default_rng(1).random((4, 3)).astype(np.float32)
    texture = VertexColors(np.broadcast_to(colors, (*leading, 4, 3)))
    image = texture.sample(FACES, fragments())
    expected = np.einsum("v,fvc->fc", WEIGHTS, colors[FACES])
    np.testing.assert_allclose(image[:, 0, :2], [expected] * 2, atol=1e-6)
    np.testing.assert_array_equal(image[:, 0, 2], 0)


def test_vertex_colors_shared_by_the_batch_collect_its_gradients():
    colors = tf.Variable(tf.ones([4, 3]))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(VertexColors(colors).sample(FACES, fragments(batch=3)))
    gradient = tape.gradient(loss, colors)
    expected = np.zeros(4)
    np.add.at(expected, FACES.reshape(-1), np.tile(3 * WEIGHTS, 2))
    np.testing.assert_allclose(gradient, np.repeat(expected[:, None], 3, axis=1), rtol=1e-6)


def test_textures_pass_through_tf_function_with_their_settings(corner_colors):
    @tf.function
    def sample(texture):
        return texture.sample(FACES, fragments())

    for texture in (
        FaceTexture(linear_cubes(corner_colors), eps=0.25),
        VertexColors(np.random.default_rng(2).random((4, 3)).astype(np.float32)),
    ):
        np.testing.assert_array_equal(sample(texture), texture.sample(FACES, fragments()))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: FaceTexture(np.zeros((2, 4, 4, 3))), "FaceTexture: argument `cubes`: expected 5"),
        (lambda: VertexColors(np.zeros(4)), "VertexColors: argument `colors`: expected 2"),
    ],
)
def test_wrong_ranks_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
