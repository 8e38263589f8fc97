"""The Chainer package's `Renderer`: defaults, two-sided drawing, parity with doubled faces."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer import neural_renderer
from tf_mesh_renderer.geometry.primitives import icosphere

NUM_FACES = 80
EYE = (1.1, 1.3, -2.4)


def scene(batch=1, dtype=np.float32):
    sphere = icosphere(1)
    rng = np.random.default_rng(0)
    vertices = np.broadcast_to(sphere.vertices, (batch, 42, 3)).astype(dtype)
    faces = np.broadcast_to(sphere.faces, (batch, NUM_FACES, 3))
    textures = rng.random((batch, NUM_FACES, 2, 2, 2, 3)).astype(dtype)
    return tf.constant(vertices), tf.constant(faces), tf.constant(textures)


def test_defaults_are_those_of_the_original():
    renderer = neural_renderer.Renderer()
    expected = {
        "image_size": 256,
        "anti_aliasing": True,
        "background_color": (0, 0, 0),
        "fill_back": True,
        "perspective": True,
        "viewing_angle": 30,
        "camera_mode": "look_at",
        "camera_direction": (0, 0, 1),
        "near": 0.1,
        "far": 100,
        "light_intensity_ambient": 0.5,
        "light_intensity_directional": 0.5,
        "light_color_ambient": (1, 1, 1),
        "light_color_directional": (1, 1, 1),
        "light_direction": (0, 1, 0),
        "rasterizer_eps": 1e-3,
    }
    assert {name: getattr(renderer, name) for name in expected} == expected
    np.testing.assert_allclose(renderer.eye, (0, 0, -2.7320508), rtol=1e-7)


@pytest.mark.parametrize(("size", "shape"), [(12, (12, 12)), ((10, 14), (10, 14))])
def test_shapes_are_channels_first(size, shape):
    vertices, faces, textures = scene(batch=2)
    renderer = neural_renderer.Renderer(image_size=size)
    assert renderer.render(vertices, faces, textures).shape == (2, 3, *shape)
    assert renderer.render_silhouettes(vertices, faces).shape == (2, *shape)
    assert renderer.render_depth(vertices, faces).shape == (2, *shape)


@pytest.mark.parametrize("make", [np.asarray, tf.constant, tf.Variable, keras.Variable])
def test_arrays_tensors_and_variables_are_welcome(make):
    vertices, faces, textures = scene()
    renderer = neural_renderer.Renderer(image_size=8, eye=EYE)
    with tf.GradientTape() as tape:
        arguments = make(vertices), np.asarray(faces), make(textures)
        image = renderer.render(*arguments)
        silhouette = renderer.render_silhouettes(*arguments[:2])
        loss = tf.reduce_sum(image**2) + tf.reduce_sum(silhouette**2)
    np.testing.assert_allclose(image, renderer.render(vertices, faces, textures), atol=1e-6)
    if hasattr(arguments[0], "trainable"):
        for gradient in tape.gradient(loss, [arguments[0], arguments[2]]):
            assert np.any(np.abs(gradient) > 0)


# --- fill_back ------------------------------------------------------------------------------------


def doubled(faces, textures):
    """What the original does: every face again with its corners and texture axes reversed."""
    faces = tf.concat([faces, tf.reverse(faces, [2])], axis=1)
    return faces, tf.concat([textures, tf.transpose(textures, [0, 1, 4, 3, 2, 5])], axis=1)


def project(renderer, vertices):
    view = neural_renderer.look_at(vertices, renderer.eye)
    return neural_renderer.perspective(view) if renderer.perspective else view


def draw_doubled(renderer, vertices, faces, textures):
    faces, textures = doubled(faces, textures)
    lit = neural_renderer.lighting(
        neural_renderer.vertices_to_faces(vertices, faces),
        textures,
        direction=renderer.light_direction,
    )
    return neural_renderer.rasterize(
        neural_renderer.vertices_to_faces(project(renderer, vertices), faces),
        lit,
        image_size=renderer.image_size,
        eps=renderer.rasterizer_eps,
        background_color=renderer.background_color,
    )


@pytest.mark.parametrize("perspective", [True, False])
@pytest.mark.parametrize("open_mesh", [True, False])
def test_two_sided_drawing_equals_doubled_faces(perspective, open_mesh):
    """Light, texture and gradients of the side that shows, without a second copy."""
    vertices, faces, textures = scene(dtype=np.float64)
    if open_mesh:  # through the hole both sides are seen
        faces, textures = faces[:, ::3], textures[:, ::3]
    renderer = neural_renderer.Renderer(
        image_size=24,
        perspective=perspective,
        eye=EYE,
        light_direction=(0.4, 0.7, -0.6),
        background_color=(0.3, 0.2, 0.4),
    )
    weights = tf.random.stateless_normal([1, 3, 24, 24], seed=[7, 8], dtype=tf.float64)
    results = []
    for draw in (renderer.render, lambda *mesh: draw_doubled(renderer, *mesh)):
        with tf.GradientTape() as tape:
            tape.watch([vertices, textures])
            image = draw(vertices, faces, textures)
            loss = tf.reduce_sum(image * weights)
        results.append([image, *tape.gradient(loss, [vertices, textures])])
    for ours, expected in zip(*results, strict=True):
        scale = np.abs(expected).max()
        np.testing.assert_allclose(ours, expected, atol=1e-9 * scale)


def test_without_fill_back_faces_clockwise_on_screen_vanish():
    vertices, faces, _ = scene()
    options = {"image_size": 16, "fill_back": False, "eye": EYE}
    renderer = neural_renderer.Renderer(**options)
    outward = renderer.render_depth(vertices, faces).numpy()
    inward = renderer.render_depth(vertices, tf.reverse(faces, [2])).numpy()
    # N3MR's image is a mirror image: of outward faces only those at the back show.
    seen = outward < renderer.far
    np.testing.assert_array_equal(seen, inward < renderer.far)
    assert np.all(outward[seen] > inward[seen])


# --- depths ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("perspective", [True, False])
@pytest.mark.parametrize("distance", [0.5, 0.0])
def test_vertices_at_and_behind_the_camera_are_harmless(perspective, distance):
    vertices, faces, textures = scene()
    vertices = tf.concat([vertices, [[[0.0, 0.0, -distance], [1.0, 0.0, -distance]]]], axis=1)
    faces = tf.concat([faces, [[[42, 43, 0]]]], axis=1)
    textures = tf.concat([textures, textures[:, :1]], axis=1)
    renderer = neural_renderer.Renderer(
        image_size=16, perspective=perspective, eye=(0.0, 0.0, -distance), camera_mode="look"
    )
    with tf.GradientTape() as tape:
        tape.watch(vertices)
        outputs = [
            renderer.render(vertices, faces, textures),
            renderer.render_silhouettes(vertices, faces),
            renderer.render_depth(vertices, faces),
        ]
        loss = tf.add_n([tf.reduce_sum(output**2) for output in outputs])
    for output in [*outputs, tape.gradient(loss, vertices)]:
        assert np.all(np.isfinite(output))


def test_near_and_far_are_honoured_by_all_methods():
    vertices, faces, textures = scene()
    renderer = neural_renderer.Renderer(image_size=16, eye=EYE, anti_aliasing=False)
    whole = renderer.render_depth(vertices, faces).numpy()
    renderer.near, renderer.far = 2.2, 3.4
    depth = renderer.render_depth(vertices, faces).numpy()
    silhouette = renderer.render_silhouettes(vertices, faces).numpy()
    rgb = renderer.render(vertices, faces, textures + 0.1).numpy()
    assert np.all((depth == 3.4) | ((depth > 2.2) & (depth < 3.4)))
    assert np.min(whole) < 2.2
    np.testing.assert_array_equal(silhouette, depth < 3.4)
    np.testing.assert_array_equal(rgb.max(axis=1) > 0, depth < 3.4)


def test_depth_of_borders_is_not_mixed_with_far_unless_asked_for():
    vertices, faces, _ = scene()
    renderer = neural_renderer.Renderer(image_size=16, eye=EYE)
    masked = renderer.render_depth(vertices, faces).numpy()
    alpha = renderer.render_silhouettes(vertices, faces).numpy()
    renderer.depth_antialiasing = "mean"
    mean = renderer.render_depth(vertices, faces).numpy()
    np.testing.assert_allclose(mean, alpha * masked + (1 - alpha) * renderer.far, rtol=1e-5)
    assert np.any((alpha > 0) & (alpha < 1))
    assert masked[alpha > 0].max() < 5
    with pytest.raises(ValueError, match="argument `depth_antialiasing`: expected one of 'masked'"):
        neural_renderer.Renderer(depth_antialiasing="max").render_depth(vertices, faces)


# --- camera ---------------------------------------------------------------------------------------


def test_camera_modes_agree_where_they_mean_the_same():
    vertices, faces, _ = scene(batch=2)
    options = {"image_size": 16, "viewing_angle": 25}
    eye = np.float32([EYE, (0.3, -2.0, -1.8)])
    look_at = neural_renderer.Renderer(eye=eye, **options)
    look = neural_renderer.Renderer(eye=eye, camera_mode="look", camera_direction=-eye, **options)
    none = neural_renderer.Renderer(camera_mode="none", **options)
    expected = look_at.render_depth(vertices, faces).numpy()
    assert np.ptp(expected) > 1
    np.testing.assert_allclose(look.render_depth(vertices, faces), expected, rtol=1e-5)
    seen = neural_renderer.look_at(vertices, eye)
    np.testing.assert_allclose(none.render_depth(seen, faces), expected, rtol=1e-5)


def test_unknown_camera_mode_is_an_error():
    vertices, faces, _ = scene()
    with pytest.raises(ValueError, match="argument `camera_mode`: expected one of 'look_at'"):
        neural_renderer.Renderer(camera_mode="lookat").render_silhouettes(vertices, faces)


@pytest.mark.parametrize("method", ["render", "render_silhouettes", "render_depth"])
def test_gradients_reach_the_camera(method):
    vertices, faces, textures = scene()
    eye = tf.Variable(EYE)
    angle = tf.Variable(30.0)
    renderer = neural_renderer.Renderer(image_size=16, eye=eye, viewing_angle=angle)
    mesh = (vertices, faces, textures) if method == "render" else (vertices, faces)
    weights = tf.random.stateless_normal([16, 16], seed=[1, 2])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(getattr(renderer, method)(*mesh) * weights)
    for gradient in tape.gradient(loss, [eye, angle]):
        assert np.all(np.isfinite(gradient))
        assert np.any(np.abs(gradient) > 0)


def test_perspective_is_half_of_the_angle_of_view():
    # At distance 2 a half angle of 30 degrees shows 2 tan 30 to either side.
    half = 2 * math.tan(math.radians(30))
    for scale, covered in ((0.99, False), (1.01, True)):
        corner = half * scale
        vertices = [[[-corner, -corner, 2], [corner, -corner, 2], [0, 3 * corner, 2]]]
        renderer = neural_renderer.Renderer(image_size=512, camera_mode="none", anti_aliasing=False)
        bottom = renderer.render_silhouettes(tf.constant(vertices), [[[0, 1, 2]]])[0, -1]
        assert bool(tf.reduce_all(bottom == 1)) == covered
