"""Every op and its registered gradient give what the slow NumPy version gives."""

import numpy as np
import pytest
import tensorflow as tf

from tests.reference.face_texture import face_texture, face_texture_gradient
from tests.reference.interpolate import interpolate, interpolate_gradient
from tests.reference.n3mr import n3mr_gradient
from tests.reference.rasterize import Fragments, Visibility
from tests.reference.rasterize_gradient import rasterize_gradient
from tests.support.gradient_checker import assert_close, check_gradients
from tests.support.scenes import grid, screen_to_clip, triangle_soup
from tf_mesh_renderer import ops

IMAGE_SIZES = [(17, 30), (30, 17), (1, 9), (65, 130)]
BATCH = 2
EPS = 2.0**-7  # exact in float32, in which the ops keep it
# Relative to the largest entry. Float32 sums over many pixels, each with a few roundings.
RTOL = {np.float32: 2e-4, np.float64: 1e-9}


def _soup(dtype):
    return triangle_soup(11, 10, batch=BATCH, size=1.2, dtype=dtype)


def _padded_soup(dtype):
    """Other faces for every batch item, with rows of padding."""
    vertices, faces = _soup(dtype)
    faces = np.stack([faces, faces[::-1]])
    faces[0, 3] = faces[1, :2] = -1
    return vertices, faces


def _shared_vertices(dtype):
    """A wavy sheet whose vertices belong to six faces each."""
    vertices, faces = grid(5, 4, half_extent=0.83, dtype=np.float64)
    rng = np.random.default_rng(7)
    vertices = np.repeat(vertices, BATCH, axis=0)
    vertices[..., :2] += rng.normal(size=vertices[..., :2].shape) * 0.08
    vertices *= rng.uniform(0.7, 1.4, [*vertices.shape[:2], 1])
    return vertices.astype(dtype), faces


SCENES = {"soup": _soup, "padded": _padded_soup, "shared": _shared_vertices}


@pytest.fixture(params=[np.float32, np.float64], ids=["float32", "float64"])
def dtype(request):
    return request.param


@pytest.fixture(params=SCENES.values(), ids=SCENES.keys())
def mesh(request, dtype):
    return request.param(dtype)


@pytest.fixture(params=IMAGE_SIZES, ids=str)
def image_size(request):
    return request.param


def _upstream(shape, dtype, seed=5):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def _fragments(mesh, image_size, **options):
    fragments = ops.rasterize(tf.constant(mesh[0]), mesh[1], image_size=image_size, **options)
    arrays = Fragments(*(field.numpy() for field in fragments))
    assert np.any(arrays.face_id >= 0)
    return fragments, arrays


@pytest.mark.parametrize("depth_from", ["w", "z"])
def test_rasterize_gradient(mesh, image_size, dtype, depth_from):
    vertices, faces = mesh
    vertices[..., 2] *= np.random.default_rng(8).uniform(-0.9, 0.9, vertices.shape[:2])
    settings = {"cull": "none", "near": 0.5, "far": 9.0, "depth_from": depth_from}
    tensor = tf.constant(vertices)
    to_barycentrics = _upstream([BATCH, *image_size, 3], dtype)
    to_depth = _upstream([BATCH, *image_size], dtype, seed=6)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        fragments = ops.rasterize(tensor, faces, image_size=image_size, **settings)
        loss = tf.reduce_sum(fragments.barycentrics * to_barycentrics)
        loss += tf.reduce_sum(fragments.depth * to_depth)
    face_id = fragments.face_id.numpy()
    assert np.any(face_id >= 0)
    upstream = (to_barycentrics, to_depth)
    visibility = Visibility(**settings)
    expected = rasterize_gradient(vertices, faces, face_id, upstream, visibility=visibility)
    assert_close(tape.gradient(loss, tensor), expected, rtol=RTOL[dtype])


@pytest.mark.parametrize("num_channels", [1, 3, 7, 64])
def test_interpolate(mesh, dtype, num_channels):
    vertices, faces = mesh
    fragments, arrays = _fragments(mesh, (17, 30), cull="none")
    attributes = _upstream([BATCH, vertices.shape[1], num_channels], dtype)
    upstream = _upstream([BATCH, 17, 30, num_channels], dtype, seed=6)
    inputs = [tf.constant(attributes), fragments.barycentrics]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        moved = fragments._replace(barycentrics=inputs[1])
        output = ops.interpolate(inputs[0], faces, moved)
        loss = tf.reduce_sum(output * upstream)
    expected = interpolate(attributes, faces, arrays.face_id, arrays.barycentrics)
    assert_close(output, expected, rtol=1e-6)
    gradients = interpolate_gradient(attributes, faces, arrays, upstream)
    for ours, expected in zip(tape.gradient(loss, inputs), gradients, strict=True):
        assert_close(ours, expected, rtol=1e-5)


