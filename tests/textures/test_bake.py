"""Pictures into cubes: the rule for texels, bilinear lookup, wrapping, materials, no NaN."""

import itertools

import numpy as np
import pytest

from tf_mesh_renderer.textures import (
    DEFAULT_COLOR,
    Material,
    bake_materials,
    bake_uv_image,
    sample_image,
    texel_barycentrics,
)

TRIANGLE = np.array([[[0.2, 0.3], [0.8, 0.4], [0.3, 0.9]]])


def ramp(height=64, width=48):
    """A picture whose red is u and whose green is v, at the centres of its pixels."""
    u = (np.arange(width) + 0.5) / width
    v = 1.0 - (np.arange(height) + 0.5) / height
    red, green = np.meshgrid(u, v)
    return np.stack([red, green, np.full_like(red, 0.25)], axis=-1)


def sample_slowly(image, u, v, wrap):
    """One lookup, written out pixel by pixel."""
    height, width = image.shape[:2]
    x, y = u * width - 0.5, (1.0 - v) * height - 0.5
    total = 0.0
    for dy, dx in itertools.product((0, 1), repeat=2):
        column, row = int(np.floor(x)) + dx, int(np.floor(y)) + dy
        weight = (1 - abs(x - column)) * (1 - abs(y - row))
        if wrap == "repeat":
            column, row = column % width, row % height
        else:
            column, row = min(max(column, 0), width - 1), min(max(row, 0), height - 1)
        total = total + weight * image[row, column]
    return total


@pytest.mark.parametrize("side", [1, 2, 4, 5])
def test_texel_barycentrics_follow_the_rule(side):
    weights = texel_barycentrics(side)
    for texel in itertools.product(range(side), repeat=3):
        expected = np.array(texel) / sum(texel) if sum(texel) else np.full(3, 1 / 3)
        np.testing.assert_allclose(weights[texel], expected, atol=1e-15)


@pytest.mark.parametrize("wrap", ["repeat", "clamp"])
def test_sample_image_equals_the_slow_lookup(wrap):
    random = np.random.default_rng(0)
    image = random.random((5, 7, 4))
    uv = random.uniform(-1.5, 2.5, (40, 2))
    expected = [sample_slowly(image, u, v, wrap) for u, v in uv]
    np.testing.assert_allclose(sample_image(image, uv, wrap=wrap), expected, atol=1e-12)


def test_sample_image_reads_pixels_exactly_at_their_centres():
    image = np.random.default_rng(1).random((3, 4, 2))
    row, column = np.indices((3, 4))
    uv = np.stack([(column + 0.5) / 4, 1 - (row + 0.5) / 3], axis=-1)
    np.testing.assert_allclose(sample_image(image, uv), image, atol=1e-14)


def test_v_zero_is_the_bottom_of_the_picture():
    image = np.zeros((2, 1, 1))
    image[1] = 1.0  # the lower row
    assert sample_image(image, np.array([0.5, 0.25])) == 1.0
    assert sample_image(image, np.array([0.5, 0.75])) == 0.0


def test_repeat_is_periodic_and_clamp_continues_the_border():
    image = np.random.default_rng(2).random((4, 4, 3))
    uv = np.random.default_rng(3).random((20, 2))
    np.testing.assert_allclose(
        sample_image(image, uv + np.array([3, -2])), sample_image(image, uv), atol=1e-12
    )
    outside = sample_image(image, np.array([[7.0, 0.875], [-7.0, 0.125]]), wrap="clamp")
    np.testing.assert_allclose(outside, [image[0, -1], image[-1, 0]], atol=1e-12)


@pytest.mark.parametrize("wrap", ["repeat", "clamp"])
def test_no_coordinate_makes_a_nan(wrap):
    bad = np.array([np.nan, np.inf, -np.inf, 1e30, -1e30])
    uv = np.stack(np.meshgrid(bad, bad), axis=-1)
    image = ramp()
    colors = sample_image(image, uv, wrap=wrap)
    assert np.isfinite(colors).all()
    assert colors.min() >= 0.0
    assert colors.max() <= 1.0


