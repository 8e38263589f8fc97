"""The ops inside the machinery of TensorFlow and Keras: functions, data sets, maps, tapes."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import assert_close
from tests.support.scenes import triangle_soup
from tf_mesh_renderer.ops import Fragments, face_texture, interpolate, n3mr, rasterize

IMAGE_SIZE = (6, 8)


@pytest.fixture(name="scene")
def _scene():
    vertices, faces = triangle_soup(2, 6, batch=3)
    return tf.constant(vertices), tf.constant(faces)


def _rasterize(vertices, faces):
    return rasterize(vertices, faces, image_size=IMAGE_SIZE, cull="none")


def _render(vertices, faces):
    """All four ops in a row: an image [B, H, W, 7]."""
    fragments = _rasterize(vertices, faces)
    positions = interpolate(vertices, faces, fragments)
    textures = tf.cos(tf.reshape(tf.range(6 * 8 * 3, dtype=tf.float32), [1, 6, 2, 2, 2, 3]))
    image = tf.concat([positions, face_texture(textures, fragments)], axis=-1)
    return n3mr(image, vertices, faces, fragments.face_id)


def _gradient(render, vertices, faces):
    with tf.GradientTape() as tape:
        tape.watch(vertices)
        loss = tf.reduce_sum(render(vertices, faces) ** 2)
    return tape.gradient(loss, vertices)


def test_function_with_input_signature_returns_fragments(scene):
    vertex_spec = tf.TensorSpec([None, None, 4], tf.float32)
    face_spec = tf.TensorSpec([None, 3], tf.int32)
    graph = tf.function(_rasterize, input_signature=[vertex_spec, face_spec])
    fragments, expected = graph(*scene), _rasterize(*scene)
    assert isinstance(fragments, Fragments)
    for ours, theirs in zip(fragments, expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    shapes = [output.shape.as_list() for output in graph.get_concrete_function().outputs]
    assert shapes == [[None, 6, 8], [None, 6, 8, 3], [None, 6, 8]]


def test_fragments_enter_functions_and_nests(scene):
    fragments = _rasterize(*scene)
    doubled = tf.nest.map_structure(lambda t: 2 * t, fragments)
    assert isinstance(doubled, Fragments)
    attributes = scene[0]
    graph = tf.function(lambda f: interpolate(attributes, scene[1], f))
    np.testing.assert_array_equal(graph(fragments), interpolate(attributes, scene[1], fragments))


@pytest.mark.parametrize("options", [{}, {"reduce_retracing": True}], ids=str)
def test_gradient_in_graph_equals_eager_bit_for_bit(scene, options):
    eager = _gradient(_render, *scene)
    assert np.any(eager.numpy() != 0)
    inside = tf.function(lambda v, f: _gradient(_render, v, f), **options)
    outside = tf.function(_render, **options)
    np.testing.assert_array_equal(inside(*scene), eager)
    np.testing.assert_array_equal(_gradient(outside, *scene), eager)


def test_reduced_retracing_serves_all_batch_sizes(scene):
    traces = []

    @tf.function(reduce_retracing=True)
    def graph(vertices, faces):
        traces.append(vertices.shape)
        return _rasterize(vertices, faces)

    for batch in (1, 2, 3):
        assert graph(scene[0][:batch], scene[1]).depth.shape == (batch, *IMAGE_SIZE)
    assert len(traces) == 2


def test_image_size_may_change_from_call_to_call(scene):
    traces = []

    @tf.function
    def graph(image_size):
        traces.append(image_size)
        return rasterize(*scene, image_size=image_size)

    for image_size in [(4, 5), (7, 3)]:
        ours = graph(tf.constant(image_size))
        expected = rasterize(*scene, image_size=image_size)
        np.testing.assert_array_equal(ours.depth, expected.depth)
    assert len(traces) == 1
    shape = graph.get_concrete_function(tf.TensorSpec([2], tf.int32)).structured_outputs.depth.shape
    assert shape.as_list() == [3, None, None]


def test_partly_known_image_size_is_partly_static(scene):
    graph = tf.function(lambda width: rasterize(*scene, image_size=(6, width)).barycentrics)
    concrete = graph.get_concrete_function(tf.TensorSpec([], tf.int32))
    assert concrete.structured_outputs.shape.as_list() == [3, 6, None, 3]


def test_inside_a_data_set(scene):
    vertices, faces = scene
    data = tf.data.Dataset.from_tensor_slices(vertices).batch(2)
    mapped = data.map(lambda v: _rasterize(v, faces), num_parallel_calls=2)
    items = list(mapped)
    assert all(isinstance(item, Fragments) for item in items)
    expected = _rasterize(vertices, faces)
    np.testing.assert_array_equal(tf.concat([i.depth for i in items], axis=0), expected.depth)


def test_vectorized_map(scene):
    vertices, faces = scene
    mapped = tf.vectorized_map(lambda v: _render(v[None], faces)[0], vertices)
    np.testing.assert_array_equal(mapped, _render(vertices, faces))


@pytest.mark.parametrize("use_pfor", [False, True])
def test_jacobian(scene, use_pfor):
    vertices, faces = scene
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(vertices)
        depth = _rasterize(vertices, faces).depth[:, 2, 2:5]
    jacobian = tape.jacobian(depth, vertices, experimental_use_pfor=use_pfor)  # [3, 3, 3, V, 4]
    assert jacobian.shape == (*depth.shape, *vertices.shape)
    for index in np.ndindex(*depth.shape):
        upstream = np.zeros(depth.shape, np.float32)
        upstream[index] = 1.0
        row = tape.gradient(depth, vertices, output_gradients=upstream)
        assert_close(jacobian[index], row, rtol=1e-6)
        # An image depends on its own vertices only.
        assert not np.any(np.delete(row, index[0], axis=0))


def test_nested_tapes_need_no_second_derivative(scene):
    """The outer tape follows the inner gradient only as far as it does not pass the ops again."""
    vertices, faces = scene
    scale = tf.Variable(2.0)
    with tf.GradientTape() as outer:
        inner = tf.stop_gradient(_gradient(tf.function(_render), vertices, faces))
        loss = tf.reduce_sum(scale * inner)
    gradient = outer.gradient(loss, scale)
    assert_close(gradient, tf.reduce_sum(inner), rtol=1e-5)


def test_gradient_of_gathered_fragments(scene):
    """tf.gather hands back indexed slices instead of a tensor."""

    def gathered(v, f):
        return tf.gather(_rasterize(v, f).barycentrics, [1, 1, 2])

    def repeated(v, f):
        barycentrics = _rasterize(v, f).barycentrics
        return tf.stack([barycentrics[1], barycentrics[1], barycentrics[2]])

    ours, expected = _gradient(gathered, *scene), _gradient(repeated, *scene)
    assert_close(ours, expected, rtol=1e-6)


def test_variables_are_inputs_like_tensors(scene):
    vertices = tf.Variable(scene[0])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(_render(vertices, scene[1]) ** 2)
    gradient = tape.gradient(loss, vertices)
    np.testing.assert_array_equal(gradient, _gradient(_render, *scene))


class _Rasterizer(keras.layers.Layer):
    def call(self, vertices, faces):
        return _rasterize(vertices, faces)


def test_fragments_are_outputs_of_a_functional_model(scene):
    vertices = keras.Input([None, 4])
    faces = keras.Input([None, 3], dtype="int32")
    fragments = _Rasterizer()(vertices, faces)
    assert isinstance(fragments, Fragments)
    assert fragments.barycentrics.shape == (None, *IMAGE_SIZE, 3)
    model = keras.Model([vertices, faces], fragments)
    batched = tf.tile(scene[1][None], [3, 1, 1])
    for ours, expected in zip(model([scene[0], batched]), _rasterize(*scene), strict=True):
        np.testing.assert_array_equal(ours, expected)


def test_saved_model_renders_and_differentiates(scene, tmp_path):
    module = tf.Module()
    signature = [tf.TensorSpec([None, None, 4]), tf.TensorSpec([None, 3], tf.int32)]
    module.render = tf.function(_render, input_signature=signature)
    tf.saved_model.save(module, str(tmp_path))
    restored = tf.saved_model.load(str(tmp_path)).render
    np.testing.assert_array_equal(restored(*scene), _render(*scene))
    np.testing.assert_array_equal(_gradient(restored, *scene), _gradient(_render, *scene))
