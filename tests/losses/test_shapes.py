"""Losses on meshes: equal to loops, with exact derivatives, and zero where the papers say."""

import numpy as np
import pytest
import tensorflow as tf

from tests.reference import shape_losses as reference
from tests.support.gradient_checker import assert_close, check_gradients
from tf_mesh_renderer import losses
from tf_mesh_renderer.geometry import Adjacency, icosphere, plane

BALL, SHEET = icosphere(1), plane(3)
SHAPES = {
    "laplacian": (losses.laplacian_loss, reference.laplacian),
    "flatten": (losses.flatten_loss, reference.flatten),
    "normal_consistency": (losses.normal_consistency_loss, reference.normal_consistency),
    "edge_length": (losses.edge_length_loss, reference.edge_length),
    "edge_length_to_target": (
        lambda v, a: losses.edge_length_loss(v, a, target_length=0.3),
        lambda v, f: reference.edge_length(v, f, 0.3),
    ),
    "edge_length_variance": (losses.edge_length_variance_loss, reference.edge_length_variance),
}
each_loss = pytest.mark.parametrize("name", SHAPES)
each_mesh = pytest.mark.parametrize("mesh", [BALL, SHEET], ids=["closed", "open"])


def bent(mesh, *, batch=(), seed=0):
    """Vertices of a mesh, moved at random; [..., V, 3] float64."""
    vertices = np.asarray(mesh.vertices, np.float64)
    return vertices + np.random.default_rng(seed).normal(0, 0.1, [*batch, *vertices.shape])


@each_loss
@each_mesh
def test_equal_to_loops(name, mesh):
    ours, expected = SHAPES[name]
    vertices, adjacency = bent(mesh, batch=(2, 3)), Adjacency.from_faces(mesh.faces)
    wanted = np.array([[expected(v, np.asarray(mesh.faces)) for v in row] for row in vertices])
    assert wanted.min() > 0
    np.testing.assert_allclose(ours(vertices, adjacency), wanted, rtol=1e-10)
    np.testing.assert_allclose(ours(vertices[0, 0], adjacency), wanted[0, 0], rtol=1e-10)
    single = ours(tf.constant(vertices, tf.float32), adjacency)
    np.testing.assert_allclose(single, wanted, rtol=2e-5)


@each_loss
@pytest.mark.parametrize("mesh", [icosphere(0), plane(2)], ids=["closed", "open"])
def test_gradients(name, mesh):
    loss, adjacency = SHAPES[name][0], Adjacency.from_faces(mesh.faces)
    weights = np.array([1.0, -2.0])
    check_gradients(
        lambda v: tf.reduce_sum(loss(v, adjacency) * weights), [bent(mesh, batch=(2,))], atol=1e-6
    )


@each_loss
def test_second_derivatives(name):
    """A product of the Hessian with a vector, against differences of gradients."""
    loss, adjacency = SHAPES[name][0], Adjacency.from_faces(icosphere(0).faces)
    vertices, step = bent(icosphere(0)), 1e-6
    direction = np.random.default_rng(1).normal(size=vertices.shape)

    def gradient(v):
        with tf.GradientTape() as tape:
            tape.watch(v)
            value = loss(v, adjacency)
        return tape.gradient(value, v)

    v = tf.constant(vertices)
    with tf.GradientTape() as tape:
        tape.watch(v)
        product = tf.reduce_sum(gradient(v) * direction)
    ahead, behind = (gradient(v + sign * step * direction) for sign in (1, -1))
    assert_close(tape.gradient(product, v), (ahead - behind) / (2 * step), rtol=1e-6, atol=1e-6)


@each_loss
def test_a_vertex_that_belongs_to_no_face_adds_nothing(name):
    loss = SHAPES[name][0]
    vertices = bent(BALL)
    expected = loss(vertices, Adjacency.from_faces(BALL.faces))
    adjacency = Adjacency.from_faces(BALL.faces, len(vertices) + 1)
    more = tf.constant(np.concatenate([vertices, [[5.0, 6.0, 7.0]]]))
    with tf.GradientTape() as tape:
        tape.watch(more)
        value = loss(more, adjacency)
    np.testing.assert_allclose(value, expected, rtol=1e-12)
    np.testing.assert_array_equal(tape.gradient(value, more)[-1], [0, 0, 0])


@each_loss
@pytest.mark.parametrize("scale", [0.0, 1e-20, 1e-8])
def test_finite_for_degenerate_meshes(name, scale):
    """All vertices in (nearly) one point: every edge, angle and normal is 0 or has no digits."""
    loss, adjacency = SHAPES[name][0], Adjacency.from_faces(BALL.faces)
    vertices = tf.constant(bent(BALL) * scale, tf.float32)
    with tf.GradientTape() as outer:
        outer.watch(vertices)
        with tf.GradientTape() as tape:
            tape.watch(vertices)
            value = loss(vertices, adjacency)
        gradient = tape.gradient(value, vertices)
        squared = tf.reduce_sum(tf.square(gradient))
    assert np.isfinite(value)
    assert np.all(np.isfinite(gradient))
    assert np.all(np.isfinite(outer.gradient(squared, vertices)))


