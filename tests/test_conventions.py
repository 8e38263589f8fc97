"""Pins the conventions of the library: which pixel lights up, which way is up, what depth means.

Expected places are computed with each camera convention's own formulas in NumPy, backwards: from a
pixel and a depth to a world point. A triangle smaller than the pixel, drawn there through the whole
library, must light exactly that pixel.
"""

import numpy as np
import pytest
import tensorflow as tf

from tests.support.unprojection import (
    AT,
    CAMERAS,
    HEIGHT,
    SIZE,
    WIDTH,
    camera_axes,
    pixels_to_ndc,
)
from tf_mesh_renderer import ops
from tf_mesh_renderer.geometry import Mesh, face_is_front
from tf_mesh_renderer.rendering import render

# Offsets (row, column) of a triangle inside one pixel, counter-clockwise with y up.
CORNERS = np.array([[0.3, -0.4], [0.3, 0.4], [-0.4, 0.0]])
PIXEL = np.array([7, 31])
PIXELS = [(0, 0), (0, WIDTH - 1), (HEIGHT - 1, 0), (7, 31)]
TRIANGLE = np.array([[0, 1, 2]], np.int32)


def _draw(camera, points, faces=TRIANGLE, **options):
    clip = camera.project(tf.constant(points, tf.float32))
    settings = {"near": camera.near, "far": camera.far, "depth_from": camera.depth_from}
    return clip, ops.rasterize(clip, faces, image_size=SIZE, **(settings | options))


@pytest.mark.parametrize("pixel", PIXELS)
@pytest.mark.parametrize("name", CAMERAS)
def test_every_camera_lights_the_right_pixel_at_the_right_depth(name, pixel):
    camera, unproject = CAMERAS[name]()
    clip, fragments = _draw(camera, unproject(pixel + CORNERS, 4.0))
    expected = np.full([1, HEIGHT, WIDTH], -1)
    expected[0, pixel[0], pixel[1]] = 0
    np.testing.assert_array_equal(fragments.face_id, expected)
    # Depth is the distance along the axis in world units, 0 where nothing is seen.
    np.testing.assert_allclose(fragments.depth, np.where(expected == 0, 4.0, 0.0), rtol=2e-5)
    assert bool(face_is_front(clip, TRIANGLE))


@pytest.mark.parametrize("name", CAMERAS)
def test_counter_clockwise_with_y_up_is_the_front(name):
    camera, unproject = CAMERAS[name]()
    points, reversed_face = unproject(PIXEL + CORNERS, 4.0), TRIANGLE[:, ::-1]
    drawn = {
        (order, cull): bool(np.any(_draw(camera, points, faces, cull=cull)[1].face_id >= 0))
        for order, faces in (("front", TRIANGLE), ("back", reversed_face))
        for cull in ("back", "front", "none")
    }
    assert [drawn["front", cull] for cull in ("back", "front", "none")] == [True, False, True]
    assert [drawn["back", cull] for cull in ("back", "front", "none")] == [False, True, True]
    # Back faces are culled unless something else is asked for.
    assert not np.any(_draw(camera, points, reversed_face)[1].face_id >= 0)


@pytest.mark.parametrize("name", CAMERAS)
def test_nothing_is_drawn_at_or_beyond_the_depth_range(name):
    camera, unproject = CAMERAS[name]()
    for depth in (camera.near * 0.5, camera.far * 1.5, -4.0):
        fragments = _draw(camera, unproject(PIXEL + CORNERS, depth), cull="none")[1]
        np.testing.assert_array_equal(fragments.face_id, np.full([1, HEIGHT, WIDTH], -1))


@pytest.mark.parametrize("name", ["look_at", "look_at_left_handed", "n3mr"])
def test_mirrors_tells_whether_outward_faces_appear_clockwise(name):
    camera = CAMERAS[name]()[0]
    forward = camera_axes("right")[2]
    # A triangle whose right-hand normal points to the camera.
    across = np.cross(forward, [0.0, 1.0, 0.0])
    points = AT + 0.3 * np.stack([across, np.cross(across, forward), -across])
    clip = camera.project(points)
    assert bool(camera.mirrors) != bool(face_is_front(clip, TRIANGLE))


# --- the rasterizer alone -------------------------------------------------------------------------


def _clip(points, dtype=np.float32):
    """(x, y, depth) screen points to clip space [1, V, 4]."""
    x, y, depth = np.moveaxis(np.asarray(points, float), -1, 0)
    return np.stack([x * depth, y * depth, depth, depth], axis=-1)[None].astype(dtype)


def _square(low, high, depth):
    """Corners from the lower left, counter-clockwise."""
    return [[low, low, depth], [high, low, depth], [high, high, depth], [low, high, depth]]


SPLIT = np.array([[0, 1, 2], [0, 2, 3]], np.int32)


def test_row_zero_is_the_top_and_column_zero_the_left():
    top_left = _clip([[-1, 0, 1], [0, 1, 1], [-1, 1, 1]])
    face_id = ops.rasterize(top_left, TRIANGLE, image_size=(4, 6)).face_id
    assert face_id.shape == [1, 4, 6]
    assert face_id.dtype == tf.int32
    drawn = np.argwhere(face_id[0] == 0)
    assert len(drawn)
    assert drawn[:, 0].max() < 2
    assert drawn[:, 1].max() < 3
    assert face_id[0, 0, 0] == 0


