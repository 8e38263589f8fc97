"""The rasterizer's wrapper: what it takes, what it returns, what it refuses."""

import numpy as np
import pytest
import tensorflow as tf

from tests.reference.rasterize import Visibility
from tests.reference.rasterize import rasterize as reference_rasterize
from tests.support.gradient_checker import assert_close
from tests.support.scenes import grid, screen_to_clip, triangle_soup
from tf_mesh_renderer.ops import Fragments, rasterize

IMAGE_SIZE = (9, 14)


def _assert_same(fragments, expected):
    for name in Fragments._fields:
        ours, theirs = getattr(fragments, name).numpy(), getattr(expected, name).numpy()
        assert ours.dtype == theirs.dtype, name
        np.testing.assert_array_equal(ours, theirs, err_msg=name)


@pytest.mark.parametrize("depth_from", ["w", "z"])
@pytest.mark.parametrize("cull", ["back", "front", "none"])
@pytest.mark.parametrize("image_size", [(9, 14), (14, 9), (1, 20), (20, 1)], ids=str)
def test_meets_the_oracle(image_size, cull, depth_from):
    vertices, faces = triangle_soup(7, 9, batch=2, dtype=np.float64)
    vertices[..., 2] *= np.random.default_rng(0).uniform(-1.2, 1.2, vertices.shape[:2])
    options = {"cull": cull, "near": 1.5, "far": 3.5, "depth_from": depth_from}
    ours = rasterize(vertices, faces, image_size=image_size, **options)
    expected = reference_rasterize(
        vertices, faces, image_size=image_size, visibility=Visibility(**options)
    )
    np.testing.assert_array_equal(ours.face_id, expected.face_id)
    assert_close(ours.barycentrics, expected.barycentrics, rtol=1e-12)
    assert_close(ours.depth, expected.depth, rtol=1e-12)


def test_one_pixel():
    vertices = screen_to_clip([[[-3.0, -3.0, 2.0], [3.0, -3.0, 2.0], [0.0, 3.0, 2.0]]])
    fragments = rasterize(vertices, [[0, 1, 2]], image_size=(1, 1))
    np.testing.assert_allclose(fragments.barycentrics[0, 0, 0], [0.25, 0.25, 0.5], rtol=1e-12)
    assert fragments.face_id.numpy().item() == 0
    assert fragments.depth.numpy().item() == pytest.approx(2.0)
    assert fragments.mask.numpy().item() == 1.0


def test_faces_of_the_batch_equal_faces_of_each_item():
    vertices, faces = triangle_soup(2, 6, batch=3)
    shared = rasterize(vertices, faces, image_size=IMAGE_SIZE)
    _assert_same(rasterize(vertices, np.stack([faces] * 3), image_size=IMAGE_SIZE), shared)
    rolled = np.stack([np.roll(faces, shift, axis=0) for shift in range(3)])
    batched = rasterize(vertices, rolled, image_size=IMAGE_SIZE)
    for b in range(3):
        single = rasterize(vertices[b : b + 1], rolled[b], image_size=IMAGE_SIZE)
        _assert_same(Fragments(*(field[b : b + 1] for field in batched)), single)


def test_padding_changes_nothing_but_is_never_drawn():
    vertices, faces = triangle_soup(2, 6)
    padded = np.insert(faces, [0, 3, 6], -1, axis=0)
    positions = tf.constant([-1, 1, 2, 3, 5, 6, 7])  # of -1, 0, 1, ... in `padded`
    plain = rasterize(vertices, faces, image_size=IMAGE_SIZE)
    ours = rasterize(vertices, padded, image_size=IMAGE_SIZE)
    _assert_same(ours, plain._replace(face_id=tf.gather(positions, plain.face_id + 1)))


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.int16, list])
def test_faces_of_any_integer_dtype(dtype):
    vertices, faces = triangle_soup(2, 6)
    converted = faces.tolist() if dtype is list else faces.astype(dtype)
    ours = rasterize(vertices, converted, image_size=IMAGE_SIZE)
    _assert_same(ours, rasterize(vertices, faces, image_size=IMAGE_SIZE))


def test_faces_that_do_not_fit_int32_are_refused():
    vertices, faces = triangle_soup(2, 6)
    wide = faces.astype(np.int64)
    wide[4, 1] += 2**32
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"in \[0, 18\) .* at \[4, 1\]"):
        rasterize(vertices, wide, image_size=IMAGE_SIZE)


@pytest.mark.parametrize(
    "image_size",
    [
        list(IMAGE_SIZE),
        np.array(IMAGE_SIZE),
        tf.constant(IMAGE_SIZE),
        tf.constant(IMAGE_SIZE, tf.int64),
        tf.TensorShape(IMAGE_SIZE),
        (tf.constant(IMAGE_SIZE[0]), IMAGE_SIZE[1]),
    ],
    ids=["list", "array", "tensor", "int64", "TensorShape", "mixed"],
)
def test_image_size_of_any_kind(image_size):
    vertices, faces = triangle_soup(2, 6)
    ours = rasterize(vertices, faces, image_size=image_size)
    _assert_same(ours, rasterize(vertices, faces, image_size=IMAGE_SIZE))


def test_vertices_as_lists_are_float32():
    vertices, faces = triangle_soup(2, 6)
    ours = rasterize(vertices.tolist(), faces, image_size=IMAGE_SIZE)
    _assert_same(ours, rasterize(vertices, faces, image_size=IMAGE_SIZE))


