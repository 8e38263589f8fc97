"""Crops, padding, mirroring: pixels, keypoints and cameras stay together."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from tests.datasets.annotated.conftest import annotation_of
from tf_mesh_renderer.cameras import weak_perspective
from tf_mesh_renderer.datasets.annotated import crops

RNG = np.random.default_rng(3)
ANNOTATION = annotation_of(np.random.default_rng(8), "picture.png", 6)
PIXELS = RNG.random([30, 40, 4]).astype(np.float32)
STILL = np.zeros(4)
MIRROR = np.array([1, 0, 2, 3, 5, 4])


def test_the_square_is_the_padded_box_with_the_shorter_side_grown():
    # 28 x 12 pixels; 5 % are 1.4 and 0.6.
    square = crops.Square.around(ANNOTATION.box, STILL)
    assert square == crops.Square(left=4, top=-1, side=30)


def test_jitter_moves_every_side_by_its_share():
    box = np.array([0.0, 0.0, 99.0, 49.0])
    assert crops.Square.around(box, STILL) == crops.Square(left=-5, top=-30, side=110)
    outwards = crops.Square.around(box, np.array([0.05, 0.0, 0.05, 0.0]))
    assert outwards == crops.Square(left=-10, top=-34, side=120)
    left_only = crops.Square.around(box, np.array([0.03, 0.0, 0.0, 0.0]))
    assert (left_only.left, left_only.side) == (-8, 113)


def test_what_is_outside_the_picture_is_white_without_mask():
    cut = crops.Square(left=35, top=-2, side=10).crop(PIXELS)
    np.testing.assert_array_equal(cut[2:, :5], PIXELS[:8, 35:])
    np.testing.assert_array_equal(cut[:2], np.broadcast_to([1, 1, 1, 0], [2, 10, 4]))
    np.testing.assert_array_equal(cut[:, 5:], np.broadcast_to([1, 1, 1, 0], [10, 5, 4]))
    aside = crops.Square(left=100, top=100, side=3).crop(PIXELS)
    np.testing.assert_array_equal(aside, np.broadcast_to([1, 1, 1, 0], [3, 3, 4]))


def test_coordinates_reach_from_edge_to_edge():
    square = crops.Square(left=4, top=-1, side=30)
    corners = np.array([[4, -1], [33, 28]])  # centres of the first and the last pixel
    np.testing.assert_allclose(square.coordinates(corners), [[1 / 30 - 1] * 2, [1 - 1 / 30] * 2])


def test_keypoints_stay_on_their_pixels():
    marked = PIXELS * 0
    annotation = annotation_of(np.random.default_rng(1), "picture.png", 6)
    annotation.keypoints[:, :2] = np.round(annotation.keypoints[:, :2])
    for number, (x, y, _) in enumerate(annotation.keypoints):
        marked[int(y), int(x), 0] = number + 1
    picture = crops.crop(annotation, marked, np.array([0.05, -0.02, 0.01, 0.03]))
    side = len(picture.image)
    for number, (x, y, visible) in enumerate(picture.keypoints):
        if visible:
            column, row = (int(np.floor((u + 1) / 2 * side)) for u in (x, y))
            assert picture.image[row, column, 0] == number + 1
        else:
            np.testing.assert_array_equal([x, y], [0, 0])


def _projected(pose, points):
    return weak_perspective(points, pose[0], pose[1:3], pose[3:]).numpy()


def test_the_camera_stays_on_its_pixels():
    points = RNG.uniform(-0.5, 0.5, [5, 3])
    turned = points @ ANNOTATION.rotation.T
    pixels = ANNOTATION.scale * turned[:, :2] + ANNOTATION.translation
    picture = crops.crop(ANNOTATION, PIXELS, STILL)
    expected = crops.Square.around(ANNOTATION.box, STILL).coordinates(pixels)
    np.testing.assert_allclose(_projected(picture.pose, points), expected, atol=1e-5)


def test_a_mirror_image_shows_the_mirrored_object():
    points = RNG.uniform(-0.5, 0.5, [6, 3]).astype(np.float32)
    picture = crops.crop(ANNOTATION, PIXELS, STILL)
    mirrored = picture.mirrored(MIRROR)
    np.testing.assert_array_equal(mirrored.image, picture.image[:, ::-1])
    seen = _projected(picture.pose, points)
    other = _projected(mirrored.pose, points * [-1, 1, 1])
    np.testing.assert_allclose(other, seen * [-1, 1], atol=1e-6)
    # The camera is diag(-1, 1, 1) R diag(-1, 1, 1), a rotation again.
    flip = np.diag([-1.0, 1, 1])
    quaternion = Rotation.from_quat(mirrored.pose[3:], scalar_first=True)
    np.testing.assert_allclose(quaternion.as_matrix(), flip @ ANNOTATION.rotation @ flip, atol=1e-6)
    np.testing.assert_array_equal(
        mirrored.keypoints, picture.keypoints[MIRROR] * np.float32([-1, 1, 1])
    )
    again = mirrored.mirrored(MIRROR)
    for name in ("image", "keypoints", "pose"):
        np.testing.assert_array_equal(getattr(again, name), getattr(picture, name))


@pytest.mark.parametrize("mirror", [True, False])
def test_jitter_is_within_its_limits_and_mirrors_half(mirror):
    rng = np.random.default_rng(0)
    drawn = [crops.Jitter.draw(rng, amount=0.1, mirror=mirror) for _ in range(400)]
    sides = np.array([jitter.sides for jitter in drawn])
    assert np.all(np.abs(sides) <= 0.1)
    assert np.all(np.abs(sides.mean(axis=0)) < 0.015)  # 5 deviations of a mean of 400
    share = np.mean([jitter.mirrored for jitter in drawn])
    assert share == 0 if not mirror else abs(share - 0.5) < 0.125
