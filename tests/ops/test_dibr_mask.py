"""DIB-R's soft silhouette: against its oracle, against finite differences, by hand."""

import numpy as np
import pytest
import tensorflow as tf

from tests.reference import dibr
from tests.support import soft_scenes
from tests.support.dibr_masks import (
    FALLOFFS,
    WIDE,
    half_plane,
    mask_and_gradient,
    seen_faces,
    soup,
)
from tests.support.gradient_checker import assert_close, check_gradients
from tf_mesh_renderer.ops import dibr_mask

SIDE = 64
PIXEL = 2.0 / SIDE


def _padded_soup(dtype=np.float64):
    return soft_scenes.with_padding(*soup(dtype))


def _shared_vertices(dtype=np.float64):
    vertices, faces, _ = soft_scenes.bent_sheet(0.5, 2.0)
    return vertices.astype(dtype), faces


def _partly_behind_the_camera(dtype=np.float64):
    return soft_scenes.partly_behind(*soup(dtype))


SCENES = {
    "soup": soup,
    "padded": _padded_soup,
    "shared": _shared_vertices,
    "behind": _partly_behind_the_camera,
}
scene_parameter = pytest.mark.parametrize("make", SCENES.values(), ids=SCENES.keys())
falloff_parameter = pytest.mark.parametrize("falloff", FALLOFFS)
k_faces_parameter = pytest.mark.parametrize("k_faces", [None, 1, 3])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("image_size", [(17, 30), (1, 9), (33, 5), (65, 66)], ids=str)
@k_faces_parameter
@falloff_parameter
@scene_parameter
def test_meets_the_oracle(make, falloff, k_faces, image_size, dtype):
    vertices, faces = make(dtype)
    face_id = seen_faces(vertices, faces, image_size)
    options = {**WIDE, "falloff": falloff, "k_faces": k_faces}
    upstream = np.random.default_rng(0).normal(size=face_id.shape)
    mask, gradient = mask_and_gradient(vertices, faces, face_id, upstream, **options)
    settings = dibr.DibrSettings(**options)
    scene = (vertices, faces, face_id)
    assert_close(
        mask, dibr.dibr_mask(*scene, settings), rtol=1e-5 if dtype == np.float32 else 1e-12
    )
    expected = dibr.dibr_mask_gradient(*scene, upstream, settings)
    # A pixel 1e-5 beside an edge has few digits of its distance in float32.
    assert np.any(expected != 0.0)
    assert_close(gradient, expected, rtol=1e-3 if dtype == np.float32 else 1e-9)


@k_faces_parameter
@falloff_parameter
@pytest.mark.parametrize("make", [soup, _shared_vertices])
def test_gradient_meets_finite_differences(make, falloff, k_faces):
    vertices, faces = make()
    face_id = seen_faces(vertices, faces, (6, 7))
    assert np.any(face_id < 0)
    weights = np.random.default_rng(2).normal(size=face_id.shape)
    # A box over the whole image, or its side might pass over a pixel within a step.
    options = {"sigma_inv": 12.0, "box_length": 8.0, "falloff": falloff, "k_faces": k_faces}

    def loss(vertices_clip):
        return tf.reduce_sum(weights * dibr_mask(vertices_clip, faces, face_id, **options))

    check_gradients(loss, [vertices])


@pytest.mark.parametrize("eps", [2.0**-3, 2.0**-20])
def test_eps_stays_clear_of_the_division(eps):
    vertices, faces = soup()
    scene = (vertices, faces, seen_faces(vertices, faces, (17, 30)))
    mask, gradient = mask_and_gradient(*scene, eps=eps, **WIDE)
    np.testing.assert_array_equal(mask, dibr_mask(*scene, **WIDE))
    settings = dibr.DibrSettings(**WIDE, eps_miss=eps)
    assert_close(gradient, dibr.dibr_mask_gradient(*scene, np.ones_like(mask), settings), rtol=1e-9)


def _beside(vertices, faces, **options):
    """The mask from left to right, without a face seen anywhere."""
    empty = np.full((1, SIDE, SIDE), -1)
    mask = dibr_mask(vertices, faces, empty, **options).numpy()
    assert np.ptp(mask, axis=1).max() < 1e-12
    return mask[0, 0]


