"""N3MR's textures at their border: shared cubes, sizes, values against the oracle."""

import numpy as np
import pytest
import tensorflow as tf

from tests.reference.face_texture import face_texture as reference_face_texture
from tests.support.gradient_checker import assert_close
from tests.support.scenes import triangle_soup
from tf_mesh_renderer.ops import Fragments, face_texture, rasterize

IMAGE_SIZE = (8, 11)
NUM_FACES = 6


def _scene(side=3, items=2, num_channels=4):
    vertices, faces = triangle_soup(4, NUM_FACES, batch=2, dtype=np.float64)
    fragments = rasterize(vertices, faces, image_size=IMAGE_SIZE, cull="none")
    shape = (items, NUM_FACES, side, side, side, num_channels)
    return np.random.default_rng(0).normal(size=shape), fragments


@pytest.mark.parametrize("eps", [0.0, 1e-3, 0.5])
@pytest.mark.parametrize("side", [1, 2, 3, 8])
@pytest.mark.parametrize("items", [1, 2])
def test_meets_the_oracle(items, side, eps):
    textures, fragments = _scene(side, items)
    expected = reference_face_texture(
        textures,
        fragments.face_id.numpy(),
        fragments.barycentrics.numpy(),
        eps=float(np.float32(eps)),
    )
    assert_close(face_texture(textures, fragments, eps=eps), expected, rtol=1e-12)


def test_shared_cubes_equal_repeated_cubes():
    textures, fragments = _scene(items=1)
    repeated = tf.constant(np.repeat(textures, 2, axis=0))
    shared = tf.constant(textures)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([shared, repeated])
        outputs = face_texture(shared, fragments), face_texture(repeated, fragments)
        losses = [tf.reduce_sum(output**2) for output in outputs]
    np.testing.assert_array_equal(*outputs)
    gradient = tape.gradient(losses[1], repeated)
    assert_close(tape.gradient(losses[0], shared), tf.reduce_sum(gradient, 0, True), rtol=1e-12)


def test_shared_cubes_serve_an_empty_batch():
    textures, fragments = _scene(items=1)
    output = face_texture(textures, Fragments(*(field[:0] for field in fragments)))
    assert output.shape == (0, *IMAGE_SIZE, 4)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1e300])
def test_barycentrics_beyond_reason_stay_inside_the_cube(bad):
    textures, fragments = _scene()
    barycentrics = np.full(fragments.barycentrics.shape, bad)
    output = face_texture(textures, fragments._replace(barycentrics=barycentrics))
    assert output.shape == (2, *IMAGE_SIZE, 4)
    with tf.GradientTape() as tape:
        cubes = tf.constant(textures)
        tape.watch(cubes)
        output = face_texture(cubes, fragments._replace(barycentrics=barycentrics))
    assert tape.gradient(output, cubes).shape == textures.shape


@pytest.mark.parametrize("mode", ["eager", "graph"])
@pytest.mark.parametrize(
    ("items", "side", "says"),
    [
        (3, 2, "N = 1 or N = B = 2, received N = 3"),
        (2, 0, "1 <= T <= .*one texel per face is T = 1"),
    ],
)
def test_refuses_sizes(items, side, says, mode):
    textures, fragments = _scene(side, items)
    call = tf.function(face_texture) if mode == "graph" else face_texture
    with pytest.raises((tf.errors.InvalidArgumentError, ValueError), match=says):
        call(textures, fragments)


def test_cubes_have_equal_sides():
    textures, fragments = _scene()
    with pytest.raises(tf.errors.InvalidArgumentError, match="with T = 3 as in `textures`"):
        face_texture(textures[:, :, :, :2], fragments)


@pytest.mark.parametrize("eps", [-1e-6, np.inf, np.nan])
def test_eps_must_not_be_negative(eps):
    textures, fragments = _scene()
    says = "FaceTexture: argument `eps`: expected a finite number >= 0"
    with pytest.raises(tf.errors.InvalidArgumentError, match=says):
        face_texture(textures, fragments, eps=eps)
