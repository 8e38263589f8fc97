"""Objects from four sides, their colours on a sphere, and batches of them."""

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer.datasets import (
    CanonicalViews,
    MeshArrays,
    adversarial_batches,
    draw_canonical_views,
)
from tf_mesh_renderer.datasets.canonical_views import canonical_cameras
from tf_mesh_renderer.datasets.sphere_textures import sphere_texture
from tf_mesh_renderer.geometry import Mesh, cube, icosphere
from tf_mesh_renderer.textures import UvTexture, spherical_uv


def colored_by_position(mesh):
    """Red is x, green y and blue z, from 0 on the one side to 255 on the other."""
    vertices = np.asarray(mesh.vertices)
    colors = np.round((vertices / np.abs(vertices).max() + 1) * 127.5).astype(np.uint8)
    return MeshArrays(vertices, np.asarray(mesh.faces), colors)


@pytest.fixture(scope="module")
def views():
    meshes = [colored_by_position(icosphere(3, radius=r)) for r in (0.2, 0.3, 0.45)]
    return CanonicalViews.of_meshes(meshes, image_size=16, texture_size=8)


def test_the_cameras_are_a_quarter_turn_apart_and_30_degrees_up():
    eye = canonical_cameras().eye.numpy()
    level = eye[:, [0, 2]]
    np.testing.assert_allclose(np.sum(level * np.roll(level, 1, axis=0), axis=1), 0, atol=1e-5)
    np.testing.assert_allclose(eye[:, 1] / np.linalg.norm(eye, axis=1), 0.5, rtol=1e-5)


def test_larger_objects_cover_more_and_nothing_reaches_the_border(views):
    area = views.silhouettes.sum(axis=(1, 2), dtype=np.int64)  # [3, 4]
    assert np.all(np.diff(area, axis=0) > 0)
    # A sphere looks the same from everywhere.
    np.testing.assert_allclose(area, area[:, :1] + 0 * area, rtol=0.02)
    assert not views.silhouettes[:, 0].any()
    assert not views.silhouettes[:, :, 0].any()


def test_colors_follow_the_views(views):
    center = views.images[:, :, 8, 8, :3].astype(int)  # [3, 4, 3]
    expected = canonical_cameras().eye.numpy()
    expected = np.round((expected / np.linalg.norm(expected, axis=1, keepdims=True) + 1) * 127.5)
    np.testing.assert_allclose(center, np.broadcast_to(expected, center.shape), atol=25)
    np.testing.assert_array_equal(views.colors[..., 3:6], views.images[:, 1, ..., :3])
    np.testing.assert_array_equal(views.silhouettes[..., 2], views.images[:, 2, ..., 3])


def test_a_texture_on_a_sphere_looks_like_the_object():
    sphere = icosphere(4, radius=0.4)
    arrays = colored_by_position(sphere)
    uv, uv_faces = spherical_uv(sphere.vertices, sphere.faces)
    painted = Mesh(
        sphere.vertices, sphere.faces, UvTexture(sphere_texture(arrays, 32), uv, uv_faces)
    )
    drawn = draw_canonical_views(painted.batched(), image_size=32)
    wanted = draw_canonical_views(arrays.to_mesh().batched(), image_size=32)
    np.testing.assert_allclose(drawn[..., 3], wanted[..., 3], atol=1e-6)
    assert np.abs(drawn - wanted).max() < 0.12  # a texel is 11 degrees wide
    assert np.abs(drawn - wanted).mean() < 0.01


