"""Extreme sizes, extreme numbers, wrong input: a finite result or a clear error, never a crash."""

import numpy as np
import pytest
import tensorflow as tf

from tests.support.scenes import grid, triangle_soup
from tf_mesh_renderer import ops


def _gradient(vertices, faces, image_size, **options):
    """Fragments, and the gradient of the sum of all of them."""
    vertices = tf.constant(vertices)
    with tf.GradientTape() as tape:
        tape.watch(vertices)
        fragments = ops.rasterize(vertices, faces, image_size=image_size, **options)
        alpha = ops.n3mr(fragments.mask[..., None], vertices, faces, fragments.face_id)
        loss = tf.reduce_sum(fragments.barycentrics[..., 0] + fragments.depth)
        loss -= tf.reduce_sum(alpha)
    return fragments, tape.gradient(loss, vertices).numpy()


def _cube(dtype=np.float32):
    """Eight corners at +-1 around the camera and twelve faces; clip space of a wide-angle lens."""
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float64)
    quads = [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]
    faces = [triangle for a, b, c, d in quads for triangle in ([a, b, c], [a, c, d])]
    x, y, z = corners.T
    clip = np.stack([x / 2.0, y / 2.0, z, z], axis=-1)[None]
    return clip.astype(dtype), np.array(faces, np.int32)


@pytest.mark.parametrize("image_size", [(1, 1), (32, 32), (31, 64)], ids=str)
def test_camera_inside_a_cube_sees_its_walls_at_their_distance(image_size):
    vertices, faces = _cube()
    fragments, gradient = _gradient(vertices, faces, image_size, cull="none")
    height, width = image_size
    x = 2.0 * (2.0 * np.arange(width) + 1.0 - width) / width
    y = 2.0 * (height - 2.0 * np.arange(height) - 1.0) / height
    expected = 1.0 / np.maximum(1.0, np.maximum(np.abs(x), np.abs(y)[:, None]))
    assert np.all(fragments.face_id.numpy() >= 0)
    np.testing.assert_allclose(fragments.depth[0], expected, rtol=1e-5)
    assert np.all(np.isfinite(gradient))


def test_one_pixel_shows_what_lies_on_the_axis():
    vertices, faces = grid(1, 1, depth=3.0)
    fragments, gradient = _gradient(vertices, faces, (1, 1))
    assert fragments.face_id.numpy().item() == 0  # on the diagonal: the lowest id
    assert fragments.depth.numpy().item() == pytest.approx(3.0)
    assert np.all(np.isfinite(gradient))


def test_a_large_image_equals_a_small_one_seen_through_a_magnifying_glass():
    """Pixels of a 4096 x 4096 image against the same pixels drawn as a 16 x 16 image."""
    side, window = 4096, 16
    vertices, faces = triangle_soup(2, 40, size=1.5, dtype=np.float64)
    whole = ops.rasterize(vertices.astype(np.float32), faces, image_size=(side, side), cull="none")
    for row, column in ((0, 0), (2040, 1000), (4080, 4080), (1777, 3333)):
        centre_x = (2 * column + window - side) / side
        centre_y = (side - 2 * row - window) / side
        seen = vertices.copy()
        seen[..., 0] = (vertices[..., 0] - centre_x * vertices[..., 3]) * side / window
        seen[..., 1] = (vertices[..., 1] - centre_y * vertices[..., 3]) * side / window
        part = ops.rasterize(seen, faces, image_size=(window, window), cull="none")
        rows, columns = slice(row, row + window), slice(column, column + window)
        ids = whole.face_id[0, rows, columns].numpy()
        same = ids == part.face_id[0].numpy()
        assert np.mean(same) > 0.98  # the rest lies on edges that float32 vertices moved
        depth = whole.depth[0, rows, columns].numpy()
        np.testing.assert_allclose(depth[same], part.depth[0].numpy()[same], rtol=2e-4)


def test_gradient_of_a_large_image():
    vertices, faces = grid(1, 1, depth=2.0, half_extent=1.0)
    fragments, gradient = _gradient(vertices, faces, (4096, 4096))
    assert np.all(fragments.face_id.numpy() >= 0)
    # Scaling all of clip space by 1 + t scales every depth by 1 + t: Euler's theorem.
    total = np.sum(gradient.astype(np.float64) * vertices)
    assert total == pytest.approx(2.0 * 4096**2, rel=1e-3)


