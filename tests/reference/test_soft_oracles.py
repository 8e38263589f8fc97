"""The oracles of the soft models meet the originals' numbers, and their gradients differences."""

import dataclasses
import pathlib

import numpy as np
import pytest

from tests.reference.dibr import DibrSettings, dibr_mask, dibr_mask_gradient, nearest_features
from tests.reference.rasterize import Visibility, rasterize
from tests.reference.softras_clip import (
    softras_color,
    softras_color_gradient,
    softras_fragments,
    softras_silhouette,
    softras_silhouette_gradient,
)
from tests.reference.softras_fragments import SoftrasSettings, shape_at
from tests.support.gradient_checker import assert_close, numeric_gradient
from tests.support.scenes import triangle_soup
from tests.support.soft_golden_oracles import (
    dibr_close_faces,
    dibr_outputs,
    softras_outputs,
)
from tools.golden_runner import softras_case
from tools.golden_runner.case import load_case
from tools.golden_runner.compare import check_arrays

GOLDEN = pathlib.Path(__file__).parents[1] / "golden"
DIBR = sorted(GOLDEN.glob("dibr_*.npz"))
SOFTRAS = sorted(GOLDEN.glob("softras_*.npz"))
IMAGE_SIZE = (7, 9)
NUM_FACES = 5

SOFT = SoftrasSettings(
    sigma=0.02, gamma=0.1, dist_eps=1e-7, visibility=Visibility("none", near=0.5, far=9.0)
)
MODES = {
    "product": {},
    "sum": {"aggregate_alpha": "sum"},
    "hard alpha": {"aggregate_alpha": "hard"},
    "hard colour": {"aggregate_rgb": "hard"},
    "barycentric": {"distance": "barycentric", "sigma": 0.1},
    "hard distance": {"distance": "hard"},
    "linear colours": {"perspective_correct": False},
    "back faces": {"visibility": Visibility("front", near=0.5, far=9.0)},
    "depth range": {"visibility": Visibility("none", near=1.8, far=2.9)},
    "depth from z": {"visibility": Visibility("none", near=0.5, far=9.0, depth_from="z")},
    "surface": {"color_source": "surface"},
}


@pytest.mark.golden
@pytest.mark.parametrize("path", DIBR, ids=[path.stem for path in DIBR])
def test_dibr_meets_the_original_renderer(path):
    case = load_case(path)
    for check in check_arrays(case, dibr_outputs(case) | dibr_close_faces(case)):
        assert check.passed, check


@pytest.mark.golden
@pytest.mark.parametrize("path", SOFTRAS, ids=[path.stem for path in SOFTRAS])
def test_softras_meets_the_original_renderer(path):
    case = load_case(path)
    outputs = softras_outputs(case)
    checks = softras_case.check_outputs(case, outputs, outputs["rgba"][:, 3])
    assert len(checks) >= 5
    for check in checks:
        assert check.passed, check


def _soup(seed=3):
    vertices, faces = triangle_soup(seed, NUM_FACES, size=0.9, dtype=np.float64)
    vertices[..., 2] *= np.random.default_rng(8).uniform(-0.9, 0.9, vertices.shape[:2])
    return vertices, faces


@pytest.mark.parametrize("falloff", ["squared", "linear"])
@pytest.mark.parametrize("k_faces", [None, 2])
def test_dibr_mask_gradient_meets_finite_differences(falloff, k_faces):
    vertices, faces = _soup()
    face_id = rasterize(vertices, faces, image_size=IMAGE_SIZE).face_id
    assert 0.1 < np.mean(face_id >= 0) < 0.8
    settings = DibrSettings(9.0, 0.5, k_faces, falloff)
    upstream = np.random.default_rng(2).normal(size=face_id.shape)

    def loss(moved):
        return np.sum(upstream * dibr_mask(moved, faces, face_id, settings))

    ours = dibr_mask_gradient(vertices, faces, face_id, upstream, settings)
    assert_close(ours, numeric_gradient(loss, [vertices])[0])


def _nearest_by_search(corners):
    """Squared distance of the origin to the borders [N] by trying many points of every edge."""
    place = np.linspace(0.0, 1.0, 2001)[:, None, None]
    edges = [
        (1.0 - place) * corners[:, k] + place * corners[:, (k + 1) % 3] for k in range(3)
    ]  # [place, N, 2]
    return np.min(np.sum(np.stack(edges) ** 2, axis=-1), axis=(0, 1))


def test_nearest_points_are_nearest():
    corners = np.random.default_rng(5).normal(size=[500, 3, 2])
    _, distance2, gradient = nearest_features(corners)
    searched = _nearest_by_search(corners)
    assert_close(distance2, searched, rtol=0.0, atol=1e-5)
    assert np.all(distance2 <= searched * (1.0 + 1e-12))
    # Moving all corners by one step changes the distance along the offset, twice its length.
    assert_close(np.sum(np.sum(gradient, axis=1) ** 2, axis=-1), 4.0 * distance2)
    triangles = np.concatenate([corners, np.ones([500, 3, 1])], axis=-1)
    shape = shape_at(triangles, np.zeros([500, 2]), SOFT)
    assert_close(np.sum(shape.offset**2, axis=-1), distance2, rtol=1e-12)
    assert_close(np.sum(shape.place[..., None] * corners, axis=1), shape.offset, rtol=1e-12)


