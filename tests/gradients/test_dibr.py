"""DIB-R's gradient model: what it draws, where it pushes, and its linear interpolation."""

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import check_gradients
from tests.support.scenes import screen_to_clip, triangle_soup
from tf_mesh_renderer import gradients, ops

SIZE = (18, 26)


def soup_view(**changes):
    vertices, faces = triangle_soup(3, 6, batch=2, dtype=np.float64)
    return gradients.View(tf.constant(vertices), tf.constant(faces), SIZE, **changes)


def shade_by_place(fragments):
    """A smooth colour of the barycentrics."""
    return fragments.barycentrics**2 + 0.1


def test_colours_are_hard_and_alpha_is_soft():
    view = soup_view()
    fragments = view.rasterize()
    image = gradients.DibR(sigma_inv=300.0, box_length=0.3).draw(
        view, shade_by_place, background=[0.1, 0.2, 0.3]
    )
    hard = gradients.N3mr().draw(view, shade_by_place, background=[0.1, 0.2, 0.3])
    np.testing.assert_array_equal(image[..., :3], hard[..., :3])
    seen, alpha = fragments.face_id.numpy() >= 0, image[..., 3].numpy()
    np.testing.assert_array_equal(alpha[seen], 1.0)
    assert ((alpha[~seen] > 0) & (alpha[~seen] < 1)).any()
    np.testing.assert_array_equal(
        alpha,
        ops.dibr_mask(
            view.vertices_clip, view.faces, fragments.face_id, sigma_inv=300.0, box_length=0.3
        ),
    )


def test_silhouette_is_the_alpha_of_the_image():
    view, model = soup_view(), gradients.DibR(falloff="linear", k_faces=2)
    silhouette = model.draw(view)
    assert silhouette.shape == (2, *SIZE, 1)
    np.testing.assert_array_equal(silhouette, model.draw(view, shade_by_place)[..., 3:])


@pytest.mark.parametrize("perspective_correct", [True, False])
def test_colours_move_vertices_exactly(perspective_correct):
    triangle = screen_to_clip([[[-2.0, -1.7, 2.0], [2.2, -1.9, 3.0], [0.1, 2.9, 4.0]]])
    model = gradients.DibR(perspective_correct=perspective_correct)

    def loss(vertices):
        view = gradients.View(vertices, tf.constant([[0, 1, 2]]), (4, 5))
        return tf.reduce_sum(model.draw(view, shade_by_place) ** 2)

    check_gradients(loss, [triangle], rtol=1e-6)


def test_without_perspective_barycentrics_are_linear_on_the_image():
    corners = np.array([[-0.9, -0.8, 1.0], [0.9, -0.7, 2.0], [0.0, 0.9, 5.0]])
    vertices = tf.constant(screen_to_clip(corners)[np.newaxis])
    view = gradients.View(vertices, tf.constant([[0, 1, 2]]), (9, 9))
    linear = view.without_perspective().rasterize()
    exact = view.rasterize()
    np.testing.assert_array_equal(linear.face_id, exact.face_id)
    rows, columns = np.nonzero(linear.face_id[0].numpy() >= 0)
    centres = np.stack([(2 * columns + 1 - 9) / 9, (9 - 2 * rows - 1) / 9], axis=-1)
    weights = linear.barycentrics.numpy()[0, rows, columns]
    np.testing.assert_allclose(weights @ corners[:, :2], centres, atol=1e-12)
    assert np.abs(exact.barycentrics[0].numpy()[rows, columns] - weights).max() > 0.1


def test_without_perspective_the_nearest_face_still_wins():
    """Whatever the unit of depth, and with vertices of the batch at quite other depths."""
    view = soup_view()
    scaled = gradients.View(view.vertices_clip * 1e4, view.faces, SIZE)
    flat = view.without_perspective().rasterize().face_id
    np.testing.assert_array_equal(flat, scaled.without_perspective().rasterize().face_id)
    np.testing.assert_array_equal(flat >= 0, view.rasterize().face_id >= 0)


@pytest.mark.parametrize("distance", [1.0, 1e6, 1e30])
def test_without_perspective_a_far_vertex_does_not_make_near_faces_equal(distance):
    corners = [[-1.0, -1.0], [1.0, -1.0], [0.0, 1.0]]
    farther, nearer = ([[3 * w * x, 3 * w * y, 0.0, w] for x, y in corners] for w in (3.0, 2.99))
    vertices = np.array([[*farther, *nearer, [0.0, 0.0, 0.0, distance]]], np.float32)
    view = gradients.View(tf.constant(vertices), tf.constant([[0, 1, 2], [3, 4, 5]]), (4, 4))
    assert {*np.unique(view.rasterize().face_id)} == {1}
    assert {*np.unique(view.without_perspective().rasterize().face_id)} == {1}


def test_without_perspective_faces_behind_the_camera_are_left_out():
    vertices = np.array(
        [[[-1, -1, 1, 1], [1, -1, 1, 1], [0, 1, 1, 1], [0, 1, 1, -0.5]]], np.float64
    )
    faces = tf.constant([[0, 1, 3], [0, 1, 2], [-1, -1, -1]])
    view = gradients.View(tf.constant(vertices), faces, (8, 8)).without_perspective()
    np.testing.assert_array_equal(view.faces, [[[-1] * 3, [0, 1, 2], [-1] * 3]])
    assert set(np.unique(view.rasterize().face_id)) <= {-1, 1}


@pytest.mark.parametrize("name", ["sigma_inv", "box_length"])
@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_numbers_that_make_no_sense_are_refused(name, value):
    with pytest.raises(ValueError, match=f"DibR: argument `{name}`: expected a finite number > 0"):
        gradients.DibR(**{name: value})


@pytest.mark.parametrize("name", ["sigma_inv", "box_length"])
@pytest.mark.parametrize("value", ["a", None])
def test_what_is_no_number_is_refused(name, value):
    with pytest.raises(TypeError, match=f"DibR: argument `{name}`: expected a number"):
        gradients.DibR(**{name: value})


@pytest.mark.parametrize(
    ("k_faces", "error"), [(0, ValueError), (2**31, ValueError), (2.5, TypeError)]
)
def test_faces_are_counted_by_an_integer(k_faces, error):
    with pytest.raises(error, match=r"DibR: argument `k_faces`: expected .*\ban integer"):
        gradients.DibR(k_faces=k_faces)


def test_unknown_falloff_is_refused():
    with pytest.raises(ValueError, match="DibR: argument `falloff`"):
        gradients.DibR(falloff="cubic")
