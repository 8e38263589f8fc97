"""Screen-space derivatives: against interpolation at shifted pixels, and differentiable twice."""

import numpy as np
import pytest
import tensorflow as tf

from tests.reference.rasterize import Visibility, barycentrics_and_depth
from tests.reference.rasterize_gradient import corner_indices, covered_pixels
from tests.support.gradient_checker import assert_close, check_gradients, tape_gradient
from tests.support.scenes import grid, triangle_soup
from tf_mesh_renderer.geometry import barycentric_derivatives, screen_derivatives
from tf_mesh_renderer.ops import Fragments, rasterize

IMAGE_SIZE = (9, 13)
BATCH = 2
# Steps of a central difference in pixels; barycentrics are smooth over the whole plane of a face.
STEP = 1e-4


def _scene(dtype=np.float64):
    vertices, faces = triangle_soup(3, 6, batch=BATCH, size=1.2, dtype=dtype)
    fragments = rasterize(vertices, faces, image_size=IMAGE_SIZE, cull="none")
    assert np.sum(fragments.face_id >= 0) > 60
    return vertices, faces, fragments


def _barycentrics_at(vertices, faces, face_id, shift):
    """Barycentrics [N, 3] of what is seen, `shift` (columns, rows) away from the pixel centres."""
    pixels = covered_pixels(face_id)
    indices = corner_indices(faces, face_id, pixels)
    corners = vertices[pixels[0][:, None], indices]
    height, width = face_id.shape[1:]
    x = (2 * (pixels[2] + shift[0]) + 1 - width) / width
    y = (height - 2 * (pixels[1] + shift[1]) - 1) / height
    rays = np.stack([x, y, np.ones_like(x)], axis=-1)
    return barycentrics_and_depth(corners, rays, Visibility("none"))[0]


def _differences(vertices, faces, face_id):
    """[N, 3, 2] central differences of the barycentrics by column and row."""
    steps = []
    for shift in ((STEP, 0.0), (0.0, STEP)):
        above = _barycentrics_at(vertices, faces, face_id, shift)
        below = _barycentrics_at(vertices, faces, face_id, (-shift[0], -shift[1]))
        steps.append((above - below) / (2 * STEP))
    return np.stack(steps, axis=-1)


@pytest.mark.parametrize("batched", [False, True])
def test_barycentrics_change_as_at_shifted_pixels(batched):
    vertices, faces, fragments = _scene()
    if batched:
        faces = np.stack([faces, np.roll(faces, 1, axis=-1)])
        fragments = rasterize(vertices, faces, image_size=IMAGE_SIZE, cull="none")
    face_id = fragments.face_id.numpy()
    ours = barycentric_derivatives(faces, fragments, vertices_clip=vertices).numpy()
    expected = _differences(vertices, faces, face_id)
    assert_close(ours[covered_pixels(face_id)], expected, rtol=1e-6)
    np.testing.assert_array_equal(ours[face_id < 0], 0)
    assert_close(ours.sum(axis=-2), np.zeros((*face_id.shape, 2)), atol=1e-12)


