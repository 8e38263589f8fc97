"""The identity op of N3MR: what passes, what moves and what is not computed."""

import numpy as np
import pytest
import tensorflow as tf

from tests.reference.n3mr import n3mr_gradient
from tests.support.gradient_checker import assert_close
from tests.support.scenes import triangle_soup
from tf_mesh_renderer.ops import n3mr, rasterize
from tf_mesh_renderer.ops._library import library

IMAGE_SIZE = (12, 16)
DTYPES = [np.float32, np.float64]


def _scene(dtype=np.float64, num_channels=4):
    vertices, faces = triangle_soup(5, 6, batch=2, dtype=dtype)
    face_id = rasterize(vertices, faces, image_size=IMAGE_SIZE, cull="none").face_id
    rng = np.random.default_rng(0)
    image, upstream = rng.normal(size=(2, 2, *IMAGE_SIZE, num_channels)).astype(dtype)
    return tf.constant(image), tf.constant(vertices), faces, face_id, upstream


@pytest.mark.parametrize("dtype", DTYPES)
def test_image_and_its_gradient_pass_unchanged(dtype):
    image, vertices, faces, face_id, upstream = _scene(dtype)
    with tf.GradientTape() as tape:
        tape.watch(image)
        output = n3mr(image, vertices, faces, face_id)
    np.testing.assert_array_equal(output, image)
    np.testing.assert_array_equal(tape.gradient(output, image, upstream), upstream)


@pytest.mark.parametrize("eps", [1e-3, 1e-1])
@pytest.mark.parametrize("num_channels", [1, 4, 9])
def test_vertices_get_the_gradient_of_the_oracle(num_channels, eps):
    image, vertices, faces, face_id, upstream = _scene(num_channels=num_channels)
    with tf.GradientTape() as tape:
        tape.watch(vertices)
        output = n3mr(image, vertices, faces, face_id, eps=eps)
    gradient = tape.gradient(output, vertices, upstream)
    arrays = image.numpy(), vertices.numpy(), faces, face_id.numpy(), upstream
    expected = n3mr_gradient(*arrays, eps=float(np.float32(eps)))  # The attribute is float32.
    assert np.any(expected != 0)
    assert_close(gradient, expected, rtol=1e-9)


def test_fixed_vertices_cost_no_sweep(monkeypatch):
    image, vertices, faces, face_id, _ = _scene()
    swept = []
    sweep = library().mesh_renderer_n3mr_grad
    monkeypatch.setattr(
        library(), "mesh_renderer_n3mr_grad", lambda **k: swept.append(1) or sweep(**k)
    )
    for watched in ([image], [image, vertices]):
        with tf.GradientTape() as tape:
            tape.watch(watched)
            loss = tf.reduce_sum(n3mr(image, vertices, faces, face_id) ** 2)
        tape.gradient(loss, watched)
    assert len(swept) == 1


def test_image_must_have_the_dtype_of_the_vertices():
    image, vertices, faces, face_id, _ = _scene()
    says = "argument `image`: expected the dtype of `vertices_clip`, float64, received float32"
    with pytest.raises(TypeError, match=says):
        n3mr(tf.cast(image, tf.float32), vertices, faces, face_id)


def test_half_precision_image_returns_in_float32():
    image, vertices, faces, face_id, _ = _scene(np.float32)
    half = tf.cast(image, tf.float16)
    output = n3mr(half, vertices, faces, face_id)
    assert output.dtype == tf.float32
    np.testing.assert_array_equal(output, tf.cast(half, tf.float32))


@pytest.mark.parametrize("eps", [0.0, -1e-3, np.inf, np.nan])
def test_eps_must_be_positive(eps):
    image, vertices, faces, face_id, _ = _scene()
    says = "N3mr: argument `eps`: expected a finite number > 0"
    with pytest.raises(tf.errors.InvalidArgumentError, match=says):
        n3mr(image, vertices, faces, face_id, eps=eps)
