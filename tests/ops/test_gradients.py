"""Registered gradients against central differences in float64."""

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import check_gradients
from tests.support.scenes import grid, triangle_soup
from tf_mesh_renderer.ops import Fragments, face_texture, interpolate, rasterize

IMAGE_SIZE = (7, 9)
DEPTH_RANGES = {"w": {"near": 0.25, "far": 16.0}, "z": {"near": -1.0, "far": 3.0}}


def _weighted_sum(value, seed):
    """A scalar that tells all entries of `value` apart."""
    weights = np.random.default_rng(seed).normal(size=value.shape)
    return tf.reduce_sum(value * weights)


def _soup():
    return triangle_soup(3, 5, batch=2, size=2.0, dtype=np.float64)


def _soup_behind_the_camera():
    """Every second triangle has one vertex behind the camera plane."""
    vertices, faces = _soup()
    vertices[:, ::6] *= -0.5
    return vertices, faces


def _shared_vertices():
    vertices, faces = grid(3, 2, half_extent=0.83, dtype=np.float64)
    vertices = np.repeat(vertices, 2, axis=0)
    vertices += np.random.default_rng(1).normal(scale=0.05, size=vertices.shape)
    return vertices, np.stack([faces, faces[::-1]])


def _depth_in_z():
    """z / w is random where w is camera depth."""
    vertices, faces = _soup()
    vertices[..., 2] *= np.random.default_rng(2).uniform(-0.9, 0.9, vertices.shape[:2])
    return vertices, faces


def _orthographic():
    vertices, faces = _depth_in_z()
    return vertices / vertices[..., 3:], faces


SCENES = {
    "soup": (_soup, "w"),
    "soup_behind_the_camera": (_soup_behind_the_camera, "w"),
    "shared_vertices": (_shared_vertices, "w"),
    "orthographic": (_orthographic, "z"),
    "perspective_with_depth_in_z": (_depth_in_z, "z"),
}


@pytest.mark.parametrize("output", ["barycentrics", "depth", "both"])
@pytest.mark.parametrize("scene", SCENES)
def test_rasterize(scene, output):
    make, depth_from = SCENES[scene]
    vertices, faces = make()
    options = {"cull": "none", "depth_from": depth_from, **DEPTH_RANGES[depth_from]}
    seen = rasterize(vertices, faces, image_size=IMAGE_SIZE, **options).face_id
    assert np.mean(seen.numpy() >= 0) > 0.4

    def loss(vertices_clip):
        fragments = rasterize(vertices_clip, faces, image_size=IMAGE_SIZE, **options)
        np.testing.assert_array_equal(fragments.face_id, seen)
        barycentrics = _weighted_sum(fragments.barycentrics, 0)
        depth = _weighted_sum(fragments.depth, 1)
        return {"barycentrics": barycentrics, "depth": depth, "both": barycentrics + depth}[output]

    check_gradients(loss, [vertices])


@pytest.mark.parametrize("num_channels", [1, 3, 17])
def test_interpolate(num_channels):
    vertices, faces = _shared_vertices()
    fragments = rasterize(vertices, faces, image_size=IMAGE_SIZE)
    attributes = np.random.default_rng(0).normal(size=(*vertices.shape[:2], num_channels))

    def loss(attributes, barycentrics):
        given = Fragments(fragments.face_id, barycentrics, fragments.depth)
        return _weighted_sum(interpolate(attributes, faces, given), 1)

    check_gradients(loss, [attributes, fragments.barycentrics])


def _barycentrics_inside_cells(shape):
    """Random weights whose positions in a cube stay clear of its ends."""
    return np.random.default_rng(4).dirichlet([6.0, 6.0, 6.0], size=shape)


@pytest.mark.parametrize("items", [1, 2])
@pytest.mark.parametrize("side", [1, 2, 4])
def test_face_texture(side, items):
    rng = np.random.default_rng(0)
    face_id = rng.integers(-1, 2, size=(2, 3, 5)).astype(np.int32)
    textures = rng.normal(size=(items, 2, side, side, side, 2))
    barycentrics = _barycentrics_inside_cells(face_id.shape)

    def loss(textures, barycentrics):
        given = Fragments(face_id, barycentrics, None)
        return _weighted_sum(face_texture(textures, given, barycentrics_gradient=True), 1)

    check_gradients(loss, [textures, barycentrics])


def test_face_texture_leaves_barycentrics_alone_by_default():
    face_id = np.zeros((1, 2, 3), np.int32)
    barycentrics = tf.constant(_barycentrics_inside_cells(face_id.shape))
    textures = np.random.default_rng(0).normal(size=(1, 1, 2, 2, 2, 3))
    with tf.GradientTape() as tape:
        tape.watch(barycentrics)
        output = face_texture(textures, Fragments(face_id, barycentrics, None))
    assert tape.gradient(output, barycentrics) is None


def test_interpolated_positions_move_with_their_vertices():
    """Chain of two ops: what a pixel sees of a moving plane x + y + w = 1 does not move."""
    vertices, faces = _shared_vertices()

    def loss(vertices_clip):
        fragments = rasterize(vertices_clip, faces, image_size=IMAGE_SIZE)
        return _weighted_sum(interpolate(vertices_clip, faces, fragments), 1)

    check_gradients(loss, [vertices])


@pytest.mark.parametrize("depth_from", ["w", "z"])
@pytest.mark.parametrize("upstream", [np.nan, np.inf])
def test_upstream_that_is_not_finite_reaches_the_vertices_it_belongs_to(depth_from, upstream):
    """Or loss scaling would take the step it must skip."""
    vertices, faces = _soup()
    vertices = tf.constant(vertices)
    with tf.GradientTape() as tape:
        tape.watch(vertices)
        fragments = rasterize(
            vertices, faces, image_size=IMAGE_SIZE, depth_from=depth_from, near=-1.0, far=9.0
        )
        loss = upstream * tf.reduce_sum(fragments.depth[0])
    first, second = np.isfinite(tape.gradient(loss, vertices).numpy()).all(axis=-1)
    seen = np.unique(faces[np.unique(fragments.face_id[0])[1:]])
    np.testing.assert_array_equal(np.flatnonzero(~first), seen)
    assert second.all()
