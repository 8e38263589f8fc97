"""Pictures, voxels and meshes of one object belong together."""

import numpy as np
import pytest

from tf_mesh_renderer.datasets import camera_of_view, find_category
from tf_mesh_renderer.datasets.synthetic import SHADINGS, make_object
from tf_mesh_renderer.geometry import voxelize
from tf_mesh_renderer.rendering import render_silhouette

CHAIR = find_category("chair")


def chair(index=0, *, split="train", seed=0, shading="plain"):
    return make_object(CHAIR, split, index, seed=seed, shading=shading)


@pytest.fixture(scope="module")
def made():
    return chair()


def test_masks_are_silhouettes_of_the_mesh(made):
    views = [0, 7, 23]
    mesh = made.mesh.to_mesh()
    expected = render_silhouette(mesh, camera_of_view(views), image_size=(64, 64))
    np.testing.assert_allclose(made.images[views, 3] / 255, expected, atol=0.5001 / 255)
    assert 0.05 < made.images[:, 3].mean() / 255 < 0.5


def test_voxels_are_those_of_the_mesh(made):
    np.testing.assert_array_equal(made.voxels, voxelize(made.mesh.vertices, made.mesh.faces))
    assert made.voxels.dtype == bool


def test_plain_pixels_inside_a_face_have_a_colour_of_the_mesh(made):
    pixels = np.moveaxis(made.images, 1, -1)
    inside = pixels[pixels[..., 3] == 255][:, :3].astype(int)
    colors = np.unique(made.mesh.colors, axis=0).astype(int)
    distance = np.abs(inside[:, None] - colors).max(axis=-1).min(axis=1)
    assert np.mean(distance <= 1) > 0.7, "the others lie on borders between colours"
    assert (pixels[pixels[..., 3] == 0] == 0).all()


def test_the_same_arguments_give_the_same_object(made):
    again = chair()
    np.testing.assert_array_equal(made.images, again.images)
    np.testing.assert_array_equal(made.mesh.vertices, again.mesh.vertices)


@pytest.mark.parametrize("other", [{"index": 1}, {"split": "test"}, {"seed": 1}])
def test_other_numbers_splits_and_seeds_give_others(made, other):
    assert not np.array_equal(made.images, chair(**other).images)


def test_all_shadings_show_the_same_objects(made):
    pictures = {"plain": made.images}
    for shading in set(SHADINGS) - {"plain"}:
        shaded = chair(shading=shading)
        np.testing.assert_array_equal(shaded.mesh.vertices, made.mesh.vertices)
        np.testing.assert_array_equal(shaded.images[:, 3], made.images[:, 3])
        pictures[shading] = shaded.images
    different = {name: np.abs(i.astype(int) - made.images).mean() for name, i in pictures.items()}
    assert different.pop("plain") == 0
    assert min(different.values()) > 1
    # A highlight adds light.
    assert (pictures["phong"] >= pictures["lambert"]).all()
    assert (pictures["phong"] > pictures["lambert"]).any()


def test_unknown_words_are_refused():
    with pytest.raises(ValueError, match="argument `shading`: expected one of 'plain', 'lambert'"):
        chair(shading="toon")
    with pytest.raises(ValueError, match="argument `split`"):
        chair(split="dev")