def test_a_million_faces_all_land_where_they_belong():
    columns, rows = 1000, 500
    vertices, faces = grid(columns, rows)
    height, width = 250, 500
    fragments, gradient = _gradient(vertices, faces, (height, width))
    face_id = fragments.face_id.numpy()[0]
    # Lower triangles first, then upper ones; y of the grid points up, rows down.
    cell = face_id % (columns * rows)
    x = (np.arange(width) + 0.5) * columns / width
    y = (height - np.arange(height) - 0.5)[:, None] * rows / height
    assert np.all(np.abs(cell % columns + 0.5 - x) <= 1.0)
    assert np.all(np.abs(cell // columns + 0.5 - y) <= 1.0)
    assert np.all(np.isfinite(gradient))


@pytest.mark.parametrize("batch", [0, 1, 3])
@pytest.mark.parametrize("num_faces", [0, 2])
def test_empty_batch_and_faces(batch, num_faces):
    vertices = np.zeros([batch, 3, 4], np.float32)
    faces = np.zeros([num_faces, 3], np.int32)
    fragments, gradient = _gradient(vertices, faces, (4, 5))
    assert fragments.face_id.shape == [batch, 4, 5]
    assert np.all(fragments.face_id.numpy() == -1)
    assert gradient.shape == vertices.shape
    assert np.all(gradient == 0.0)


def test_no_vertices():
    faces = np.full([2, 3], -1, np.int32)
    fragments, gradient = _gradient(np.zeros([2, 0, 4], np.float32), faces, (4, 5))
    assert np.all(fragments.face_id.numpy() == -1)
    assert gradient.shape == (2, 0, 4)


@pytest.mark.parametrize("scale", [1e-30, 1e-12, 1e12, 1e30])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scaling_clip_space_changes_depth_only(scale, dtype):
    vertices, faces = triangle_soup(4, 12, dtype=dtype)
    plain = ops.rasterize(vertices, faces, image_size=(20, 24), cull="none")
    scaled, gradient = _gradient(vertices * dtype(scale), faces, (20, 24), cull="none")
    assert np.array_equal(scaled.face_id, plain.face_id)
    np.testing.assert_allclose(scaled.barycentrics, plain.barycentrics, atol=1e-4)
    np.testing.assert_allclose(scaled.depth, plain.depth * scale, rtol=1e-4)
    assert not np.any(np.isnan(gradient))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("near", "far", "drawn"),
    [(2.0, 9.0, False), (1.0, 2.0, False), (1.9999, 9.0, True), (1.0, 2.0001, True)],
)
def test_depth_limits_are_exclusive(dtype, near, far, drawn):
    vertices, faces = grid(1, 1, depth=2.0, dtype=dtype)
    fragments = ops.rasterize(vertices, faces, image_size=(8, 8), near=near, far=far)
    assert np.all((fragments.face_id.numpy() >= 0) == drawn)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("z", "drawn"), [(-1, False), (1, False), (-0.9999, True), (0.9999, True)])
def test_limits_of_normalized_depth_are_exclusive(dtype, z, drawn):
    vertices, faces = grid(1, 1, depth=2.0, dtype=dtype)
    vertices[..., 2] = z * vertices[..., 3]
    options = {"near": 3.0, "far": 5.0, "depth_from": "z"}
    fragments = ops.rasterize(vertices, faces, image_size=(8, 8), **options)
    assert np.all((fragments.face_id.numpy() >= 0) == drawn)
    expected = 3.0 + (z + 1.0) if drawn else 0.0
    np.testing.assert_allclose(fragments.depth, np.full([1, 8, 8], expected), rtol=1e-5)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("component", range(4))
def test_a_vertex_that_is_not_finite_is_an_error(value, component):
    vertices, faces = triangle_soup(1, 3)
    vertices[0, 4, component] = value
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"vertices_clip.*[Hh]int"):
        ops.rasterize(vertices, faces, image_size=(8, 8))


@pytest.mark.parametrize("index", [-2, 9, 2**31 - 1])
def test_a_face_index_out_of_range_is_an_error(index):
    vertices, faces = triangle_soup(1, 3)
    faces[1, 2] = index
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"faces.*[Hh]int"):
        ops.rasterize(vertices, faces, image_size=(8, 8))


