"""N3MR's gradient is no derivative, so it is judged by what it is for: descent lowers the loss."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.scenes import grid
from tf_mesh_renderer import ops

IMAGE_SIZE = (32, 48)
STEPS = 30


def _silhouette(vertices, faces):
    fragments = ops.rasterize(vertices, faces, image_size=IMAGE_SIZE, cull="none")
    return ops.n3mr(fragments.mask[..., None], vertices, faces, fragments.face_id)


def _loss(vertices, faces, target):
    return tf.reduce_sum(tf.square(_silhouette(vertices, faces) - target))


def _move(vertices, offset):
    """Shifts a mesh on the screen by an NDC offset."""
    moved = tf.stack([offset[0], offset[1], 0.0, 0.0])
    return vertices + moved * vertices[..., 3:]


@settings(max_examples=12)
@given(angle=st.floats(0.0, 2.0 * np.pi), distance=st.floats(0.15, 0.35))
def test_a_shifted_square_finds_its_place(angle, distance):
    vertices, faces = grid(2, 2, half_extent=0.45)
    vertices = tf.constant(vertices)
    goal = np.array([np.cos(angle), np.sin(angle)]) * distance
    target = _silhouette(_move(vertices, tf.constant(goal, tf.float32)), faces)
    offset = tf.Variable([0.0, 0.0])
    losses = []
    for _ in range(STEPS):
        with tf.GradientTape() as tape:
            loss = _loss(_move(vertices, offset), faces, target)
        losses.append(float(loss))
        gradient = tape.gradient(loss, offset)
        # Steps of a hundredth of the image: the gradient tells the direction, not the distance.
        offset.assign_sub(0.02 * gradient / (tf.norm(gradient) + 1e-6))
    assert losses[0] > 50.0
    assert min(losses) < 0.15 * losses[0]
    assert np.linalg.norm(offset.numpy() - goal) < 0.06


@pytest.mark.parametrize("axis", [0, 1], ids=["x", "y"])
def test_gradient_points_away_from_where_the_loss_is_larger(axis):
    """Minus the gradient has the sign of the missing shift, for each axis alone."""
    vertices, faces = grid(2, 2, half_extent=0.45)
    vertices = tf.constant(vertices)
    for sign in (-1.0, 1.0):
        goal = np.zeros(2, np.float32)
        goal[axis] = 0.2 * sign
        target = _silhouette(_move(vertices, tf.constant(goal)), faces)
        offset = tf.Variable([0.0, 0.0])
        with tf.GradientTape() as tape:
            loss = _loss(_move(vertices, offset), faces, target)
        gradient = tape.gradient(loss, offset).numpy()
        assert -gradient[axis] * sign > 10.0 * abs(gradient[1 - axis])