def test_background_is_minus_one_with_zeros():
    fragments = ops.rasterize(_clip(_square(-3, -2, 1.0)), SPLIT, image_size=(3, 4))
    np.testing.assert_array_equal(fragments.face_id, np.full([1, 3, 4], -1))
    np.testing.assert_array_equal(fragments.barycentrics, np.zeros([1, 3, 4, 3]))
    np.testing.assert_array_equal(fragments.depth, np.zeros([1, 3, 4]))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_edges_are_inclusive_and_watertight(dtype):
    # In a 4 x 4 image centres lie at odd multiples of 1/4: borders and diagonal of the square pass
    # exactly through centres.
    face_id = ops.rasterize(
        _clip(_square(-0.75, 0.75, 1.0), dtype), SPLIT, image_size=(4, 4)
    ).face_id
    # Of two faces on one edge the lower id wins: the diagonal belongs to face 0.
    expected = [[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]
    np.testing.assert_array_equal(face_id[0], expected)
    swapped = ops.rasterize(_clip(_square(-0.75, 0.75, 1.0), dtype), SPLIT[::-1], image_size=(4, 4))
    expected = [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 1], [0, 1, 1, 1]]
    np.testing.assert_array_equal(swapped.face_id[0], expected)
    inner = ops.rasterize(_clip(_square(-0.7, 0.7, 1.0), dtype), SPLIT, image_size=(4, 4)).face_id
    assert np.sum(inner >= 0) == 4


def test_nearest_depth_wins_and_ties_go_to_the_lowest_id():
    points = _square(-1, 1, 3.0) + _square(-1, 1, 2.0) + _square(-1, 1, 2.0)
    faces = np.concatenate([SPLIT, SPLIT + 4, SPLIT + 8])
    fragments = ops.rasterize(_clip(points), faces, image_size=(5, 7))
    assert set(np.unique(fragments.face_id)) == {2, 3}
    np.testing.assert_allclose(fragments.depth, 2.0, rtol=1e-6)
    backwards = ops.rasterize(_clip(points), faces[::-1], image_size=(5, 7))
    assert set(np.unique(backwards.face_id)) == {0, 1}


def test_barycentrics_belong_to_the_corners_in_order_and_are_perspective_correct():
    corners = np.array([[-1.0, -1.0, 1.0], [1.0, -1.0, 2.0], [-1.0, 1.0, 5.0]])
    fragments = ops.rasterize(_clip(corners, np.float64), TRIANGLE, image_size=SIZE)
    covered = fragments.face_id[0].numpy() == 0
    weights = fragments.barycentrics[0].numpy()[covered]
    view = np.concatenate([corners[:, :2] * corners[:, 2:], corners[:, 2:]], axis=-1)
    points = weights @ view
    rows, columns = np.nonzero(covered)
    expected = pixels_to_ndc(np.stack([rows, columns], axis=-1))
    np.testing.assert_allclose(points[:, :2] / points[:, 2:], expected, atol=1e-12)
    np.testing.assert_allclose(points[:, 2], fragments.depth[0].numpy()[covered], rtol=1e-12)
    np.testing.assert_allclose(weights.sum(axis=-1), 1.0, rtol=1e-12)


def test_near_and_far_are_exclusive_and_depth_is_linear():
    clip = _clip(_square(-1, 1, 2.0))

    def is_drawn(**depth_range):
        return bool(
            np.all(ops.rasterize(clip, SPLIT, image_size=(3, 3), **depth_range).face_id >= 0)
        )

    assert is_drawn(near=1.9, far=2.1)
    assert not is_drawn(near=2.1)
    assert not is_drawn(far=1.9)
    tilted = _clip([[-1, -1, 1], [1, -1, 3], [1, 1, 3], [-1, 1, 1]], np.float64)
    depth = ops.rasterize(tilted, SPLIT, image_size=(1, 50)).depth[0, 0].numpy()
    # Under perspective 1 / depth is linear over the image, for this plane from 1 to 1/3.
    np.testing.assert_allclose(1 / depth, 1 - (np.arange(50) + 0.5) / 50 * 2 / 3, rtol=1e-12)


def test_rows_of_minus_one_are_padding():
    faces = np.concatenate([np.full([2, 3], -1, np.int32), SPLIT])
    face_id = ops.rasterize(_clip(_square(-1, 1, 1.0)), faces, image_size=(4, 4)).face_id
    assert set(np.unique(face_id)) == {2, 3}


def test_faces_through_the_camera_plane_are_drawn_exactly():
    # The floor y = -1 from behind the camera to far ahead fills the lower half of the image.
    view = np.array([[-50.0, -1, -20], [50, -1, -20], [50, -1, 1e4], [-50, -1, 1e4]])
    clip = np.concatenate([view, view[:, 2:]], axis=-1)[None]
    depth = ops.rasterize(clip, SPLIT, image_size=(8, 5), cull="none").depth[0].numpy()
    y = (8 - 2 * np.arange(8) - 1) / 8
    expected = np.where(y < 0, -1 / y, 0)
    np.testing.assert_allclose(depth, np.tile(expected[:, None], 5), rtol=1e-9)


def test_images_have_channels_last_and_alpha_behind_them():
    camera, unproject = CAMERAS["look_at"]()
    mesh = Mesh(unproject(PIXEL + CORNERS, 4.0).astype(np.float32), TRIANGLE)
    background = (0.1, 0.2, 0.3)
    image = render(mesh, camera, image_size=SIZE, background=background, anti_aliasing=False)
    assert image.shape == [1, HEIGHT, WIDTH, 4]
    assert image.dtype == tf.float32
    expected = np.tile(np.array([*background, 0.0], np.float32), (HEIGHT, WIDTH, 1))
    expected[7, 31] = 1.0
    np.testing.assert_allclose(image[0], expected, rtol=1e-6)
