"""The oracles meet the original renderers' numbers, and their gradients meet finite differences."""

import pathlib

import numpy as np
import pytest

from tests.reference.face_texture import face_texture, face_texture_gradient
from tests.reference.interpolate import interpolate, interpolate_gradient
from tests.reference.n3mr import n3mr_gradient
from tests.reference.rasterize import (
    Fragments,
    Visibility,
    barycentrics_and_depth,
    pixel_rays,
    rasterize,
)
from tests.reference.rasterize_gradient import corner_indices, covered_pixels, rasterize_gradient
from tests.support.golden_oracles import n3mr_outputs, tfmr_outputs
from tests.support.gradient_checker import assert_close, numeric_gradient
from tests.support.scenes import grid, triangle_soup
from tools.golden_runner.case import load_case
from tools.golden_runner.compare import check_array
from tools.golden_runner.knife_edges import disagreements

GOLDEN = pathlib.Path(__file__).parents[1] / "golden"
PATHS = sorted([*GOLDEN.glob("n3mr_*.npz"), *GOLDEN.glob("tfmr_*.npz")])
# Meshes of thousands of faces take seconds each, face by face.
LARGE = ("icosphere2560", "teapot4928")
CASES = [
    pytest.param(path, marks=[pytest.mark.slow] if any(n in path.name for n in LARGE) else [])
    for path in PATHS
]
IMAGE_SIZE = (9, 13)


@pytest.mark.golden
@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in PATHS])
def test_oracle_meets_the_original_renderer(path):
    case = load_case(path)
    outputs = n3mr_outputs(case) if case.kind == "n3mr" else tfmr_outputs(case)
    for name, ours in outputs.items():
        if disagreements(case, name):
            # The original in double precision differs from its own float32 map in as many pixels.
            assert check_array(case, name, ours, {}).error <= disagreements(case, name)
        else:
            assert check_array(case, name, ours, {}).passed, name


def _scene(seed=3):
    vertices, faces = triangle_soup(seed, 5, batch=2, size=1.4, dtype=np.float64)
    fragments = rasterize(vertices, faces, image_size=IMAGE_SIZE, visibility=Visibility("none"))
    assert np.sum(fragments.face_id >= 0) > 50
    return vertices, faces, fragments


@pytest.mark.parametrize("depth_from", ["w", "z"])
def test_rasterize_gradient_meets_finite_differences(depth_from):
    vertices, faces, fragments = _scene()
    visibility = Visibility("none", near=0.5, far=8.0, depth_from=depth_from)
    rng = np.random.default_rng(0)
    upstream = rng.normal(size=fragments.barycentrics.shape), rng.normal(size=fragments.depth.shape)
    pixels = covered_pixels(fragments.face_id)
    indices = corner_indices(faces, fragments.face_id, pixels)
    rays = pixel_rays(IMAGE_SIZE)[pixels[1:]]

    def loss(moved):
        b, depth = barycentrics_and_depth(moved[pixels[0][:, None], indices], rays, visibility)
        return np.sum(b * upstream[0][pixels]) + np.sum(depth * upstream[1][pixels])

    ours = rasterize_gradient(vertices, faces, fragments.face_id, upstream, visibility=visibility)
    assert_close(ours, numeric_gradient(loss, [vertices])[0], rtol=1e-7)


def test_interpolate_gradient_meets_finite_differences():
    vertices, faces, fragments = _scene()
    rng = np.random.default_rng(1)
    attributes = rng.normal(size=[2, vertices.shape[1], 4])
    upstream = rng.normal(size=[2, *IMAGE_SIZE, 4])

    def loss(attributes, barycentrics):
        return np.sum(upstream * interpolate(attributes, faces, fragments.face_id, barycentrics))

    expected = numeric_gradient(loss, [attributes, fragments.barycentrics])
    ours = interpolate_gradient(attributes, faces, fragments, upstream)
    for actual, numeric in zip(ours, expected, strict=True):
        assert_close(actual, numeric)


@pytest.mark.parametrize("side", [1, 2, 4])
def test_face_texture_gradient_meets_finite_differences(side):
    _, faces, fragments = _scene()
    rng = np.random.default_rng(2)
    textures = rng.uniform(size=[2, len(faces), side, side, side, 3])
    upstream = rng.normal(size=[2, *IMAGE_SIZE, 3])
    face_id = fragments.face_id

    def loss(textures, barycentrics):
        return np.sum(upstream * face_texture(textures, face_id, barycentrics))

    expected = numeric_gradient(loss, [textures, fragments.barycentrics])
    ours = face_texture_gradient(textures, fragments, upstream)
    for actual, numeric in zip(ours, expected, strict=True):
        assert_close(actual, numeric)


def _n3mr(vertices, faces, image, grad_image):
    """N3MR's gradient of a given picture drawn on both sides of a mesh."""
    size = image.shape[1:3]
    face_id = rasterize(vertices, faces, image_size=size, visibility=Visibility("none")).face_id
    return n3mr_gradient(image, vertices, faces, face_id, grad_image)


def _inner_scene():
    """Triangles that lie well inside the image, where all sides are treated alike."""
    vertices, faces = triangle_soup(5, 6, size=0.6, dtype=np.float64)
    vertices[..., :2] = np.clip(vertices[..., :2] / vertices[..., 3:], -0.9, 0.9)
    vertices[..., :2] *= vertices[..., 3:]
    rng = np.random.default_rng(3)
    return vertices, faces, rng.normal(size=[1, 16, 24, 2]), rng.normal(size=[1, 16, 24, 2])


@pytest.mark.parametrize("axis", [0, 1])
def test_n3mr_gradient_of_the_mirror_image_is_the_mirrored_gradient(axis):
    vertices, faces, image, upstream = _inner_scene()
    gradient = _n3mr(vertices, faces, image, upstream)
    assert np.max(np.abs(gradient)) > 1.0
    mirror = np.ones(4)
    mirror[axis] = -1.0
    rows_or_columns = 2 - axis
    mirrored = _n3mr(
        vertices * mirror,
        faces,
        np.flip(image, rows_or_columns),
        np.flip(upstream, rows_or_columns),
    )
    assert_close(mirrored, gradient * mirror, rtol=1e-9)


def test_n3mr_gradient_of_the_transposed_image_is_the_transposed_gradient():
    vertices, faces, image, upstream = _inner_scene()
    gradient = _n3mr(vertices, faces, image, upstream)
    swap = [1, 0, 2, 3]

    def transposed(picture):  # x and y trade places; y points up, rows down
        return picture[:, ::-1].transpose(0, 2, 1, 3)[:, ::-1]

    turned = _n3mr(vertices[..., swap], faces, transposed(image), transposed(upstream))
    assert_close(turned, gradient[..., swap], rtol=1e-9)


def test_grid_covers_every_pixel_once():
    vertices, faces = grid(4, 3, dtype=np.float64)
    fragments = rasterize(vertices, faces, image_size=(16, 32))
    assert np.all(fragments.face_id >= 0)
    assert_close(np.sum(fragments.barycentrics, axis=-1), np.ones([1, 16, 32]), atol=1e-12)
    assert isinstance(fragments, Fragments)