def _scene(settings):
    vertices, faces = _soup()
    rng = np.random.default_rng(4)
    shape = [1, vertices.shape[1], 2] if settings.color_source == "vertex" else [1, NUM_FACES, 9, 2]
    scene = (vertices, faces, rng.uniform(size=shape), rng.uniform(size=[1, 2]))
    return scene, rng.normal(size=[1, *IMAGE_SIZE, 3])


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES.keys())
def test_softras_gradient_meets_finite_differences(mode):
    settings = dataclasses.replace(SOFT, **mode)
    (vertices, faces, colors, background), upstream = _scene(settings)

    def loss(vertices, colors, background):
        scene = (vertices, faces, colors, background)
        return np.sum(upstream * softras_color(scene, IMAGE_SIZE, settings)[0])

    ours = softras_color_gradient((vertices, faces, colors, background), upstream, settings)
    expected = numeric_gradient(loss, [vertices, colors, background])
    for actual, numeric in zip(ours, expected, strict=True):
        assert np.max(np.abs(numeric)) > 1e-3
        assert_close(actual, numeric, rtol=1e-5)


@pytest.mark.parametrize("distance", ["euclidean", "barycentric"])
def test_softras_silhouette_is_the_alpha_of_the_image(distance):
    settings = dataclasses.replace(SOFT, distance=distance)
    scene, upstream = _scene(settings)
    alpha = softras_silhouette(*scene[:2], IMAGE_SIZE, settings)
    assert_close(alpha, softras_color(scene, IMAGE_SIZE, settings)[0][..., -1], rtol=1e-12)
    upstream[..., :-1] = 0.0
    exact = softras_color_gradient(scene, upstream, settings)[0]
    ours = softras_silhouette_gradient(*scene[:2], upstream[..., -1], settings)
    assert_close(ours, exact, rtol=1e-12)
    # All fragments are in the depth range: here the released gradient is exact too.
    released = softras_color_gradient(scene, upstream, settings, original=True)[0]
    assert_close(released, exact, rtol=1e-5)


def test_released_softras_gradient_leaves_out_how_colours_move():
    scene, upstream = _scene(SOFT)
    exact = softras_color_gradient(scene, upstream, SOFT)[0]
    released = softras_color_gradient(scene, upstream, SOFT, original=True)[0]
    assert np.max(np.abs(released - exact)) > 0.01 * np.max(np.abs(exact))


def test_softras_fragments_blend_to_the_image():
    scene, _ = _scene(SOFT)
    vertices, faces, colors, background = scene
    found = softras_fragments(vertices, faces, IMAGE_SIZE, NUM_FACES, SOFT)
    face_id, barycentrics, depth, coverage, count = found
    assert np.array_equal(np.sum(face_id >= 0, axis=-1), count)
    assert 1 < np.max(count) <= NUM_FACES
    layers = np.where(face_id >= 0, depth, np.inf)
    assert np.all(layers[..., 1:] >= layers[..., :-1])
    near, far = SOFT.visibility.near, SOFT.visibility.far
    amount = coverage * np.exp((far - depth) / (far - near) / SOFT.gamma)
    amount = np.where(face_id >= 0, amount, 0.0)[..., None]
    behind = np.exp(2.0 * SOFT.eps / SOFT.gamma)
    corner_colors = colors[0][faces[np.maximum(face_id, 0)]]  # [B, H, W, K, 3, C]
    seen = np.sum(barycentrics[..., None] * corner_colors, axis=-2)
    blended = np.sum(amount * seen, axis=-2) + behind * background[0]
    blended /= np.sum(amount, axis=-2) + behind
    assert_close(blended, softras_color(scene, IMAGE_SIZE, SOFT)[0][..., :-1], rtol=1e-12)


def test_faces_without_a_triangle_take_no_part():
    (vertices, faces, colors, background), _ = _scene(SOFT)
    odd = np.concatenate([vertices, vertices[:, :6]], axis=1)
    odd[:, 15, 3] = -0.1  # behind the camera
    odd[:, 18, 0] = 3e6 * odd[:, 18, 3]  # far off the image
    more = np.concatenate([[[-1, -1, -1]], faces, [[15, 16, 17], [18, 19, 20]]]).astype(np.int32)
    more_colors = np.concatenate([colors, colors[:, :6]], axis=1)
    expected, _ = softras_color((vertices, faces, colors, background), IMAGE_SIZE, SOFT)
    image, _ = softras_color((odd, more, more_colors, background), IMAGE_SIZE, SOFT)
    assert_close(image, expected, rtol=1e-12)