def test_the_outermost_surface_gives_the_color_and_gaps_are_filled():
    inner, outer = icosphere(2, radius=0.1), icosphere(2, radius=0.4)
    upper = np.asarray(outer.vertices)[np.asarray(outer.faces)].mean(axis=1)[:, 1] > 0
    count = len(inner.vertices)
    both = MeshArrays(
        np.concatenate([inner.vertices, outer.vertices]),
        np.concatenate([inner.faces, np.asarray(outer.faces)[upper] + count]),
        np.repeat(np.uint8([[255, 0, 0], [0, 255, 0]]), count, axis=0),
    )
    texture = sphere_texture(both, 16)
    assert np.all(texture[:7] == (0, 1, 0))
    assert np.all(texture[9:] == (1, 0, 0))
    plate = cube(half_side=0.5)
    top = np.asarray(plate.vertices)[np.asarray(plate.faces)].min(axis=1)[:, 1] > 0
    only_top = MeshArrays(
        np.asarray(plate.vertices), np.asarray(plate.faces)[top], np.full([8, 3], 51, np.uint8)
    )
    np.testing.assert_allclose(sphere_texture(only_top, 8), 0.2, rtol=1e-6)


def test_silhouettes_alone_are_the_alpha_of_pictures():
    mesh = icosphere(2, radius=0.3).batched()
    alpha = draw_canonical_views(mesh, image_size=16)
    assert alpha.shape == [1, 4, 16, 16, 1]
    colored = Mesh(mesh.vertices, mesh.faces, colored_by_position(mesh).to_mesh().texture)
    np.testing.assert_array_equal(
        alpha[..., 0], draw_canonical_views(colored, image_size=16)[..., 3]
    )


def test_no_mesh_is_an_error():
    with pytest.raises(ValueError, match="at least one mesh"):
        CanonicalViews.of_meshes([], image_size=8, texture_size=8)


# --- batches --------------------------------------------------------------------------------------


def batches(views, **changes):
    settings = {"batch_size": 4, "seed": 3, "noise_units": 5, "critic_steps": 2} | changes
    return adversarial_batches(
        {"silhouettes": views.silhouettes, "textures": views.textures}, **settings
    )


def first(dataset, count=1):
    return list(dataset.take(count).as_numpy_iterator())


def test_a_batch_has_all_chance_of_a_step(views):
    (batch,) = first(batches(views))
    shapes = {name: value.shape for name, value in batch.items()}
    assert shapes == {
        "silhouettes": (4, 2, 16, 16, 4),
        "textures": (4, 2, 8, 8, 3),
        "noise": (4, 3, 5),
        "mix": (4, 2),
    }
    stored = views.silhouettes / np.float32(255)
    for item in np.ndindex(4, 2):
        (row,) = [i for i, s in enumerate(stored) if np.allclose(s, batch["silhouettes"][item])]
        np.testing.assert_allclose(batch["textures"][item], views.textures[row] / 255.0, rtol=1e-5)


def test_training_goes_on_where_it_was(views):
    whole, rest = first(batches(views), 4), first(batches(views, start_step=2), 2)
    for expected, found in zip(whole[2:], rest, strict=True):
        tf.nest.map_structure(np.testing.assert_array_equal, expected, found)
    assert not np.array_equal(whole[0]["noise"], whole[1]["noise"])
    other = first(batches(views, seed=4))[0]
    assert not np.array_equal(other["noise"], whole[0]["noise"])


def test_shards_make_the_whole_batch(views):
    whole = first(batches(views))[0]
    shards = [first(batches(views, shards=(2, shard)))[0] for shard in range(2)]
    for name, value in whole.items():
        np.testing.assert_array_equal(np.concatenate([s[name] for s in shards]), value)


def test_noise_is_standard_normal(views):
    noise = first(batches(views, batch_size=64, noise_units=64))[0]["noise"]
    assert abs(noise.mean()) < 0.03
    assert abs(noise.std() - 1) < 0.03


def test_errors_name_the_argument(views):
    with pytest.raises(ValueError, match="one length"):
        adversarial_batches(
            {"a": views.silhouettes, "b": views.textures[:2]},
            batch_size=1,
            seed=0,
            noise_units=1,
            critic_steps=1,
        )
    with pytest.raises(ValueError, match="critic_steps"):
        batches(views, critic_steps=0)