def test_probability_of_a_pixel_beside_an_edge():
    mask = _beside(*half_plane(), box_length=0.125)
    distance = (np.arange(4) + 0.5) * PIXEL
    expected = np.exp(-7000.0 * distance**2)
    assert expected[0] == pytest.approx(0.1810, abs=1e-4)
    assert_close(mask[31:27:-1], expected, rtol=1e-12)
    # Inside of a face that is not seen there the distance to its edge counts just as well.
    assert_close(mask[32:36], expected, rtol=1e-12)
    linear = _beside(*half_plane(), box_length=0.125, sigma_inv=32.0, falloff="linear")
    assert_close(linear[31:27:-1], np.exp(-np.arange(4) - 0.5), rtol=1e-12)


def test_faces_miss_independently_of_each_other():
    miss = 1.0 - np.exp(-7000.0 / SIDE**2)
    for copies in (1, 2, 5):
        assert _beside(*half_plane(copies=copies))[31] == pytest.approx(1.0 - miss**copies)
        cut = _beside(*half_plane(copies=copies), k_faces=2)[31]
        assert cut == pytest.approx(1.0 - miss ** min(copies, 2))


def test_a_face_counts_inside_its_box_only():
    mask = _beside(*half_plane(), sigma_inv=100.0, box_length=2.6 * PIXEL)
    assert np.all(mask[:29] == 0.0)
    assert mask[29] == pytest.approx(np.exp(-100.0 * (2.5 * PIXEL) ** 2))
    # What is cut off is constant.
    empty = np.full((1, SIDE, SIDE), -1)
    empty[..., 29:] = 0
    _, gradient = mask_and_gradient(*half_plane(), empty, sigma_inv=100.0, box_length=2.6 * PIXEL)
    assert not np.any(gradient)


def test_the_first_faces_in_index_order_count_not_the_nearest():
    far, faces = half_plane(left=1.5 * PIXEL)
    near, _ = half_plane()
    both = np.concatenate([far, near], axis=1)
    faces = np.concatenate([faces, faces + 3])
    options = {"box_length": 0.125, "k_faces": 1}
    assert _beside(both, faces, **options)[31] == pytest.approx(np.exp(-7000 * (2 * PIXEL) ** 2))
    assert _beside(both, faces[::-1], **options)[31] == pytest.approx(np.exp(-7000 / SIDE**2))


def test_a_pixel_on_an_edge_belongs_to_it_without_a_pull():
    for falloff in FALLOFFS:
        vertices, faces = half_plane(left=-0.5 * PIXEL)
        only = np.zeros((1, SIDE, SIDE), np.int32)
        only[0, 9, 31] = -1
        mask, gradient = mask_and_gradient(vertices, faces, only, falloff=falloff)
        assert mask[0, 9, 31] == 1.0
        assert not np.any(gradient)


def test_pixels_with_a_face_are_certain_and_pull_nothing():
    vertices, faces = soup()
    face_id = seen_faces(vertices, faces, (17, 30))
    upstream = np.where(face_id >= 0, np.nan, 0.0)
    mask, gradient = mask_and_gradient(vertices, faces, face_id, upstream, **WIDE)
    assert np.all(mask[face_id >= 0] == 1.0)
    assert not np.any(gradient)


def test_seen_faces_may_be_padding():
    """The silhouette may be blurred by fewer faces than are drawn."""
    vertices, faces = half_plane()
    mask = dibr_mask(vertices, np.full_like(faces, -1), np.zeros((1, 2, 2)).astype(int))
    np.testing.assert_array_equal(mask, np.ones((1, 2, 2)))


def test_faces_not_in_front_of_the_camera_change_nothing():
    vertices, faces = soup()
    face_id = seen_faces(vertices, faces, (17, 30))
    mask, gradient = mask_and_gradient(vertices, faces, face_id, **WIDE)
    others = vertices.copy()
    others[:, ::3, 3] *= -1.0
    both = np.concatenate([vertices, others], axis=1)
    more, larger = mask_and_gradient(both, np.concatenate([faces, faces + 21]), face_id, **WIDE)
    np.testing.assert_array_equal(more, mask)
    np.testing.assert_array_equal(larger[:, :21], gradient)
    assert not np.any(larger[:, 21:])


def test_depth_has_no_gradient_of_its_own():
    vertices, faces = soup()
    _, gradient = mask_and_gradient(vertices, faces, seen_faces(vertices, faces, (17, 30)), **WIDE)
    assert not np.any(gradient[..., 2])
    # Moving a vertex along its ray moves nothing on the image.
    along = np.sum(gradient * vertices, axis=-1)
    assert_close(along, np.zeros_like(along), atol=1e-12 * np.max(np.abs(gradient)))
