"""The judge of styles, what it learns from, and the program that lets it judge."""

import numpy as np
import pytest
import tensorflow as tf

import tf_mesh_renderer as mr
from tf_mesh_renderer.applications.editing.views import ViewSampler
from tf_mesh_renderer.datasets.patterns import draw_patterns, pattern_label

KINDS = [
    ("stripes", "orange_blue"),
    ("dots", "pink_purple"),
    ("noise", "orange_blue"),
    ("checker", "pink_purple"),
]


def test_shapes_are_closed_and_as_large_as_others(load_example):
    meshes = load_example("patterned_meshes")
    sizes, rng = set(), np.random.default_rng(1)
    for _ in range(8):
        mesh = meshes.random_shape(rng)
        low, high = np.min(mesh.vertices, axis=0), np.max(mesh.vertices, axis=0)
        assert (high - low).max() == pytest.approx(2.0, abs=1e-5)
        np.testing.assert_allclose(high + low, 0.0, atol=1e-5)
        edges = np.sort(np.asarray(mesh.faces)[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
        assert set(np.unique(edges, axis=0, return_counts=True)[1]) == {2}
        sizes.add(mesh.num_vertices)
    assert len(sizes) > 2


def test_batches_of_patterned_meshes_depend_on_seed_and_step_alone(load_example):
    meshes = load_example("patterned_meshes")
    surfaces = meshes.random_surfaces(2, seed=3)
    first, second = meshes.batches(surfaces, 4, seed=1).take(2)
    (again,) = meshes.batches(surfaces, 4, seed=1, start_step=1).take(1)
    for one, other in zip(second, again):
        np.testing.assert_array_equal(one, other)
    assert first[0].shape == (4, meshes.SIDE, meshes.SIDE, 3)
    assert np.abs(first[0] - second[0]).max() > 0.1
    assert 0 <= np.min(first[0]) < np.max(first[0]) <= 1


def test_stripes_on_a_sphere_are_upright(load_example):
    """Around its axis, too: they follow the meridians."""
    meshes = load_example("patterned_meshes")
    surfaces = meshes.views_of(mr.geometry.icosphere(), 50.0, 3)
    label = pattern_label("stripes", "black_white")
    for mapping in range(meshes.NUM_MAPPINGS):
        painted = meshes.paint(
            np.full(3, label),
            tf.constant([1, 2]),
            surfaces.places[:, mapping],
            np.ones_like(surfaces.shade),
            np.ones_like(surfaces.mask),
        )
        middle = painted.numpy()[:, 24:40, 24:40].mean(axis=-1)
        across = np.abs(np.diff(middle, axis=2)).mean()
        assert across > 1.5 * np.abs(np.diff(middle, axis=1)).mean()


def test_the_judge_names_flat_patterns(load_example):
    labels = [pattern_label(*kind) for kind in KINDS for _ in range(6)]
    images = draw_patterns(labels, seed=(3, 3)).numpy()
    seen = load_example("pattern_judge").PatternJudge().names(images)
    right = [name == "_".join(KINDS[i // 6]) for i, name in enumerate(seen)]
    assert np.mean(right) >= 0.9


def test_the_judge_names_what_a_teapot_wears_and_tells_stripes_from_noise(load_example):
    judge = load_example("pattern_judge").PatternJudge()
    meshes = load_example("patterned_meshes")
    surfaces = meshes.views_of(mr.geometry.utah_teapot(), 40.0, 5)
    for kind in KINDS:
        seen = []
        for mapping in range(meshes.NUM_MAPPINGS):
            labels, seed = np.full(5, pattern_label(*kind)), tf.constant([4, mapping])
            where = surfaces.places[:, mapping]
            seen += judge.names(meshes.paint(labels, seed, where, surfaces.shade, surfaces.mask))
        if kind[0] == "noise":  # which it often does not see at all
            assert np.mean([name == "stripes_orange_blue" for name in seen]) <= 0.1
        else:
            assert np.mean([name == "_".join(kind) for name in seen]) >= 0.5, (kind, seen)


def test_the_judge_takes_a_grey_teapot_for_plain(load_example):
    """Whatever colour is behind it."""
    judge = load_example("pattern_judge").PatternJudge()
    views = ViewSampler(fov_y_degrees=40.0).held_out(5)
    mesh = mr.geometry.utah_teapot()
    grey = mr.Mesh(mesh.vertices, mesh.faces, mr.VertexColors(np.full((mesh.num_vertices, 3), 0.5)))
    for background in [(0.5, 0.5, 0.5), (0.4, 0.25, 0.3), (0.4, 0.3, 0.25)]:
        images = mr.render(
            grey, views.camera, image_size=(64, 64), lights=views.lights, background=background
        )
        assert judge.names(images).count("plain") >= 4


@pytest.mark.slow
def test_a_run_that_has_hardly_learnt_misses_its_goals(figures_of_a_miss):
    figures = figures_of_a_miss("edit_meshes", "--steps=2", "--meshes=sphere")
    assert figures["sphere_stripes_judge_agrees"] == 0
    assert figures["sphere_dots_judge_agrees_start"] == 0
    assert 1 < figures["sphere_dots_style_loss_ratio"] < 5
    assert figures["sphere_dots_finite"]
