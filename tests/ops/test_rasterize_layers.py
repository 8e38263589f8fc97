"""Several fragments per pixel: which, in what order, how many, and their gradients."""

import numpy as np
import pytest
import tensorflow as tf

from tests.reference.rasterize import Visibility
from tests.reference.rasterize_layers import rasterize_layers as reference_rasterize_layers
from tests.support.gradient_checker import assert_close, check_gradients
from tests.support.scenes import grid, triangle_soup
from tf_mesh_renderer import ops
from tf_mesh_renderer.ops import Fragments

IMAGE_SIZE = (9, 14)
NUM_FACES = 9


def _soup(dtype=np.float32, num_faces=NUM_FACES, size=1.5):
    """Faces that overlap, some with a vertex behind the camera; z / w is random."""
    vertices, faces = triangle_soup(7, num_faces, batch=2, size=size, dtype=dtype)
    vertices[:, ::12] *= -0.5
    vertices[..., 2] *= np.random.default_rng(0).uniform(-1.2, 1.2, vertices.shape[:2])
    return vertices, faces


def _draw(vertices, faces, *, num_layers=NUM_FACES, image_size=IMAGE_SIZE, **options):
    options = {"cull": "none", **options}
    return ops.rasterize_layers(
        vertices, faces, image_size=image_size, num_layers=num_layers, **options
    )


def _assert_same(ours, expected):
    for name in Fragments._fields:
        a, b = getattr(ours, name).numpy(), getattr(expected, name).numpy()
        assert a.dtype == b.dtype, name
        np.testing.assert_array_equal(a, b, err_msg=name)


def _stack(layers, name):
    return np.stack([getattr(layer, name) for layer in layers])


