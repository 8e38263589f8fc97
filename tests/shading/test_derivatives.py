"""First and second derivatives of shading against finite differences, to every input."""

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import check_gradients
from tests.support.shading_scene import EYE, SIZE, scene
from tf_mesh_renderer.cameras import Camera
from tf_mesh_renderer.geometry.primitives import icosphere
from tf_mesh_renderer.geometry.vectors import normalize
from tf_mesh_renderer.shading import (
    AmbientLight,
    BlinnPhong,
    DirectionalLight,
    FlatLambert,
    Lambert,
    Phong,
    PointLight,
    SphericalHarmonicsLight,
    Surface,
)

SHAPE = (2, 2, 3)
RNG = np.random.default_rng(59)


def _near(axis, spread):
    return np.array(axis) + spread * RNG.normal(size=(*SHAPE, 3))


# Normals, viewers and lights on one side, so that no point lies where a slope jumps.
GEOMETRY = {
    "positions": 0.3 * RNG.normal(size=(*SHAPE, 3)),
    "normals": _near((0.0, 0.0, 1.0), 0.2),
    "to_eye": _near((0.3, 0.0, 1.0), 0.2),
}
LIGHTS = {
    "ambient_color": RNG.uniform(size=3),
    "ambient_intensity": np.array(0.4),
    "sun_color": RNG.uniform(size=(2, 3)),
    "sun_intensity": np.array([0.7, 1.3]),
    "sun_direction": np.array([0.3, 0.5, 1.7]),
    "lamp_position": np.array([[0.5, -0.4, 2.0], [-0.3, 0.2, 3.0]]),
    "lamp_color": RNG.uniform(size=3),
    "lamp_intensity": np.array(2.0),
    "lamp_attenuation": np.array([0.5, 0.3, 0.2]),
    "coefficients": RNG.uniform(size=(9, 3)),
}
CONSTANTS = {
    "ambient": RNG.uniform(0.5, 1.0, size=3),
    "diffuse": np.array(0.8),
    "specular": RNG.uniform(0.2, 0.6, size=(2, 3)),
    "shininess": np.array([[3.0], [7.0]]),
}
ALBEDO = {"albedo": RNG.uniform(size=(*SHAPE, 3))}
WEIGHTS = RNG.normal(size=(*SHAPE, 3))
MODELS = {
    Lambert: ["diffuse"],
    Phong: [*CONSTANTS],
    BlinnPhong: [*CONSTANTS],
}


def _lights(v):
    return (
        AmbientLight(v["ambient_color"], v["ambient_intensity"]),
        DirectionalLight(v["sun_color"], v["sun_intensity"], v["sun_direction"]),
        DirectionalLight(
            v["sun_color"], 0.2, direction=v["sun_direction"], normalize_direction=False
        ),
        PointLight(v["lamp_position"], v["lamp_color"], v["lamp_intensity"], v["lamp_attenuation"]),
        SphericalHarmonicsLight(v["coefficients"]),
    )


def _weighted_colors(kind):
    """The inputs of a model, and the weighted sum of its colours as a function of them."""
    inputs = {**GEOMETRY, **LIGHTS, **ALBEDO, **{name: CONSTANTS[name] for name in MODELS[kind]}}

    def total(*values):
        v = dict(zip(inputs, values))
        surface = Surface(v["positions"], normalize(v["normals"]), normalize(v["to_eye"]))
        model = kind(**{name: v[name] for name in MODELS[kind]})
        return tf.reduce_sum(WEIGHTS * model.shade_surface(v["albedo"], surface, _lights(v)))

    return list(inputs.values()), total


@pytest.mark.parametrize("kind", MODELS)
def test_gradients_to_every_input_are_exact(kind):
    inputs, total = _weighted_colors(kind)
    check_gradients(tf.function(total), inputs)


@pytest.mark.parametrize("kind", MODELS)
def test_second_derivatives_to_every_pair_of_inputs_are_exact(kind):
    inputs, total = _weighted_colors(kind)
    # Weights differ from entry to entry, so that every entry of the Hessian counts.
    across = [RNG.normal(size=value.shape) for value in inputs]

    def slope(*values):
        with tf.GradientTape() as tape:
            tape.watch(values)
            loss = total(*values)
        gradients = tape.gradient(loss, values, unconnected_gradients="zero")
        return tf.add_n([tf.reduce_sum(a * g) for a, g in zip(across, gradients)])

    check_gradients(tf.function(slope), inputs)


@pytest.mark.parametrize("clamp", [False, True])
def test_clamped_channels_have_no_gradient(clamp):
    surface = Surface(*(tf.constant([[[0.0, 0.0, 1.0]]], tf.float64),) * 3)
    diffuse = tf.constant([0.5, 2.0], tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(diffuse)
        light = AmbientLight((1.0, 1.0), 1.0)
        colors = Lambert(diffuse, clamp=clamp).shade_surface(1.0, surface, (light,))
    np.testing.assert_array_equal(tape.gradient(colors, diffuse), [1.0, 0.0 if clamp else 1.0])


# Positive, so that no entry is clamped, and away from the borders of faces.
SCENE_LIGHTS = (
    AmbientLight(intensity=0.3),
    DirectionalLight((0.7, 1.0, 0.6), 1.0, EYE + 0.3),
    PointLight(EYE - 0.2, intensity=3.0, attenuation=(0.2, 0.1, 0.5)),
    SphericalHarmonicsLight(RNG.uniform(size=(9, 3))),
)
SCENE_MODELS = [
    FlatLambert(),
    Lambert(),
    Lambert(normals="flat"),
    Phong(0.5, 1.0, 0.4, 6.0),
    Phong(0.5, 1.0, 0.4, 6.0, normals="flat"),
    BlinnPhong(0.5, 1.0, 0.4, 20.0),
]


ICOSAHEDRON = icosphere(0)


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        *((model, Camera.look_at) for model in SCENE_MODELS),
        *((model, Camera.orthographic) for model in SCENE_MODELS[-2:]),
    ],
)
def test_gradients_to_vertices_and_camera_are_exact_with_visibility_fixed(model, kind):
    vertices = ICOSAHEDRON.vertices.numpy()[np.newaxis].astype(np.float64)
    albedo = tf.constant(RNG.uniform(0.5, 1.0, size=(1, *SIZE, 3)))
    weights = tf.constant(RNG.normal(size=(1, *SIZE, 3)))

    @tf.function
    def total(vertices, eye, at):
        shown = scene(vertices, kind(eye, at), faces=ICOSAHEDRON.faces, lights=SCENE_LIGHTS)
        covered = shown.fragments.mask[..., tf.newaxis]
        return tf.reduce_sum(covered * weights * model.shade(albedo, shown))

    check_gradients(total, [vertices, EYE, np.array([0.01, 0.02, 0.03])])


def test_light_and_material_have_second_derivatives_in_a_scene():
    direction = tf.constant(EYE + 0.3)
    shininess = tf.constant(6.0, tf.float64)
    with tf.GradientTape() as outer:
        outer.watch([direction, shininess])
        with tf.GradientTape() as inner:
            inner.watch(direction)
            lit = scene(lights=(DirectionalLight(direction=direction),))
            colors = Phong(shininess=shininess).shade(tf.ones([1, *SIZE, 3], tf.float64), lit)
            loss = tf.reduce_sum(colors**2)
        slope = tf.reduce_sum(inner.gradient(loss, direction) ** 2)
    for second in outer.gradient(slope, [direction, shininess]):
        assert np.all(np.isfinite(second))
        assert np.any(second)
