"""Flat shading: N3MR's numbers, the side that is seen, pixels, gradients."""

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import assert_close, check_gradients
from tf_mesh_renderer.cameras import Camera
from tf_mesh_renderer.geometry import gather_at_pixels
from tf_mesh_renderer.shading import (
    INNER,
    OUTER,
    AmbientLight,
    DirectionalLight,
    face_irradiance,
    seen_irradiance,
)

RNG = np.random.default_rng(37)
OCTAHEDRON = np.concatenate([np.eye(3), -np.eye(3)])
# Counter-clockwise seen from outside.
OUTWARD = np.array(
    [
        [0, 1, 2], [1, 3, 2], [3, 4, 2], [4, 0, 2],
        [1, 0, 5], [3, 1, 5], [4, 3, 5], [0, 4, 5],
    ],
    np.int32,
)  # fmt: skip
LIGHTS = (
    AmbientLight((1.0, 0.9, 0.8), 0.5),
    DirectionalLight((0.7, 1.0, 0.6), 0.5, (0.0, 0.8, -0.6)),
    DirectionalLight((0.1, 0.2, 0.3), 1.5, (1.0, 0.0, 0.0)),
)


@pytest.mark.parametrize(
    ("triangle", "expected"),
    [
        (
            [
                [-1.688671588897705, 0.8168890476226807, -1.0150123834609985],
                [-0.012405388988554478, 0.8397274613380432, -1.6437973976135254],
                [-2.109980344772339, 0.25929901003837585, 0.044385891407728195],
            ],
            0.9193656,
        ),
        (
            [
                [-0.2520065903663635, -0.2036004215478897, 0.0543036125600338],
                [1.5118294954299927, 0.5556879043579102, -0.05846012756228447],
                [-0.5793920755386353, -0.6349985003471375, 1.6027050018310547],
            ],
            0.95432776,
        ),
    ],
)
def test_inner_side_has_n3mrs_light(triangle, expected):
    # Triangles and light recorded from N3MR's lighting formula with its default lights.
    lights = (AmbientLight(), DirectionalLight(normalize_direction=False))
    irradiance = face_irradiance(tf.constant(triangle), [[0, 1, 2]], lights, normal_epsilon=1e-5)
    np.testing.assert_allclose(irradiance[0, INNER], expected, rtol=2e-7)
    np.testing.assert_allclose(irradiance[0, OUTER], 0.5, rtol=0)


def _oracle(vertices, faces, side):
    """Light by the formula of N3MR's paper's code, for the normal on one side."""
    v0, v1, v2 = np.moveaxis(vertices[faces], 1, 0)
    normals = np.cross(v1 - v0, v2 - v0) * (1 if side == OUTER else -1)
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    total = np.tile([0.5, 0.45, 0.4], (len(faces), 1))
    total += np.maximum(normals @ [0.0, 0.8, -0.6], 0)[:, None] * [0.35, 0.5, 0.3]
    return total + np.maximum(normals @ [1.0, 0.0, 0.0], 0)[:, None] * [0.15, 0.3, 0.45]


@pytest.mark.parametrize("side", [OUTER, INNER])
def test_any_number_of_lights_add_up(side):
    vertices = OCTAHEDRON + 0.2 * RNG.normal(size=(6, 3))
    irradiance = face_irradiance(vertices[None], OUTWARD, LIGHTS)
    assert irradiance.shape == [1, 8, 2, 3]
    assert_close(irradiance[0, :, side], _oracle(vertices, OUTWARD, side), rtol=1e-6)


def test_no_lights_mean_full_light():
    irradiance = face_irradiance(OCTAHEDRON[None], OUTWARD, ())
    np.testing.assert_array_equal(irradiance, np.ones([1, 8, 2, 1]))


