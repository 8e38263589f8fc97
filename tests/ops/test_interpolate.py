"""Interpolation at its border: dtypes, batches of faces, values against the oracle."""

import re

import numpy as np
import pytest
import tensorflow as tf

from tests.reference.interpolate import interpolate as reference_interpolate
from tests.support.gradient_checker import assert_close
from tests.support.scenes import triangle_soup
from tf_mesh_renderer.ops import Fragments, interpolate, rasterize

IMAGE_SIZE = (8, 11)


def _scene(dtype=np.float64, num_channels=5):
    vertices, faces = triangle_soup(4, 6, batch=2, dtype=dtype)
    fragments = rasterize(vertices, faces, image_size=IMAGE_SIZE, cull="none")
    attributes = np.random.default_rng(0).normal(size=(*vertices.shape[:2], num_channels))
    return attributes.astype(dtype), faces, fragments


@pytest.mark.parametrize("num_channels", [0, 1, 4, 33])
@pytest.mark.parametrize("batched", [False, True])
def test_meets_the_oracle(batched, num_channels):
    attributes, faces, fragments = _scene(num_channels=num_channels)
    if batched:
        faces = np.stack([faces, np.roll(faces, 1, axis=-1)])
    expected = reference_interpolate(
        attributes, faces, fragments.face_id.numpy(), fragments.barycentrics.numpy()
    )
    assert_close(interpolate(attributes, faces, fragments), expected, rtol=1e-13)


def test_constants_are_reproduced_where_a_face_is_seen():
    attributes, faces, fragments = _scene()
    ours = interpolate(np.full_like(attributes, 3.0), faces, fragments)
    assert_close(ours, 3.0 * np.repeat(fragments.mask[..., None], 5, axis=-1), rtol=1e-14)


def test_arrays_and_lists_take_the_dtype_of_the_fragments():
    attributes, faces, fragments = _scene(np.float32)
    expected = interpolate(attributes, faces, fragments)
    for converted in (attributes.astype(np.float64), attributes.tolist()):
        ours = interpolate(converted, faces, fragments)
        assert ours.dtype == tf.float32
        np.testing.assert_array_equal(ours, expected)


@pytest.mark.parametrize("dtype", [tf.float16, tf.bfloat16])
def test_half_precision_is_computed_in_float32(dtype):
    attributes, faces, fragments = _scene(np.float32)
    half = tf.cast(attributes, dtype)
    ours = interpolate(half, faces, fragments)
    assert ours.dtype == tf.float32
    np.testing.assert_array_equal(ours, interpolate(tf.cast(half, tf.float32), faces, fragments))


@pytest.mark.parametrize("dtype", [tf.float64, tf.int32, tf.complex64])
def test_tensors_of_another_dtype_are_refused(dtype):
    attributes, faces, fragments = _scene(np.float32)
    says = f"argument `attributes`: expected the dtype of .*, float32, received {dtype.name}"
    with pytest.raises(TypeError, match=says):
        interpolate(tf.cast(attributes, dtype), faces, fragments)


def test_fragments_of_another_mesh_are_refused():
    attributes, faces, fragments = _scene()
    wrong = Fragments(fragments.face_id + len(faces), *fragments[1:])
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"Hint: .* from the same faces"):
        interpolate(attributes, faces, wrong)


@pytest.mark.parametrize(("bad", "place"), [(7, (0, 3, 9)), (-2, (1, 11, 32)), (-7, (1, 0, 0))])
def test_a_bad_id_among_many_pixels_is_named(bad, place):
    attributes, faces, _ = _scene(np.float32)
    shape = (2, 12, 64)
    face_id = np.full(shape, -1, np.int32)
    face_id[0, 5:] = 0
    face_id[place] = bad
    face_id[1, 11, 40:] = bad  # the first of several
    fragments = Fragments(face_id, np.zeros([*shape, 3], np.float32), np.zeros(shape, np.float32))
    says = re.escape(f"received {bad} at [{', '.join(map(str, place))}]")
    attributes = np.stack([attributes[0]] * 2)
    for run in (interpolate, tf.function(interpolate)):
        with pytest.raises(tf.errors.InvalidArgumentError, match=says):
            run(attributes, faces, fragments)
