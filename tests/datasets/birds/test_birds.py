"""Procedural birds: their annotations are true, and both readers take them."""

import dataclasses

import numpy as np
import pytest

from tf_mesh_renderer import io
from tf_mesh_renderer.cameras import weak_perspective
from tf_mesh_renderer.datasets import AnnotatedPictures, Cub, Pascal3d
from tf_mesh_renderer.datasets.birds import __main__ as program
from tf_mesh_renderer.datasets.birds import draw_bird_shape, generation, make_bird
from tf_mesh_renderer.datasets.birds.shapes import DIRECTIONS, keypoint_vertices
from tf_mesh_renderer.datasets.cub import KEYPOINT_MIRROR, KEYPOINTS
from tf_mesh_renderer.geometry import quaternion_from_rotation

MIRROR = np.array([-1.0, 1.0, 1.0])


def test_a_bird_is_its_own_mirror_image():
    shape = draw_bird_shape(np.random.default_rng(1))
    other = np.argmax(DIRECTIONS * MIRROR @ DIRECTIONS.T, axis=-1)
    np.testing.assert_allclose(shape.vertices[other], shape.vertices * MIRROR, atol=1e-6)
    np.testing.assert_allclose(shape.colors[other], shape.colors, atol=1e-6)
    mirrored = shape.keypoints[list(KEYPOINT_MIRROR)] * MIRROR
    np.testing.assert_allclose(mirrored, shape.keypoints, atol=1e-6)


def test_keypoints_are_where_their_names_say():
    assert len(set(keypoint_vertices())) == len(KEYPOINTS)
    places = dict(zip(KEYPOINTS, draw_bird_shape(np.random.default_rng(1)).keypoints, strict=True))
    assert places["left eye"][0] > 0 > places["right eye"][0]
    assert places["crown"][1] > places["belly"][1]
    assert places["beak"][2] == max(place[2] for place in places.values())
    assert places["tail"][2] == min(place[2] for place in places.values())


@pytest.mark.parametrize("index", range(3))
def test_the_camera_shows_the_shape_where_the_mask_is(index):
    _, annotation = make_bird("train", index, seed=4)
    # The same draws as the picture's.
    rng = np.random.default_rng((4, 0, index))
    shape = draw_bird_shape(rng)
    quaternion = quaternion_from_rotation(annotation.rotation)
    pose = (annotation.scale, annotation.translation, quaternion)
    pixels = weak_perspective(shape.vertices.astype(np.float64), *pose).numpy()
    height, width = annotation.mask.shape
    low, high = (np.clip(f(pixels, axis=0), 0, [width - 1, height - 1]) for f in (np.min, np.max))
    np.testing.assert_allclose(annotation.box, [*low, *high], atol=3.0)  # the beak is thin
    visible = annotation.keypoints[:, 2] > 0
    np.testing.assert_allclose(
        annotation.keypoints[visible, :2], pixels[keypoint_vertices()][visible], atol=1e-9
    )
    assert 3 <= visible.sum() < len(KEYPOINTS)


def test_mean_keypoints_are_those_of_the_mean_bird():
    """Least squares through the cameras finds the points that all pictures share."""
    annotations = [make_bird("train", index, seed=4)[1] for index in range(20)]
    found = AnnotatedPictures("", annotations, KEYPOINT_MIRROR).mean_keypoints
    shapes = [draw_bird_shape(np.random.default_rng((4, 0, index))) for index in range(20)]
    mean = np.mean([shape.keypoints for shape in shapes], axis=0)
    # Birds differ by more than a tenth in length; each keypoint is seen in about half of them.
    np.testing.assert_allclose(found, mean, atol=0.12)
    np.testing.assert_allclose(found, found[list(KEYPOINT_MIRROR)] * MIRROR, atol=1e-12)


def test_a_keypoint_that_is_seen_on_one_side_alone_has_a_mirror_image():
    mirror = np.array(KEYPOINT_MIRROR)
    side = int(np.flatnonzero(mirror != np.arange(len(mirror)))[0])
    annotations = []
    for index in range(20):
        annotation = make_bird("train", index, seed=4)[1]
        keypoints = annotation.keypoints.copy()
        keypoints[mirror[side]] = 0
        annotations.append(dataclasses.replace(annotation, keypoints=keypoints))
    found = AnnotatedPictures("", annotations, KEYPOINT_MIRROR).mean_keypoints
    shapes = [draw_bird_shape(np.random.default_rng((4, 0, index))) for index in range(20)]
    mean = np.mean([shape.keypoints for shape in shapes], axis=0)
    np.testing.assert_allclose(found[side], mean[side], atol=0.12)
    np.testing.assert_allclose(found[mirror[side]], found[side] * MIRROR, atol=1e-12)


def test_a_bird_is_a_function_of_its_arguments():
    one, annotation = make_bird("train", 1, seed=4)
    again, _ = make_bird("train", 1, seed=4)
    np.testing.assert_array_equal(one, again)
    assert one.shape[:2] == annotation.mask.shape
    assert not np.array_equal(annotation.rotation, make_bird("test", 1, seed=4)[1].rotation)


@pytest.mark.parametrize(
    ("layout", "reader", "arguments"),
    [("cub", Cub, ()), ("pascal3d", Pascal3d, (generation.CATEGORY,))],
)
def test_the_program_writes_what_the_readers_read(layout, reader, arguments, tmp_path, capsys):
    flags = ["--train=2", "--test=1", "--seed=4", f"--output={tmp_path}", f"--layout={layout}"]
    assert program.main(["birds", *flags]) == 0
    assert str(tmp_path) in capsys.readouterr().out
    train = reader(tmp_path, "train", *arguments)
    assert (len(train), len(reader(tmp_path, "test", *arguments))) == (2, 1)
    np.testing.assert_array_equal(train.keypoint_mirror, KEYPOINT_MIRROR)
    picture, annotation = make_bird("train", 1, seed=4)
    np.testing.assert_allclose(train.annotations[1].translation, annotation.translation)
    stored = io.read_image(train.directory / annotation.file)
    np.testing.assert_allclose(stored, picture, atol=0.6 / 255)


def test_refusals():
    with pytest.raises(ValueError, match="make_bird: argument `split`"):
        make_bird("tests", 0, seed=0)
    with pytest.raises(ValueError, match="generate: argument `layout`"):
        generation.generate("x", {"train": 1}, layout="coco")