@pytest.mark.parametrize("side", [1, 2, 3, 6])
def test_baking_a_ramp_gives_the_coordinates_themselves(side):
    cubes = bake_uv_image(ramp(), TRIANGLE, side=side)
    expected = np.einsum("ijkc,fcd->fijkd", texel_barycentrics(side), TRIANGLE)
    assert cubes.shape == (1, side, side, side, 3)
    np.testing.assert_allclose(cubes[..., :2], expected, atol=1e-12)
    np.testing.assert_allclose(cubes[..., 2], 0.25)


def test_axis_of_a_cube_belongs_to_the_corner_of_that_number():
    cubes = bake_uv_image(ramp(), TRIANGLE, side=3)[0]
    corners = cubes[[2, 0, 0], [0, 2, 0], [0, 0, 2], :2]
    np.testing.assert_allclose(corners, TRIANGLE[0], atol=1e-12)


def test_degenerate_coordinates_give_one_colour():
    cubes = bake_uv_image(ramp(), np.full((2, 3, 2), 0.5), side=4)
    np.testing.assert_allclose(cubes - [0.5, 0.5, 0.25], 0, atol=1e-12)


def test_baking_in_groups_changes_nothing(monkeypatch):
    uv = np.random.default_rng(4).random((11, 3, 2))
    whole = bake_uv_image(ramp(), uv, side=3)
    monkeypatch.setattr("tf_mesh_renderer.textures.bake._TEXELS_AT_ONCE", 60)
    np.testing.assert_array_equal(bake_uv_image(ramp(), uv, side=3), whole)


def test_no_faces_give_no_cubes():
    assert bake_uv_image(ramp(), np.zeros((0, 3, 2)), side=4).shape == (0, 4, 4, 4, 3)


def test_every_face_gets_its_own_material():
    materials = [
        Material(color=(1.0, 0.0, 0.0)),
        Material(color=(0.0, 1.0, 0.0), image=ramp().astype(np.float32)),
    ]
    uv = np.repeat(TRIANGLE, 4, axis=0)
    uv[2, 1, 0] = np.nan  # a face of the second material without coordinates
    cubes = bake_materials(materials, np.array([0, 1, 1, -1]), uv, side=2)
    assert cubes.dtype == np.float32
    np.testing.assert_array_equal(cubes[0].reshape(-1, 3) - [1, 0, 0], 0)
    expected = bake_uv_image(ramp().astype(np.float32), TRIANGLE, side=2)[0]
    np.testing.assert_array_equal(cubes[1], expected)
    np.testing.assert_array_equal(cubes[2].reshape(-1, 3) - [0, 1, 0], 0)
    np.testing.assert_array_equal(cubes[3].reshape(-1, 3) - DEFAULT_COLOR, 0)


def test_scale_offset_and_wrap_of_a_material_are_applied():
    image = np.random.default_rng(5).random((8, 8, 3)).astype(np.float32)
    material = Material(image=image, wrap="clamp", uv_scale=(2.0, 3.0), uv_offset=(0.25, -0.5))
    cubes = bake_materials([material], np.array([0]), TRIANGLE, side=4)
    placed = TRIANGLE * [2.0, 3.0] + [0.25, -0.5]
    np.testing.assert_array_equal(cubes, bake_uv_image(image, placed, side=4, wrap="clamp"))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: texel_barycentrics(0), "texel_barycentrics: argument `side`"),
        (lambda: bake_uv_image(ramp(), TRIANGLE[0], side=2), "expected shape .F, 3, 2."),
        (lambda: sample_image(ramp(), TRIANGLE, wrap="mirror"), "argument `wrap`"),
        (lambda: sample_image(np.zeros((4, 4)), TRIANGLE), "sample_image: argument `image`"),
        (lambda: sample_image(np.zeros((0, 4, 3)), TRIANGLE), "sample_image: argument `image`"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