@pytest.mark.parametrize("depth_from", ["w", "z"])
@pytest.mark.parametrize("cull", ["back", "front", "none"])
@pytest.mark.parametrize("image_size", [(9, 14), (1, 20), (70, 66)], ids=str)
@pytest.mark.parametrize("num_layers", [1, 3, 7])
def test_meets_the_oracle(image_size, cull, depth_from, num_layers):
    vertices, faces = _soup(np.float64)
    options = {"cull": cull, "near": 0.7, "far": 3.5, "depth_from": depth_from}
    sizes = {"image_size": image_size, "num_layers": num_layers}
    layers, count = _draw(vertices, faces, on_overflow="truncate", **sizes, **options)
    expected, expected_count = reference_rasterize_layers(
        vertices, faces, visibility=Visibility(**options), **sizes
    )
    np.testing.assert_array_equal(count, expected_count)
    assert np.max(count) > 1
    for ours, theirs in zip(layers, expected, strict=True):
        np.testing.assert_array_equal(ours.face_id, theirs.face_id)
        assert_close(ours.barycentrics, theirs.barycentrics, rtol=1e-12)
        assert_close(ours.depth, theirs.depth, rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("num_layers", [1, 2, NUM_FACES])
def test_the_first_layer_is_what_rasterize_returns(num_layers, dtype):
    vertices, faces = _soup(dtype)
    layers, _ = _draw(vertices, faces, num_layers=num_layers, on_overflow="truncate")
    _assert_same(layers[0], ops.rasterize(vertices, faces, image_size=IMAGE_SIZE, cull="none"))


def test_layers_are_sorted_without_gaps_and_count_tells_how_many():
    vertices, faces = _soup(num_faces=60)
    layers, count = _draw(vertices, faces, num_layers=60, image_size=(40, 50))
    face_id, depth = _stack(layers, "face_id"), _stack(layers, "depth")
    seen = face_id >= 0
    assert np.array_equal(seen, np.arange(60)[:, None, None, None] < count)
    assert np.all(depth[1:][seen[1:]] >= depth[:-1][seen[1:]])
    assert np.all(depth[~seen] == 0.0)
    assert np.all(_stack(layers, "barycentrics")[~seen] == 0.0)
    ids = np.sort(np.where(seen, face_id, -1 - np.arange(60)[:, None, None, None]), axis=0)
    assert np.all(ids[1:] != ids[:-1]), "a face is in two layers of one pixel"


def test_fewer_layers_are_the_first_of_more():
    vertices, faces = _soup()
    many, count = _draw(vertices, faces)
    few, same_count = _draw(vertices, faces, num_layers=2, on_overflow="truncate")
    for ours, expected in zip(few, many[:2], strict=True):
        _assert_same(ours, expected)
    np.testing.assert_array_equal(same_count, count)


def test_the_order_of_the_faces_matters_for_ties_only():
    vertices, faces = _soup()
    order = np.random.default_rng(1).permutation(NUM_FACES)
    layers, count = _draw(vertices, faces)
    permuted, same_count = _draw(vertices, faces[order])
    np.testing.assert_array_equal(same_count, count)
    names = tf.constant([-1, *order])
    for ours, expected in zip(permuted, layers, strict=True):
        _assert_same(ours._replace(face_id=tf.gather(names, ours.face_id + 1)), expected)


def test_copies_of_a_face_are_layers_ordered_by_id():
    vertices, faces = grid(1, 1)
    layers, count = _draw(vertices, np.concatenate([faces, faces, faces]), num_layers=4)
    first = _draw(vertices, faces, num_layers=1).layers[0]
    np.testing.assert_array_equal(count, np.full((1, *IMAGE_SIZE), 3))
    for k in range(3):
        _assert_same(layers[k], first._replace(face_id=first.face_id + 2 * k))
    assert np.all(layers[3].face_id == -1)


def test_padding_and_faces_of_each_item():
    vertices, faces = _soup()
    batched = np.stack([faces, np.roll(faces, 4, axis=0)])
    batched[0, 5] = -1
    ours, count = _draw(vertices, batched)
    for b in range(2):
        kept = np.flatnonzero(batched[b, :, 0] >= 0)
        expected, expected_count = _draw(vertices[b : b + 1], batched[b, kept])
        names = tf.constant([-1, *kept], tf.int32)
        np.testing.assert_array_equal(count[b : b + 1], expected_count)
        for layer, theirs in zip(ours, expected, strict=True):
            theirs = theirs._replace(face_id=tf.gather(names, theirs.face_id + 1))
            _assert_same(Fragments(*(field[b : b + 1] for field in layer)), theirs)


def test_one_pixel_and_more_layers_than_faces():
    vertices = np.array([[[-3.0, -3.0, 0.0, 1.0], [3.0, -3.0, 0.0, 1.0], [0.0, 3.0, 0.0, 1.0]]])
    layers, count = _draw(vertices, [[0, 1, 2]], image_size=(1, 1), num_layers=1024)
    assert count.numpy().item() == 1
    np.testing.assert_allclose(layers[0].barycentrics[0, 0, 0], [0.25, 0.25, 0.5], rtol=1e-12)
    assert all(layer.face_id.numpy().item() == -1 for layer in layers[1:])


@pytest.mark.parametrize(("batch", "num_faces"), [(0, NUM_FACES), (2, 0), (0, 0)])
def test_nothing_to_draw(batch, num_faces):
    vertices, faces = _soup()
    layers, count = _draw(vertices[:batch], faces[:num_faces], num_layers=2)
    assert len(layers) == 2
    for layer in layers:
        assert layer.face_id.shape == layer.depth.shape == (batch, *IMAGE_SIZE)
        assert layer.barycentrics.shape == (batch, *IMAGE_SIZE, 3)
        assert np.all(layer.face_id == -1)
    np.testing.assert_array_equal(count, np.zeros((batch, *IMAGE_SIZE)))


# --- more fragments than layers -------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["eager", "graph"])
def test_overflow_is_an_error_that_says_how_many_layers_would_do(mode):
    vertices, faces = _soup()
    needed = int(np.max(_draw(vertices, faces).count))
    call = {"eager": _draw, "graph": tf.function(_draw)}[mode]
    says = (
        rf"RasterizeLayers: argument `num_layers`: expected at least {needed}, .*received "
        rf"{needed - 1}\. Hint: pass num_layers = {needed}, or on_overflow = 'truncate'"
    )
    with pytest.raises(tf.errors.InvalidArgumentError, match=says):
        call(vertices, faces, num_layers=needed - 1)
    call(vertices, faces, num_layers=needed)


def test_overflow_of_the_most_layers_there_can_be():
    vertices, faces = grid(1, 1)
    faces = np.tile(faces, [1025, 1])
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"1025, .*more than 1024 are not"):
        _draw(vertices, faces, image_size=(1, 2), num_layers=1024)
    options = {"image_size": (1, 2), "on_overflow": "truncate"}
    layers, count = _draw(vertices, faces, num_layers=1024, **options)
    np.testing.assert_array_equal(count, [[[1025, 1025]]])
    copies = _stack(layers, "face_id")[:, 0, 0, 0] // 2
    np.testing.assert_array_equal(copies, np.arange(1024))


# --- gradients ------------------------------------------------------------------------------------


def _weighted_sum(layers, kinds):
    """A scalar that tells all entries of all layers apart."""
    rng = np.random.default_rng(3)
    total = 0.0
    for layer in layers:
        for kind in ("barycentrics", "depth"):
            weights = rng.normal(size=getattr(layer, kind).shape)
            if kind in kinds:
                total += tf.reduce_sum(getattr(layer, kind) * weights)
    return total


@pytest.mark.parametrize("kinds", [("barycentrics",), ("depth",), ("barycentrics", "depth")])
@pytest.mark.parametrize("depth_from", ["w", "z"])
def test_gradient_of_all_layers(depth_from, kinds):
    vertices, faces = _soup(np.float64, size=2.5)
    options = {"near": 0.1, "far": 9.0, "depth_from": depth_from, "image_size": (7, 9)}
    seen, count = _draw(vertices, faces, **options)
    assert np.mean(count.numpy() > 1) > 0.3

    def loss(vertices_clip):
        layers, _ = _draw(vertices_clip, faces, **options)
        np.testing.assert_array_equal(_stack(layers, "face_id"), _stack(seen, "face_id"))
        return _weighted_sum(layers, kinds)

    check_gradients(loss, [vertices])