@pytest.mark.parametrize("handedness", ["right", "left"])
@pytest.mark.parametrize("kind", [Camera.look_at, Camera.orthographic])
@pytest.mark.parametrize("order", [1, -1])
def test_the_seen_side_faces_the_camera(kind, handedness, order):
    eye = np.array([2.0, 1.5, -3.0])
    camera = kind(eye, handedness=handedness)
    faces = OUTWARD[:, ::order]
    # The two sides carry the labels 0 and 1 instead of light.
    labels = np.broadcast_to(np.array([[0.0], [1.0]]), (1, 8, 2, 1))
    clip = camera.project(OCTAHEDRON)
    seen = seen_irradiance(labels, clip, faces, mirrors=camera.mirrors)
    v0, v1, v2 = np.moveaxis(OCTAHEDRON[faces], 1, 0)
    normals = np.cross(v1 - v0, v2 - v0)
    towards = eye - v0 if kind == Camera.look_at else eye
    expected = np.where(np.sum(normals * towards, axis=-1) > 0, OUTER, INNER)
    assert 0 < expected.sum() < 8
    np.testing.assert_array_equal(seen[0, :, 0], expected)


def test_light_does_not_depend_on_the_order_of_corners():
    camera = Camera.look_at([2.0, 1.5, -3.0])
    clip = camera.project(OCTAHEDRON)
    lit = [
        seen_irradiance(face_irradiance(OCTAHEDRON[None], faces, LIGHTS), clip, faces)
        for faces in (OUTWARD, OUTWARD[:, ::-1].copy())
    ]
    np.testing.assert_array_equal(lit[0], lit[1])


def test_every_camera_of_a_batch_sees_its_own_side():
    eyes = np.array([[2.0, 1.5, -3.0], [-2.0, -1.5, 3.0]])
    camera = Camera.look_at(eyes)
    irradiance = face_irradiance(np.tile(OCTAHEDRON, (2, 1, 1)), OUTWARD, LIGHTS)
    seen = seen_irradiance(irradiance, camera.project(OCTAHEDRON), OUTWARD, mirrors=camera.mirrors)
    for item, eye in enumerate(eyes):
        one = Camera.look_at(eye)
        alone = seen_irradiance(
            irradiance[:1], one.project(OCTAHEDRON), OUTWARD, mirrors=one.mirrors
        )
        np.testing.assert_array_equal(seen[item], alone[0])


def test_gradients_through_normals_to_pixels_are_exact():
    camera = Camera.look_at([2.0, 1.5, -3.0])
    face_id = tf.constant(RNG.integers(-1, 8, size=(1, 6, 7)), tf.int32)
    weights = RNG.normal(size=(1, 6, 7, 3))

    def total(vertices, direction):
        sun = DirectionalLight((0.7, 1.0, 0.6), 0.5, direction)
        irradiance = face_irradiance(vertices[tf.newaxis], OUTWARD, (LIGHTS[0], sun))
        clip = camera.project(vertices)
        seen = seen_irradiance(irradiance, clip, OUTWARD, mirrors=camera.mirrors)
        return tf.reduce_sum(weights * gather_at_pixels(seen, face_id))

    check_gradients(total, [OCTAHEDRON, np.array([0.3, 0.8, -0.6])])


def test_degenerate_and_padding_faces_are_finite():
    vertices = tf.constant([[[1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]])
    with tf.GradientTape() as tape:
        tape.watch(vertices)
        irradiance = face_irradiance(vertices, [[0, 1, 2], [-1, -1, -1]], LIGHTS)
    np.testing.assert_allclose(irradiance, np.tile([0.5, 0.45, 0.4], (1, 2, 2, 1)), rtol=1e-6)
    np.testing.assert_array_equal(tape.gradient(irradiance, vertices), np.zeros([1, 3, 3]))


def test_tf_function_with_unknown_sizes_and_lights_as_arguments():
    @tf.function
    def lit(vertices, lights):
        irradiance = face_irradiance(vertices, OUTWARD, lights)
        return seen_irradiance(
            irradiance, Camera.look_at([2.0, 1.5, -3.0]).project(vertices), OUTWARD
        )

    signature = tf.TensorSpec([None, None, 3], tf.float32)
    concrete = lit.get_concrete_function(signature, LIGHTS)
    assert concrete.output_shapes.as_list() == [None, 8, 3]
    vertices = OCTAHEDRON[None].astype(np.float32)
    camera = Camera.look_at([2.0, 1.5, -3.0])
    expected = seen_irradiance(
        face_irradiance(vertices, OUTWARD, LIGHTS), camera.project(vertices), OUTWARD
    )
    assert_close(lit(tf.constant(vertices), LIGHTS), expected, rtol=1e-6)
