"""Cubes into a picture: what is read back from it is what a renderer shows of the cubes."""

import itertools

import numpy as np
import pytest

from tf_mesh_renderer.textures import (
    bake_uv_image,
    cubes_to_atlas,
    sample_image,
    texel_barycentrics,
)


def shown(cube, weights):
    """Trilinear lookup at one point of the face, written out."""
    side = len(cube)
    position = np.asarray(weights) * (side - 1)
    low = np.minimum(np.floor(position).astype(int), max(side - 2, 0))
    total = 0.0
    for step in itertools.product((0, 1), repeat=3):
        share = np.prod(np.where(step, position - low, 1 - (position - low)))
        texel = np.minimum(low + step, side - 1)
        total = total + share * cube[tuple(texel)]
    return total


def points_on_a_face(count, seed):
    return np.random.default_rng(seed).dirichlet([1, 1, 1], count)


def on_plane(side):
    return np.indices((side,) * 3).sum(axis=0) == side - 1


def smooth_cubes(side, num_faces=6):
    """Cubes baked from a picture that changes slowly."""
    y, x = np.mgrid[0:64, 0:64] / 64
    image = np.stack([0.5 + 0.4 * np.sin(3 * x + y), 0.5 + 0.4 * np.cos(2 * y), x * y], axis=-1)
    uv = np.random.default_rng(0).uniform(0.1, 0.9, (num_faces, 3, 2))
    return bake_uv_image(image, uv, side=side, wrap="clamp")


@pytest.mark.parametrize("side", [1, 2, 4, 7])
def test_picture_shows_what_the_cubes_show(side):
    cubes = np.random.default_rng(side).random((5, side, side, side, 3))
    image, uv = cubes_to_atlas(cubes, tile=12 * max(side - 1, 1) + 1)
    for face, weights in itertools.product(range(5), points_on_a_face(30, seed=1)):
        read = sample_image(image, weights @ uv[face])
        # Between pixels the picture is linear, the cube's blend is cubic with slopes up to 1 per
        # texel; a pixel is 1/12 of a texel.
        np.testing.assert_allclose(read, shown(cubes[face], weights), atol=1.5 / 12**2)


@pytest.mark.parametrize("side", [1, 2, 3, 4, 8])
def test_texels_on_the_plane_come_back_exactly(side):
    cubes = np.random.default_rng(side).random((7, side, side, side, 2))
    image, uv = cubes_to_atlas(cubes)
    again = bake_uv_image(image, uv, side=side)
    plane = on_plane(side)
    np.testing.assert_allclose(again[:, plane], cubes[:, plane], atol=1e-12)


@pytest.mark.parametrize("side", [2, 4])
def test_all_texels_of_a_smooth_texture_come_back(side):
    cubes = smooth_cubes(side)
    image, uv = cubes_to_atlas(cubes)
    again = bake_uv_image(image, uv, side=side)
    # Texels beside the plane lie nearer to the middle than where they are blended in: the error is
    # a part of the change of colour over one texel.
    change = max(np.abs(np.diff(cubes, axis=axis)).max() for axis in (1, 2, 3))
    assert np.abs(again - cubes).max() < 0.5 * change


def test_constant_faces_stay_constant_and_do_not_mix():
    cubes = np.random.default_rng(3).random((30, 1, 1, 1, 3)) * np.ones((1, 3, 3, 3, 1))
    image, uv = cubes_to_atlas(cubes)
    again = bake_uv_image(image, uv, side=3)
    np.testing.assert_allclose(again, cubes, atol=1e-12)


def test_corners_lie_on_pixel_centres_of_separate_tiles():
    cubes = np.zeros((10, 2, 2, 2, 3))
    image, uv = cubes_to_atlas(cubes, tile=5)
    height, width = image.shape[:2]
    assert height % 5 == width % 5 == 0
    x, y = uv[..., 0] * width - 0.5, (1 - uv[..., 1]) * height - 0.5
    np.testing.assert_allclose(x, np.round(x), atol=1e-9)
    np.testing.assert_allclose(y, np.round(y), atol=1e-9)
    tiles = np.stack([np.round(x) // 5, np.round(y) // 5], axis=-1)
    assert (tiles == tiles[:, :1]).all()
    assert len(np.unique(tiles[:, 0], axis=0)) == 10


def test_usual_tile_is_16_pixels_and_meets_the_texels():
    for side, expected in ((1, 16), (2, 16), (4, 16), (5, 17), (8, 22), (30, 30)):
        image, _ = cubes_to_atlas(np.zeros((1, side, side, side, 1)))
        assert image.shape == (expected, expected, 1)


def test_large_meshes_get_smaller_tiles(monkeypatch):
    monkeypatch.setattr("tf_mesh_renderer.textures.atlas._LARGEST_PICTURE", 47)
    cubes = np.random.default_rng(6).random((9, 4, 4, 4, 3))
    image, uv = cubes_to_atlas(cubes)
    assert image.shape == (12, 12, 3)
    again = bake_uv_image(image, uv, side=4)
    np.testing.assert_allclose(again[:, on_plane(4)], cubes[:, on_plane(4)], atol=1e-12)


def test_no_faces_give_an_empty_tile():
    image, uv = cubes_to_atlas(np.zeros((0, 2, 2, 2, 3)))
    assert uv.shape == (0, 3, 2)
    assert not image.any()


def test_texel_barycentrics_lie_in_the_triangle_of_the_tile():
    assert (texel_barycentrics(4) >= 0).all()  # else baking would read neighbouring tiles


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"cubes": np.zeros((2, 3, 3, 2, 3))}, "argument `cubes`: expected shape"),
        ({"cubes": np.zeros((1, 2, 2, 2, 2, 3))}, "Hint: take one item of a batch"),
        ({"cubes": np.zeros((1, 2, 2, 2, 3)), "tile": 1}, "argument `tile`"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        cubes_to_atlas(**arguments)