def test_gradient_of_a_truncated_result_is_that_of_the_layers_kept():
    vertices, faces = _soup(np.float64)
    tensor = tf.constant(vertices)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(tensor)
        few = _draw(tensor, faces, num_layers=2, on_overflow="truncate").layers
        many = _draw(tensor, faces).layers[:2]
        losses = [_weighted_sum(layers, ("barycentrics", "depth")) for layers in (few, many)]
    ours, expected = (tape.gradient(loss, tensor).numpy() for loss in losses)
    assert np.any(ours != 0.0)
    assert_close(ours, expected, rtol=1e-13)


def test_gradient_in_graph_equals_eager_bit_for_bit():
    vertices, faces = _soup()
    vertices = tf.constant(vertices)

    def gradient(vertices_clip):
        with tf.GradientTape() as tape:
            tape.watch(vertices_clip)
            layers = _draw(vertices_clip, faces).layers
            loss = sum(tf.reduce_sum(layer.depth**2) for layer in layers)
        return tape.gradient(loss, vertices_clip)

    np.testing.assert_array_equal(tf.function(gradient)(vertices), gradient(vertices))


def test_second_derivatives_are_refused():
    vertices, faces = _soup()
    vertices = tf.constant(vertices)
    with tf.GradientTape() as tape:
        tape.watch(vertices)
        with tf.GradientTape() as inner:
            inner.watch(vertices)
            loss = tf.reduce_sum(_draw(vertices, faces).layers[1].depth ** 2)
        gradient = inner.gradient(loss, vertices)
    with pytest.raises(LookupError, match="second derivatives"):
        tape.gradient(gradient, vertices)


# --- inside TensorFlow ----------------------------------------------------------------------------


def test_function_with_input_signature_returns_layered_fragments():
    vertices, faces = _soup()
    specs = [tf.TensorSpec(None, tf.float32), tf.TensorSpec(None, tf.int32)]
    graph = tf.function(_draw, input_signature=specs)
    result, expected = graph(vertices, faces), _draw(vertices, faces)
    assert isinstance(result, ops.LayeredFragments)
    for ours, theirs in zip(result.layers, expected.layers, strict=True):
        _assert_same(ours, theirs)
    outputs = graph.get_concrete_function().structured_outputs
    assert outputs.count.shape.as_list() == [None, *IMAGE_SIZE]
    assert outputs.layers[3].barycentrics.shape.as_list() == [None, *IMAGE_SIZE, 3]


def test_image_size_may_be_a_tensor():
    vertices, faces = _soup()
    graph = tf.function(lambda size: _draw(vertices, faces, image_size=size))
    assert graph(tf.constant([3, 5])).count.shape == (2, 3, 5)
    spec = tf.TensorSpec([2], tf.int32)
    shape = graph.get_concrete_function(spec).structured_outputs.layers[1].depth.shape
    assert shape.as_list() == [2, None, None]


def test_each_layer_can_be_interpolated():
    """The interpolated w of a fragment is its depth."""
    vertices, faces = _soup(np.float64)
    for layer in _draw(vertices, faces).layers:
        depth = ops.interpolate(vertices[..., 3:], faces, layer)[..., 0]
        assert_close(depth, layer.depth, rtol=1e-12)


@pytest.mark.parametrize(
    ("changed", "error", "says"),
    [
        ({"num_layers": 0}, tf.errors.InvalidArgumentError, r"`num_layers`.*from 1 to 1024.*0"),
        ({"num_layers": 1025}, tf.errors.InvalidArgumentError, r"`num_layers`.*from 1 to 1024"),
        ({"num_layers": 2.0}, TypeError, r"`num_layers`: expected an integer that is known"),
        ({"on_overflow": "ignore"}, ValueError, r"`on_overflow`: expected one of 'error', 'trunc"),
        ({"cull": "both"}, ValueError, r"`cull`: expected one of 'back', 'front', 'none'"),
        ({"near": 2.0, "far": 1.0}, tf.errors.InvalidArgumentError, r"`near`: expected near < f"),
        ({"depth_from": "z"}, tf.errors.InvalidArgumentError, r"`far`: expected finite"),
        ({"image_size": (0, 4)}, tf.errors.InvalidArgumentError, r"`image_size`.*\(0, 4\)"),
    ],
)
def test_refuses(changed, error, says):
    vertices, faces = _soup()
    with pytest.raises(error, match=f"[Rr]asterize_?[Ll]ayers: argument .*{says}.*Hint: "):
        _draw(vertices, faces, **changed)