@each_loss
def test_turning_and_moving_changes_nothing(name):
    loss, adjacency = SHAPES[name][0], Adjacency.from_faces(BALL.faces)
    vertices = bent(BALL)
    rotation, _ = np.linalg.qr(np.random.default_rng(2).normal(size=[3, 3]))
    np.testing.assert_allclose(
        loss(vertices @ rotation * np.linalg.det(rotation) + 3.0, adjacency),
        loss(vertices, adjacency),
        rtol=1e-9,
    )


@each_loss
def test_no_faces_no_loss(name):
    loss, adjacency = SHAPES[name][0], Adjacency.from_faces(np.zeros([0, 3], int), 4)
    np.testing.assert_array_equal(loss(np.ones([2, 4, 3]), adjacency), [0, 0])


@each_loss
@pytest.mark.parametrize(
    ("vertices", "adjacency", "error", "message"),
    [
        (np.zeros([7, 3]), Adjacency.from_faces(BALL.faces), ValueError, r"shape \[..., 42, \?\]"),
        (np.zeros([3]), Adjacency.from_faces(BALL.faces), ValueError, r"shape \[..., 42, \?\]"),
        (np.zeros([42, 3]), BALL.faces, TypeError, "`adjacency`: expected an Adjacency"),
    ],
)
def test_refusals(name, vertices, adjacency, error, message):
    with pytest.raises(error, match=message):
        SHAPES[name][0](vertices, adjacency)


# --- what each is zero for ------------------------------------------------------------------------


def test_laplacian_of_a_straight_row_is_at_its_ends():
    strip = np.array([[0, 1, 2], [2, 1, 3]])
    adjacency = Adjacency.from_faces(strip)
    # One vertex of degree 3 moves by 1: itself 1, its neighbours 1/2, 1/2 and 1/3 away.
    lonely = np.array([[0.0], [1.0], [0.0], [0.0]])
    np.testing.assert_allclose(
        losses.laplacian_loss(lonely, adjacency), 1 + 1 / 4 + 1 / 4 + 1 / 9, rtol=1e-12
    )
    assert losses.laplacian_loss(np.ones([4, 2]), adjacency) == 0


def test_laplacian_of_a_displacement_ignores_the_template():
    adjacency = Adjacency.from_faces(BALL.faces)
    moved = np.asarray(BALL.vertices, np.float64) + np.array([1.0, 2.0, 3.0])
    displacement = moved - np.asarray(BALL.vertices)
    np.testing.assert_allclose(losses.laplacian_loss(displacement, adjacency), 0, atol=1e-12)
    assert losses.laplacian_loss(moved, adjacency) > 0.1


@pytest.mark.parametrize("angle_degrees", [0.0, 60.0, 90.0, 150.0, 180.0])
def test_bending_is_a_function_of_the_angle(angle_degrees):
    """Two faces of a square: flat at 0, upon each other at 180."""
    angle = np.radians(angle_degrees)
    vertices = np.array(
        [[0, 0, 0], [1, 0, 0], [0, -1, 0], [0, np.cos(angle), np.sin(angle)]], np.float64
    )
    adjacency = Adjacency.from_faces([[0, 2, 1], [0, 1, 3]])
    expected = (1 - np.cos(angle)) ** 2
    consistency = losses.normal_consistency_loss(vertices, adjacency)
    np.testing.assert_allclose(consistency, expected, atol=1e-12)
    # N3MR's epsilons shorten every cosine by a few millionths.
    np.testing.assert_allclose(losses.flatten_loss(vertices, adjacency), expected, atol=2e-5)


def test_flatten_needs_no_winding_and_normal_consistency_does():
    turned = Adjacency.from_faces([[0, 1, 2], [0, 1, 3]])
    flat = np.array([[0, 0, 0], [1, 0, 0], [0, -1, 0], [0, 1, 0]], np.float64)
    np.testing.assert_allclose(losses.flatten_loss(flat, turned), 0, atol=1e-5)
    np.testing.assert_allclose(losses.normal_consistency_loss(flat, turned), 4)


def test_edges_of_equal_length_do_not_vary():
    tetrahedron = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]], np.float64)
    adjacency = Adjacency.from_faces([[0, 1, 2], [0, 2, 3], [0, 3, 1], [1, 3, 2]])
    np.testing.assert_allclose(
        losses.edge_length_variance_loss(tetrahedron, adjacency), 0, atol=1e-12
    )
    np.testing.assert_allclose(losses.edge_length_loss(tetrahedron, adjacency), 8, rtol=1e-12)
    equal = losses.edge_length_loss(tetrahedron, adjacency, target_length=np.sqrt(8))
    np.testing.assert_allclose(equal, 0, atol=1e-12)


def test_descent_makes_a_dented_ball_round():
    """Every loss that smooths lowers the others' view of roughness when it is descended."""
    adjacency = Adjacency.from_faces(BALL.faces)
    variable = tf.Variable(bent(BALL, seed=3), dtype=tf.float32)
    before = losses.flatten_loss(variable, adjacency)
    for _ in range(60):
        with tf.GradientTape() as tape:
            value = losses.normal_consistency_loss(variable, adjacency)
        variable.assign_sub(3e-3 * tape.gradient(value, variable))
    assert losses.flatten_loss(variable, adjacency) < 0.8 * before
