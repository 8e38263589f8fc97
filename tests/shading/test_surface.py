"""The visible surface: positions, normals and their side, the direction to the viewer."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import assert_close
from tests.support.shading_scene import EYE, FACES, SIZE, VERTICES, scene
from tf_mesh_renderer.cameras import Camera
from tf_mesh_renderer.geometry.normals import vertex_normals
from tf_mesh_renderer.shading import DirectionalLight, Phong, surface_of

KINDS = [Camera.look_at, Camera.orthographic]


def _corners_and_weights(shown):
    """Where a face is seen: vertex ids [N, 3] and barycentrics [N, 3, 1]."""
    covered = shown.fragments.face_id.numpy() >= 0
    ids = shown.faces[shown.fragments.face_id.numpy()[covered]]
    return covered, ids, shown.fragments.barycentrics.numpy()[covered][..., None]


@pytest.mark.parametrize("normals", ["smooth", "flat"])
def test_positions_and_normals_are_those_of_an_oracle(normals):
    shown = scene()
    surface = surface_of(shown, normals=normals)
    covered, ids, weights = _corners_and_weights(shown)
    assert 20 < covered.sum() < covered.size
    corners = VERTICES[0, ids]  # [N, 3, 3]
    assert_close(surface.positions[covered], np.sum(weights * corners, axis=1), rtol=1e-12)
    if normals == "smooth":
        expected = np.sum(weights * vertex_normals(VERTICES, FACES).numpy()[0, ids], axis=1)
    else:
        expected = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    expected /= np.linalg.norm(expected, axis=-1, keepdims=True)
    assert_close(surface.normals[covered], expected, rtol=1e-7)
    for field in (surface.positions, surface.normals):
        assert field.shape == [1, *SIZE, 3]
        assert not np.any(field.numpy()[~covered])


@pytest.mark.parametrize("handedness", ["right", "left"])
@pytest.mark.parametrize("kind", KINDS)
def test_to_eye_points_to_the_viewer(kind, handedness):
    shown = scene(camera=kind(EYE, handedness=handedness))
    surface = surface_of(shown)
    expected = np.broadcast_to(EYE, surface.positions.shape)
    if kind == Camera.look_at:
        expected = EYE - surface.positions
    expected = expected / np.linalg.norm(expected, axis=-1, keepdims=True)
    assert_close(surface.to_eye, expected, rtol=1e-9)


@pytest.mark.parametrize("handedness", ["right", "left"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("order", [1, -1])
def test_normals_stand_on_the_side_that_is_seen(kind, handedness, order):
    camera = kind(EYE, handedness=handedness)
    shown = scene(camera=camera, faces=np.ascontiguousarray(FACES[:, ::order]))
    covered = shown.fragments.face_id >= 0
    flat = surface_of(shown, normals="flat")
    facing = np.sum(flat.normals * flat.to_eye, axis=-1)[covered]
    assert np.all(facing > 0)
    outward = surface_of(scene(camera=camera), normals="smooth").normals
    assert_close(surface_of(shown, normals="smooth").normals, outward, rtol=1e-12)
    one_sided = surface_of(shown, two_sided=False).normals
    assert_close(one_sided, order * outward.numpy(), rtol=1e-12)


def test_a_batch_of_cameras_looks_at_one_mesh():
    eyes = np.stack([EYE, -EYE, [2.0, -1.0, 0.5]])
    lights = (DirectionalLight(),)
    many = scene(camera=Camera.look_at(eyes), lights=lights)
    for item, eye in enumerate(eyes):
        one = scene(camera=Camera.look_at(eye), lights=lights)
        for normals in ("smooth", "flat"):
            ours, alone = surface_of(many, normals=normals), surface_of(one, normals=normals)
            for field, expected in zip(ours, alone):
                assert_close(field[item], expected[0], rtol=1e-12)
        colors = Phong().shade(tf.ones([3, *SIZE, 3], tf.float64), many)
        assert_close(colors[item], Phong().shade(tf.ones([1, *SIZE, 3], tf.float64), one)[0])


@pytest.mark.parametrize("normals", ["smooth", "flat"])
def test_degenerate_padding_and_absent_faces_are_finite(normals):
    # Two faces on the same vertices cancel: their smooth normals have no length.
    vertices = tf.constant([[[-1.0, -1.0, 0.0], [1.0, -1.0, 0.0], [0.0, 1.0, 0.0]]])
    for faces in ([[0, 1, 2], [0, 2, 1], [1, 1, 1], [-1, -1, -1]], np.zeros([0, 3], np.int32)):
        with tf.GradientTape() as tape:
            tape.watch(vertices)
            surface = surface_of(
                scene(vertices, Camera.look_at((0.0, 0.0, 3.0)), faces=np.array(faces, np.int32)),
                normals=normals,
            )
            total = tf.add_n([tf.reduce_sum(field) for field in surface])
        assert np.all(np.isfinite(surface.normals))
        if normals == "smooth":
            assert not np.any(surface.normals)
        assert np.all(np.isfinite(tape.gradient(total, vertices)))


def test_tf_function_with_unknown_sizes():
    @tf.function
    def normals_of(vertices, faces, eye):
        return surface_of(scene(vertices, Camera.look_at(eye), faces=faces)).normals

    concrete = normals_of.get_concrete_function(
        tf.TensorSpec([None, None, 3], tf.float64),
        tf.TensorSpec([None, 3], tf.int32),
        tf.TensorSpec([None, 3], tf.float64),
    )
    eyes = np.stack([EYE, -EYE])
    ours = concrete(tf.constant(VERTICES), tf.constant(FACES), tf.constant(eyes))
    assert_close(ours, surface_of(scene(camera=Camera.look_at(eyes))).normals, rtol=1e-12)


def test_unknown_normals_are_an_error():
    with pytest.raises(ValueError, match="surface_of: argument `normals`: expected one of"):
        surface_of(scene(), normals="round")
    with pytest.raises(ValueError, match="Phong: argument `normals`: expected one of"):
        Phong(normals="round")


def test_a_scene_is_immutable():
    with pytest.raises(dataclasses.FrozenInstanceError):
        scene().lights = ()