@pytest.mark.parametrize("dtype", [tf.float16, tf.bfloat16])
def test_half_precision_is_computed_in_float32(dtype):
    vertices, faces = triangle_soup(2, 6)
    half = tf.cast(vertices, dtype)
    ours = rasterize(half, faces, image_size=IMAGE_SIZE)
    _assert_same(ours, rasterize(tf.cast(half, tf.float32), faces, image_size=IMAGE_SIZE))
    with tf.GradientTape() as tape:
        tape.watch(half)
        loss = tf.reduce_sum(rasterize(half, faces, image_size=IMAGE_SIZE).barycentrics[..., 0])
    gradient = tape.gradient(loss, half)
    assert gradient.dtype == dtype
    assert np.any(gradient.numpy() != 0)


def test_mask_is_one_where_a_face_is_seen():
    vertices, faces = grid(1, 1, half_extent=0.5, dtype=np.float64)
    mask = rasterize(vertices, faces, image_size=(4, 4)).mask
    expected = np.zeros((1, 4, 4))
    expected[:, 1:3, 1:3] = 1.0
    assert mask.dtype == tf.float64
    np.testing.assert_array_equal(mask, expected)


@pytest.mark.parametrize(
    ("changed", "error", "says"),
    [
        ({"image_size": (0, 4)}, tf.errors.InvalidArgumentError, r"`image_size`.*\(0, 4\)"),
        ({"image_size": (4, -1)}, tf.errors.InvalidArgumentError, r"`image_size`.*\(4, -1\)"),
        ({"image_size": (4, 32769)}, tf.errors.InvalidArgumentError, r"from 1 to 32768"),
        ({"image_size": (4, 4, 4)}, tf.errors.InvalidArgumentError, r"`image_size`.*\[2\]"),
        ({"image_size": 4}, tf.errors.InvalidArgumentError, r"`image_size`.*\[2\]"),
        ({"image_size": (4.0, 4.0)}, TypeError, r"`image_size`: expected integers"),
        ({"near": 2.0, "far": 2.0}, tf.errors.InvalidArgumentError, r"`near`: expected near < far"),
        ({"near": np.nan}, tf.errors.InvalidArgumentError, r"`near`: expected near < far"),
        ({"depth_from": "z"}, tf.errors.InvalidArgumentError, r"`far`: expected finite"),
        (
            {"depth_from": "z", "near": -np.inf, "far": 1.0},
            tf.errors.InvalidArgumentError,
            r"`near`: expected finite",
        ),
        ({"depth_from": "y"}, ValueError, r"`depth_from`: expected one of 'w', 'z', received 'y'"),
        ({"cull": "both"}, ValueError, r"`cull`: expected one of 'back', 'front', 'none'"),
        ({"near": "close"}, TypeError, r"`near`: expected a number"),
        ({"faces": [[0.0, 1.0, 2.0]]}, TypeError, r"`faces`: expected integers .*float32"),
        ({"vertices_clip": np.zeros((1, 3, 4), int)}, TypeError, r"expected float32 or float64"),
        ({"vertices_clip": [[["a"] * 4] * 3]}, TypeError, r"expected float32 .* received string"),
    ],
)
def test_refuses(changed, error, says):
    vertices, faces = triangle_soup(2, 6)
    arguments = {"vertices_clip": vertices, "faces": faces, "image_size": IMAGE_SIZE, **changed}
    with pytest.raises(error, match=f"[Rr]asterize: argument .*{says}.*Hint: "):
        rasterize(arguments.pop("vertices_clip"), arguments.pop("faces"), **arguments)


def test_depth_range_must_be_known_when_the_graph_is_built():
    vertices, faces = triangle_soup(2, 6)

    @tf.function
    def call(near):
        return rasterize(vertices, faces, image_size=IMAGE_SIZE, near=near)

    with pytest.raises(TypeError, match="`near`: expected a number that is known"):
        call(tf.constant(1.0))


def test_more_pixels_than_memory_can_address_are_refused():
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"fewer than 2\^63 .*Hint: split"):
        rasterize(tf.zeros([2**40, 0, 4]), tf.zeros([0, 3], tf.int32), image_size=(32768, 32768))


@pytest.mark.parametrize(("near", "far"), [(-5.0, -1.0), (-1.0, -0.0), (-1.0, 0.0)])
def test_a_range_behind_the_camera_is_empty(near, far):
    vertices, faces = triangle_soup(2, 6)
    fragments = rasterize(vertices, faces, image_size=IMAGE_SIZE, cull="none", near=near, far=far)
    assert np.all(fragments.face_id.numpy() == -1)


@pytest.mark.parametrize("depth_from", ["w", "z"])
def test_coordinates_too_large_to_invert_are_refused(depth_from):
    vertices, faces = grid(1, 1)
    vertices[..., 2] = 0.0
    options = {"image_size": (4, 4), "depth_from": depth_from, "near": -1.0, "far": 3e38}
    fragments = rasterize(vertices * np.float32(1e36), faces, **options)
    assert np.all(fragments.face_id.numpy() >= 0)
    assert np.all(np.isfinite(fragments.barycentrics))
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"magnitudes of at most 1e\+37.*Hint"):
        rasterize(vertices * np.float32(1e38), faces, **options)