@pytest.mark.parametrize("image_size", [(0, 8), (8, -1), (2**30, 8)], ids=str)
def test_an_impossible_image_size_is_an_error(image_size):
    vertices, faces = triangle_soup(1, 3)
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError), match="image_size"):
        ops.rasterize(vertices, faces, image_size=image_size)


def _soft_silhouette(vertices, faces, face_id, **options):
    vertices = tf.constant(vertices)
    with tf.GradientTape() as tape:
        tape.watch(vertices)
        mask = ops.dibr_mask(vertices, faces, face_id, **options)
    return mask.numpy(), tape.gradient(mask, vertices).numpy()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("image_size", [(1, 1), (32, 32), (31, 64)], ids=str)
def test_a_silhouette_around_the_camera_is_made_of_what_lies_in_front(image_size, dtype):
    """Only the wall ahead is in front of the camera with all its corners."""
    vertices, faces = _cube(dtype)
    ahead = faces[np.all(vertices[0, faces, 3] > 0.0, axis=-1)]
    assert len(ahead) == 2
    empty = np.full([1, *image_size], -1)
    options = {"sigma_inv": 10.0, "box_length": 2.0}
    mask, gradient = _soft_silhouette(vertices, faces, empty, **options)
    np.testing.assert_array_equal(mask, ops.dibr_mask(vertices, ahead, empty, **options))
    assert np.all((mask > 0.0) & (mask <= 1.0))
    assert np.all(np.isfinite(gradient))
    assert not np.any(gradient[vertices[..., 3] < 0.0])


@pytest.mark.parametrize("scale", [1e-30, 1e-12, 1e12, 1e30])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scaling_clip_space_leaves_a_soft_silhouette_alone(scale, dtype):
    vertices, faces = triangle_soup(4, 12, size=0.2, dtype=dtype)
    empty = np.full([1, 20, 24], -1)
    plain, gradient = _soft_silhouette(vertices, faces, empty, box_length=0.1)
    scaled, scaled_gradient = _soft_silhouette(
        vertices * dtype(scale), faces, empty, box_length=0.1
    )
    tolerance = 1e-4 * np.max(np.abs(gradient))
    np.testing.assert_allclose(scaled, plain, atol=1e-4)
    np.testing.assert_allclose(scaled_gradient * scale, gradient, atol=tolerance)


def test_a_soft_silhouette_of_a_large_image_equals_one_through_a_magnifying_glass():
    side, window = 4096, 16
    vertices, faces = triangle_soup(2, 40, size=0.1, dtype=np.float64)
    options = {"sigma_inv": 7000.0, "box_length": 0.02}
    empty = np.full([1, side, side], -1)
    whole = ops.dibr_mask(vertices, faces, empty, **options).numpy()
    row, column = np.unravel_index(np.argmax((whole[0] > 0.3) & (whole[0] < 0.5)), (side, side))
    rows, columns = slice(row, row + window), slice(column, column + window)
    seen = vertices.copy()
    seen[..., 0] -= (2 * column + window - side) / side * vertices[..., 3]
    seen[..., 1] -= (side - 2 * row - window) / side * vertices[..., 3]
    seen[..., :2] *= side / window
    part = ops.dibr_mask(
        seen,
        faces,
        np.full([1, window, window], -1),
        sigma_inv=options["sigma_inv"] * (window / side) ** 2,
        box_length=options["box_length"] * side / window,
    )
    np.testing.assert_allclose(whole[:, rows, columns], part, atol=1e-6)


@pytest.mark.parametrize("argument", ["vertices_clip", "faces", "face_id"])
def test_wrong_values_for_a_soft_silhouette_are_errors(argument):
    vertices, faces = triangle_soup(1, 3)
    arguments = {"vertices_clip": vertices, "faces": faces, "face_id": np.full([1, 8, 8], -1)}
    arguments[argument].flat[5] = np.nan if argument == "vertices_clip" else 77
    with pytest.raises(tf.errors.InvalidArgumentError, match=rf"DibrMask.*{argument}.*[Hh]int"):
        ops.dibr_mask(**arguments)
