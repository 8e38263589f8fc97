"""DIB-R's soft silhouette at its limits: extreme numbers, nothing to draw, wrong input."""

import numpy as np
import pytest
import tensorflow as tf

from tests.support.dibr_masks import (
    FALLOFFS,
    WIDE,
    half_plane,
    mask_and_gradient,
    seen_faces,
    soup,
)
from tf_mesh_renderer.ops import dibr_mask


@pytest.mark.parametrize("upstream", [np.nan, np.inf])
def test_upstream_that_is_not_finite_is_not_hidden(upstream):
    """Or loss scaling would take the step it must skip."""
    vertices, faces = soup()
    face_id = seen_faces(vertices, faces, (17, 30))
    weights = np.zeros(face_id.shape)
    weights[0][face_id[0] < 0] = upstream
    _, gradient = mask_and_gradient(vertices, faces, face_id, weights, **WIDE)
    assert not np.all(np.isfinite(gradient[0]))
    assert not np.any(gradient[1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("scale", [1e-37, 1e-20, 1.0, 1e30])
@pytest.mark.parametrize("sigma_inv", [0.0, 1e-30, 1e10, 3e38])
@pytest.mark.parametrize("falloff", FALLOFFS)
def test_numbers_of_any_size_stay_finite(falloff, sigma_inv, scale, dtype):
    vertices, faces = soup()
    vertices[:, 4:9, :2] *= 1e5
    vertices = (vertices * scale).astype(dtype)
    face_id = np.full((2, 9, 11), -1)
    options = {"sigma_inv": sigma_inv, "box_length": 2.0, "falloff": falloff}
    mask, gradient = mask_and_gradient(vertices, faces, face_id, **options)
    assert np.all((mask >= 0.0) & (mask <= 1.0))
    assert np.all(np.isfinite(gradient))


@pytest.mark.parametrize("batch", [0, 1, 2])
@pytest.mark.parametrize("num_faces", [0, 2])
def test_nothing_to_draw_and_one_pixel(batch, num_faces):
    vertices = np.ones((batch, 3, 4), np.float32)
    faces = np.zeros((num_faces, 3), np.int32)
    mask, gradient = mask_and_gradient(vertices, faces, np.full((batch, 1, 1), -1))
    assert mask.shape == (batch, 1, 1)
    assert not np.any(mask)
    assert gradient.shape == vertices.shape
    assert not np.any(gradient)


def test_same_bits_in_a_graph_of_unknown_shapes():
    vertices, faces = soup(np.float32)
    face_id = seen_faces(vertices, faces, (17, 30))

    @tf.function(input_signature=[tf.TensorSpec(None), *[tf.TensorSpec(None, tf.int32)] * 2])
    def graph(vertices, faces, face_id):
        with tf.GradientTape() as tape:
            tape.watch(vertices)
            mask = dibr_mask(vertices, faces, face_id, k_faces=2, **WIDE)
        return mask, tape.gradient(mask, vertices)

    expected = mask_and_gradient(vertices, faces, face_id, k_faces=2, **WIDE)
    for ours, theirs in zip(graph(vertices, faces, face_id), expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_half_precision_is_computed_in_float32():
    vertices, faces = half_plane()
    half = tf.cast(vertices, tf.float16)
    assert dibr_mask(half, faces, np.full((1, 2, 2), -1)).dtype == tf.float32


@pytest.mark.parametrize("name", ["sigma_inv", "box_length", "eps"])
@pytest.mark.parametrize("bad", [-1e-3, np.inf, np.nan, 1e39])
def test_settings_must_be_finite_and_not_negative(name, bad):
    says = f"DibrMask: argument `{name}`: expected a finite number >= 0"
    with pytest.raises(tf.errors.InvalidArgumentError, match=says):
        dibr_mask(*half_plane(), np.full((1, 2, 2), -1), **{name: bad})


@pytest.mark.parametrize(
    ("bad", "error", "hint"),
    [
        *((number, ValueError, "None counts all") for number in (0, -1)),
        *((no_int, TypeError, "pass a Python int") for no_int in (1.5, "2")),
    ],
)
def test_k_faces_must_be_a_positive_integer(bad, error, hint):
    with pytest.raises(error, match=f"dibr_mask: argument `k_faces`: .* Hint: {hint}"):
        dibr_mask(*half_plane(), np.full((1, 2, 2), -1), k_faces=bad)


def test_falloff_must_be_known():
    with pytest.raises(
        ValueError, match="dibr_mask: argument `falloff`: expected one of 'squared'"
    ):
        dibr_mask(*half_plane(), np.full((1, 2, 2), -1), falloff="cubic")


@pytest.mark.parametrize(("position", "name"), [(0, "vertices_clip"), (1, "faces"), (2, "face_id")])
def test_wrong_dtypes_are_named(position, name):
    arguments = [*half_plane(), np.full((1, 2, 2), -1)]
    arguments[position] = tf.constant(["text"])
    with pytest.raises(TypeError, match=f"dibr_mask: argument `{name}`"):
        dibr_mask(*arguments)
