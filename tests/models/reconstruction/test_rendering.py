"""Meshes of a batch drawn from all views of their objects."""

import dataclasses
import json

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer import gradients
from tf_mesh_renderer.datasets import camera_of_view
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.geometry.primitives import icosphere
from tf_mesh_renderer.models.reconstruction import MultiViewRendering, paper_rendering
from tf_mesh_renderer.rendering import render, render_silhouette
from tf_mesh_renderer.textures import VertexColors

SIZE = (16, 20)
VIEWS = np.array([[0, 5, 11], [3, 23, 3]], np.int32)


def meshes():
    """Two objects with two meshes each, and colours."""
    rng = np.random.default_rng(0)
    sphere = icosphere(1)
    shape = (2, 2, *sphere.vertices.shape)
    vertices = 0.3 * np.asarray(sphere.vertices) + rng.normal(size=shape) * 0.02
    colors = rng.random(shape).astype(np.float32)
    return tf.constant(vertices, tf.float32), sphere.faces, tf.constant(colors)


@pytest.mark.parametrize("name", ["n3mr", "dibr", "softras"])
def test_every_mesh_is_drawn_in_every_view(name):
    rendering = paper_rendering(name, image_size=SIZE)
    vertices, faces, colors = meshes()
    options = {
        "image_size": SIZE,
        "gradient": rendering.gradients[0],
        "anti_aliasing": rendering.anti_aliasing,
    }
    silhouettes = rendering.draw(vertices, faces, VIEWS, image_size=SIZE)
    images = rendering.draw(vertices, faces, VIEWS, image_size=SIZE, colors=colors)
    assert silhouettes.shape == (2, 2, 3, *SIZE, 1)
    assert images.shape == (2, 2, 3, *SIZE, 4)
    for item, mesh, view in np.ndindex(2, 2, 3):
        camera = camera_of_view(VIEWS[item, view])
        one = Mesh(vertices[item, mesh], faces, VertexColors(colors[item, mesh]))
        expected = render_silhouette(one, camera, **options)[0]
        np.testing.assert_allclose(silhouettes[item, mesh, view, ..., 0], expected, atol=1e-5)
        expected = render(one, camera, material="unlit", **options)[0]
        # SoftRas divides depths, which end in another digit for a batch of cameras, by gamma.
        np.testing.assert_allclose(images[item, mesh, view], expected, atol=2e-4)


@pytest.mark.parametrize("name", ["n3mr", "dibr", "softras"])
def test_gradients_are_sums_over_the_views(name):
    rendering = paper_rendering(name, image_size=SIZE)
    vertices, faces, _ = meshes()

    def gradient(views):
        with tf.GradientTape() as tape:
            tape.watch(vertices)
            loss = tf.reduce_sum(rendering.draw(vertices, faces, views, image_size=SIZE) ** 2)
        return tape.gradient(loss, vertices)

    together, apart = gradient(VIEWS), [gradient(VIEWS[:, i : i + 1]) for i in range(3)]
    assert np.abs(together).max() > 0
    scale = np.abs(together).max()
    np.testing.assert_allclose(together, sum(apart), rtol=1e-3, atol=1e-4 * scale)


def test_any_number_of_objects_meshes_and_views_in_one_trace():
    rendering, (vertices, faces, _) = MultiViewRendering(), meshes()
    signature = [tf.TensorSpec([None, None, 42, 3]), tf.TensorSpec([None, None], tf.int32)]

    @tf.function(input_signature=signature, autograph=False)
    def draw(vertices, viewpoints):
        return rendering.draw(vertices, faces, viewpoints, image_size=SIZE)

    assert draw(vertices, VIEWS).shape == (2, 2, 3, *SIZE, 1)
    assert draw(vertices[:1, :1], VIEWS[:1, :1]).shape == (1, 1, 1, *SIZE, 1)
    assert draw(vertices[:0], VIEWS[:0]).shape == (0, 2, 3, *SIZE, 1)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_the_gradient_model_follows_the_step(jit_compile):
    models = tuple(gradients.SoftRas(sigma=sigma) for sigma in (3e-3, 1e-3, 1e-4))
    rendering = MultiViewRendering(models, (5, 8), anti_aliasing=False)
    vertices, faces, _ = meshes()

    @tf.function(jit_compile=jit_compile, autograph=False)
    def draw(step):
        with tf.GradientTape() as tape:
            tape.watch(vertices)
            drawn = rendering.draw(vertices, faces, VIEWS, image_size=SIZE, step=step)
            loss = tf.reduce_sum(drawn)
        return drawn, tape.gradient(loss, vertices)

    for step, model in ((0, 0), (4, 0), (5, 1), (7, 1), (8, 2), (1000, 2)):
        alone = MultiViewRendering((models[model],), anti_aliasing=False)
        expected = alone.draw(vertices, faces, VIEWS, image_size=SIZE)
        drawn, gradient = draw(tf.constant(step, tf.int64))
        np.testing.assert_allclose(drawn, expected, atol=1e-5)
        assert np.abs(gradient).max() > 0


def test_reach_in_pixels_does_not_depend_on_the_size_of_the_image():
    (large,), (small,) = (
        paper_rendering("dibr", image_size=(side, side)).gradients for side in (64, 32)
    )
    assert (large.sigma_inv, large.box_length, large.k_faces) == (7000.0, 0.02, 30)
    assert (small.sigma_inv, small.box_length) == (1750.0, 0.04)
    (large,), (small,) = (
        paper_rendering("softras", image_size=(side, side)).gradients for side in (64, 32)
    )
    assert (large.sigma, large.dist_eps, small.sigma) == (1e-4, 1e-10, 4e-4)
    n3mr = paper_rendering("n3mr", image_size=(32, 32))
    assert n3mr.anti_aliasing
    assert n3mr.gradients == (gradients.N3mr(eps=1e-3),)


def test_sigma_drops_to_three_tenths():
    rendering = paper_rendering("softras", sigma_drop_at=150_000)
    assert rendering.boundaries == (150_000,)
    first, second = rendering.gradients
    assert second == dataclasses.replace(first, sigma=0.3 * first.sigma)


def test_configuration_is_json():
    rendering = paper_rendering("softras", sigma_drop_at=7)
    config = rendering.to_config()
    assert json.loads(json.dumps(config)) == config
    assert MultiViewRendering.from_config(json.loads(json.dumps(config))) == rendering


@pytest.mark.parametrize("boundaries", [(), (5,), (5, 5), (6, 5), (4, 5, 6)])
def test_boundaries_that_do_not_fit_are_refused(boundaries):
    with pytest.raises(ValueError, match=r"argument `boundaries`: expected 2 rising steps.*Hint"):
        MultiViewRendering(("n3mr", "dibr", "softras"), boundaries)


def test_unknown_gradient_models_are_refused():
    with pytest.raises(ValueError, match="paper_rendering: argument `gradient`"):
        paper_rendering("opendr")