def test_worked_example():
    """The numbers of the docstrings."""
    corners = np.array([[[-1.0, -1.0, 0.0, 1.0], [1.0, -1.0, 0.0, 1.0], [-1.0, 1.0, 0.0, 1.0]]])
    faces = [[0, 1, 2]]
    fragments = rasterize(corners, faces, image_size=(4, 4))
    by_pixel = barycentric_derivatives(faces, fragments, vertices_clip=corners)
    np.testing.assert_allclose(by_pixel[0, 3, 0], [[-0.25, 0.25], [0.25, 0], [0, -0.25]])
    uv = np.array([[[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]])
    slopes = screen_derivatives(uv, faces, fragments, vertices_clip=corners)
    np.testing.assert_allclose(slopes[0, 3, 0], [[0.25, 0], [0, -0.25]], atol=1e-15)
    np.testing.assert_array_equal(slopes[0, 0, 3], 0)  # no face


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_attributes_change_with_their_barycentrics(dtype):
    vertices, faces, fragments = _scene(dtype)
    rng = np.random.default_rng(0)
    attributes = rng.normal(size=(BATCH, 7, 5)).astype(dtype)
    attribute_faces = rng.integers(0, 7, faces.shape)
    ours = screen_derivatives(
        attributes, faces, fragments, vertices_clip=vertices, attribute_faces=attribute_faces
    )
    assert ours.dtype == dtype
    face_id = fragments.face_id.numpy()
    pixels = covered_pixels(face_id)
    corners = attributes[pixels[0][:, None], corner_indices(attribute_faces, face_id, pixels)]
    differences = _differences(vertices.astype(np.float64), faces, face_id)
    expected = np.einsum("nkd,nkj->ndj", corners, differences)
    # In float32 the scene itself is known to 1e-7, and thin triangles magnify that.
    assert_close(ours.numpy()[pixels], expected, rtol=1e-6 if dtype == np.float64 else 1e-4)
    np.testing.assert_array_equal(ours[face_id < 0], 0)


def test_linear_functions_of_the_screen_have_constant_derivatives():
    """x / w is linear in the column: perspective must cancel exactly."""
    vertices, faces = grid(3, 2, half_extent=1.4, dtype=np.float64)
    vertices *= np.random.default_rng(1).uniform(0.5, 2.0, (1, vertices.shape[1], 1))
    fragments = rasterize(vertices, faces, image_size=IMAGE_SIZE)
    assert np.all(fragments.face_id >= 0)
    # Homogeneous: (x, w) interpolated with perspective; x / w is the position itself.
    both = vertices[..., [0, 3]]
    slopes = screen_derivatives(both, faces, fragments, vertices_clip=vertices).numpy()
    weights = fragments.barycentrics.numpy()
    corners = both[0][faces[fragments.face_id.numpy()]]  # [B, H, W, 3, 2]
    x, w = np.moveaxis(np.einsum("bhwk,bhwkd->bhwd", weights, corners), -1, 0)
    quotient = (slopes[..., 0, :] * w[..., None] - x[..., None] * slopes[..., 1, :]) / w[
        ..., None
    ] ** 2
    expected = np.broadcast_to([2.0 / IMAGE_SIZE[1], 0.0], quotient.shape)
    assert_close(quotient, expected, rtol=1e-10, atol=1e-12)


def _smooth_loss(fragments, faces):
    weights = tf.constant(np.random.default_rng(2).normal(size=(BATCH, *IMAGE_SIZE, 2, 2)))

    def loss(vertices_clip, attributes):
        slopes = screen_derivatives(attributes, faces, fragments, vertices_clip=vertices_clip)
        return tf.reduce_sum(weights * slopes)

    return loss


def _small_scene():
    """Faces of about one size near the camera: derivatives of derivatives stay moderate."""
    vertices, faces = grid(2, 2, half_extent=0.8, dtype=np.float64)
    vertices = np.repeat(vertices, BATCH, axis=0)
    vertices *= np.random.default_rng(3).uniform(0.8, 1.2, (*vertices.shape[:2], 1))
    fragments = rasterize(vertices, faces, image_size=IMAGE_SIZE)
    attributes = np.random.default_rng(4).normal(size=(*vertices.shape[:2], 2))
    return vertices, faces, fragments, attributes


def test_gradients_meet_finite_differences():
    vertices, faces, fragments, attributes = _small_scene()
    check_gradients(_smooth_loss(fragments, faces), [vertices, attributes], rtol=1e-5)


def test_second_derivatives_meet_finite_differences():
    vertices, faces, fragments, attributes = _small_scene()
    loss = _smooth_loss(fragments, faces)
    direction = np.random.default_rng(5).normal(size=vertices.shape)

    def slope(vertices_clip, values):
        with tf.GradientTape() as tape:
            tape.watch(vertices_clip)
            value = loss(vertices_clip, values)
        return tf.reduce_sum(tape.gradient(value, vertices_clip) * direction)

    step = 1e-5
    ours = tape_gradient(slope, [vertices, attributes])
    moved = [tape_gradient(loss, [vertices + s * direction, attributes]) for s in (step, -step)]
    for gradient, above, below in zip(ours, *moved, strict=True):
        assert_close(gradient, (above - below) / (2 * step), rtol=1e-5)


def test_the_image_may_have_another_size_than_the_fragments():
    """Gradient models with several faces per pixel put their fragments side by side."""
    vertices, faces, fragments = _scene()
    twice = Fragments(*(tf.concat([field, field], axis=2) for field in fragments))
    ours = barycentric_derivatives(
        faces, twice, vertices_clip=vertices, image_size=tf.constant(IMAGE_SIZE)
    )
    expected = barycentric_derivatives(faces, fragments, vertices_clip=vertices)
    np.testing.assert_array_equal(ours, tf.concat([expected, expected], axis=2))


def test_nothing_is_drawn_from_padding_or_without_faces():
    vertices, faces, fragments = _scene()
    empty = Fragments(*(tf.zeros_like(field) for field in fragments))
    empty = empty._replace(face_id=empty.face_id - 1)
    for some_faces in (faces[:0], np.full((2, 3), -1, np.int32)):
        ours = barycentric_derivatives(some_faces, empty, vertices_clip=vertices)
        np.testing.assert_array_equal(ours, np.zeros((BATCH, *IMAGE_SIZE, 3, 2)))
    none = Fragments(*(field[:0] for field in fragments))
    ours = screen_derivatives(vertices[:0], faces, none, vertices_clip=vertices[:0])
    assert ours.shape == (0, *IMAGE_SIZE, 4, 2)


def test_works_in_a_graph_of_unknown_sizes():
    vertices, faces, fragments = _scene()
    specs = [
        tf.TensorSpec([None, None, 4], tf.float64),
        tf.TensorSpec([None, None, None], tf.int32),
        tf.TensorSpec([None, None, None, 3], tf.float64),
    ]

    @tf.function(input_signature=specs)
    def graph(vertices_clip, face_id, barycentrics):
        seen = Fragments(face_id, barycentrics, None)
        return screen_derivatives(vertices_clip, faces, seen, vertices_clip=vertices_clip)

    expected = screen_derivatives(vertices, faces, fragments, vertices_clip=vertices)
    np.testing.assert_array_equal(
        graph(vertices, fragments.face_id, fragments.barycentrics), expected
    )


def test_wrong_arguments_are_named():
    vertices, faces, fragments = _scene()
    with pytest.raises(TypeError, match="argument `faces`: expected integers"):
        barycentric_derivatives(faces.astype(float), fragments, vertices_clip=vertices)
    wrong = fragments._replace(face_id=fragments.face_id + len(faces))
    with pytest.raises(tf.errors.InvalidArgumentError):
        barycentric_derivatives(faces, wrong, vertices_clip=vertices)