@pytest.mark.parametrize(("side", "num_channels"), [(1, 3), (2, 3), (4, 1), (3, 6)])
@pytest.mark.parametrize("shared", [False, True], ids=["one per item", "shared"])
def test_face_texture(mesh, dtype, side, shared, num_channels):
    num_faces = mesh[1].shape[-2]
    fragments, arrays = _fragments(mesh, (17, 30), cull="none")
    rng = np.random.default_rng(3)
    items = 1 if shared else BATCH
    textures = rng.uniform(size=[items, num_faces, side, side, side, num_channels]).astype(dtype)
    upstream = _upstream([BATCH, 17, 30, num_channels], dtype, seed=6)
    inputs = [tf.constant(textures), fragments.barycentrics]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        moved = fragments._replace(barycentrics=inputs[1])
        output = ops.face_texture(inputs[0], moved, eps=EPS, barycentrics_gradient=True)
        loss = tf.reduce_sum(output * upstream)
    expected = face_texture(textures, arrays.face_id, arrays.barycentrics, eps=EPS)
    assert_close(output, expected, rtol=1e-6)
    gradients = face_texture_gradient(textures, arrays, upstream, eps=EPS)
    for ours, expected in zip(tape.gradient(loss, inputs), gradients, strict=True):
        assert_close(ours, expected, rtol=1e-5)


@pytest.mark.parametrize(("num_channels", "cull"), [(1, "none"), (4, "back")])
def test_n3mr(mesh, image_size, dtype, num_channels, cull):
    vertices, faces = mesh
    _, arrays = _fragments(mesh, image_size, cull=cull)
    image = np.random.default_rng(2).uniform(size=[BATCH, *image_size, num_channels]).astype(dtype)
    image *= arrays.face_id[..., None] >= 0
    upstream = _upstream(image.shape, dtype)
    inputs = [tf.constant(image), tf.constant(vertices)]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        output = ops.n3mr(*inputs, faces, arrays.face_id, eps=EPS)
        loss = tf.reduce_sum(output * upstream)
    to_image, to_vertices = tape.gradient(loss, inputs)
    assert np.array_equal(output, image)
    assert np.array_equal(to_image, upstream)
    expected = n3mr_gradient(image, vertices, faces, arrays.face_id, upstream, eps=EPS)
    assert_close(to_vertices, expected, rtol=RTOL[dtype])


def test_n3mr_with_edges_through_pixel_centres(dtype):
    """An edge at distance exactly 0 from a pixel: rounding has no say, the sign of eps has."""
    side = 16
    corners = np.array([[2, 3], [12, 3], [2, 13], [12, 13], [4, 5], [9, 5], [9, 10]])
    screen = np.concatenate([(2.0 * corners + 1.0 - side) / side, np.full([7, 1], 2.0)], axis=-1)
    screen[4:, 2] = 1.0
    vertices = screen_to_clip(screen)[None].astype(dtype)
    faces = np.array([[0, 1, 2], [1, 3, 2], [4, 5, 6]], np.int32)
    tensor = tf.constant(vertices)
    _, arrays = _fragments((vertices, faces), (side, side))
    image = np.random.default_rng(2).uniform(size=[1, side, side, 2]).astype(dtype)
    upstream = _upstream(image.shape, dtype)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        output = ops.n3mr(image, tensor, faces, arrays.face_id, eps=EPS)
        loss = tf.reduce_sum(output * upstream)
    expected = n3mr_gradient(image, vertices, faces, arrays.face_id, upstream, eps=EPS)
    assert_close(tape.gradient(loss, tensor), expected, rtol=RTOL[dtype])


def test_chain_of_smooth_ops_meets_finite_differences():
    """The tape alone, without the oracles: attributes, textures and vertices inside one face."""
    vertices, faces = grid(1, 1, half_extent=1.7, dtype=np.float64)
    rng = np.random.default_rng(4)
    attributes = rng.normal(size=[1, 4, 2])
    textures = rng.uniform(size=[1, 2, 2, 2, 2, 2])
    upstream = tf.constant(rng.normal(size=[1, 4, 5, 2]))

    def loss(vertices, attributes, textures):
        fragments = ops.rasterize(vertices, faces, image_size=(4, 5))
        image = ops.interpolate(attributes, faces, fragments)
        image += ops.face_texture(textures, fragments, barycentrics_gradient=True)
        return tf.reduce_sum(image * upstream) + tf.reduce_sum(fragments.depth**2)

    # A diagonal through pixel centres would make coverage change within a step.
    vertices[0, 1] *= 1.01
    check_gradients(loss, [vertices, attributes, textures])
