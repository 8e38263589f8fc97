"""Shading models: numbers by hand, sums of lights, material constants, configurations."""

import dataclasses
import json

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import assert_close
from tests.support.shading_scene import SIZE, scene
from tf_mesh_renderer import shading
from tf_mesh_renderer.geometry import gather_at_pixels
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
    Unlit,
)

RNG = np.random.default_rng(53)
# One point with its normal towards the viewer, and light that comes in at the cosine 0.8.
UP = tf.constant([[[[0.0, 0.0, 1.0]]]], tf.float64)
POINT = Surface(tf.zeros_like(UP), UP, UP)
SUN = DirectionalLight((1.0, 0.5, 0.0), 2.0, (0.6, 0.0, 0.8))
SKY = AmbientLight((1.0, 1.0, 0.5), 0.5)
ALBEDO = tf.constant([[[[0.5, 0.2, 1.0]]]], tf.float64)

LIGHTS = (
    SKY,
    SUN,
    DirectionalLight((0.1, 0.2, 0.3), 1.5, (1.0, 0.0, 0.0)),
    PointLight((1.0, 2.0, 3.0), (0.2, 0.9, 0.4), 5.0, (0.5, 0.0, 0.5)),
    PointLight((-3.0, 0.0, 1.0), intensity=0.3),
    SphericalHarmonicsLight(RNG.uniform(size=(9, 3))),
)
MODELS = [
    Unlit(),
    FlatLambert(),
    Lambert(0.7),
    Lambert(0.7, "flat"),
    Phong(0.1, 0.9, 0.4, 5.0),
    BlinnPhong(0.1, 0.9, 0.4, 20.0),
]
COLORS = tf.constant(RNG.uniform(size=(1, *SIZE, 3)))


def _surface(*shape):
    def unit():
        vectors = RNG.normal(size=(*shape, 3))
        return tf.constant(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))

    return Surface(tf.constant(RNG.normal(size=(*shape, 3))), unit(), unit())


def test_lambert_by_hand():
    # 0.5 (1, 1, 0.5) + 0.8 * 2 (1, 0.5, 0) = (2.1, 1.3, 0.25), times k_d = 0.5 and the albedo.
    colors = Lambert(0.5).shade_surface(ALBEDO, POINT, (SKY, SUN))
    assert_close(colors[0, 0, 0], np.array([0.525, 0.13, 0.125]), rtol=1e-7)


def test_phong_by_hand():
    # I_l = 0.1 * 0.5 (1, 1, 0.5) + 0.8 * 2 (1, 0.5, 0) = (1.65, 0.85, 0.025).
    # R . V = 0.8, so I_s = 0.4 * 0.64 * 2 (1, 0.5, 0) = (0.512, 0.256, 0).
    model = Phong(ambient=0.1, diffuse=1.0, specular=0.4, shininess=2.0)
    colors = model.shade_surface(ALBEDO, POINT, (SKY, SUN))
    expected = np.array([0.825 + 0.512, 0.17 + 0.256, 0.025])
    assert_close(colors[0, 0, 0], expected, rtol=1e-7)
    limited = Phong(0.1, 1.0, 0.4, 2.0, clamp=True).shade_surface(ALBEDO, POINT, (SKY, SUN))
    assert_close(limited[0, 0, 0], np.minimum(expected, 1.0), rtol=1e-7)


def test_blinn_phong_by_hand():
    # (N . H)^2 = 0.9, see the tests of reflectance; I_s = 0.4 * 0.81 * 2 (1, 0.5, 0).
    model = BlinnPhong(ambient=0.1, diffuse=1.0, specular=0.4, shininess=4.0)
    colors = model.shade_surface(ALBEDO, POINT, (SKY, SUN))
    assert_close(colors[0, 0, 0], np.array([0.825 + 0.648, 0.17 + 0.324, 0.025]), rtol=1e-7)


@pytest.mark.parametrize("model", [Lambert(0.7), MODELS[4], MODELS[5]])
def test_lights_of_all_kinds_add_up(model):
    surface, albedo = _surface(2, 4, 5), tf.constant(RNG.uniform(size=(2, 4, 5, 3)))
    together = model.shade_surface(albedo, surface, LIGHTS)
    alone = [model.shade_surface(albedo, surface, (light,)) for light in LIGHTS]
    assert together.shape == [2, 4, 5, 3]
    assert_close(together, np.sum(alone, axis=0), rtol=1e-12)
    assert_close(model.shade_surface(albedo, surface, LIGHTS[::-1]), together, rtol=1e-12)


@pytest.mark.parametrize("kind", [Phong, BlinnPhong])
def test_constants_may_differ_between_channels_and_batch_items(kind):
    surface, albedo = _surface(2, 4, 5), tf.constant(RNG.uniform(size=(2, 4, 5, 3)))
    constants = RNG.uniform(0.1, 2.0, size=(4, 2, 3))
    ours = kind(*constants).shade_surface(albedo, surface, LIGHTS)
    for item, channel in np.ndindex(2, 3):
        scalars = kind(*constants[:, item, channel])
        expected = scalars.shade_surface(albedo, surface, LIGHTS)[item, ..., channel]
        assert_close(ours[item, ..., channel], expected, rtol=1e-12)
    per_item = kind(shininess=np.array([[2.0], [9.0]])).shade_surface(albedo, surface, LIGHTS)
    assert_close(per_item[1], kind(shininess=9.0).shade_surface(albedo, surface, LIGHTS)[1])


@pytest.mark.parametrize("model", MODELS)
def test_without_lights_colors_stay_as_they_are(model):
    np.testing.assert_array_equal(model.shade(COLORS, scene()), COLORS)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("lights", [(), LIGHTS[:1]])
def test_models_know_when_they_keep_the_albedo(model, lights):
    keeps = np.array_equal(model.shade(COLORS, scene(lights=lights)), COLORS)
    assert model.keeps_albedo(lights) == keeps


def test_a_further_pixel_shading_needs_its_formula_only():
    @dataclasses.dataclass(frozen=True)
    class Glow(shading.PixelShading):
        ambient: object = 0.25
        normals: str = "smooth"
        clamp: bool = False

        def shade_surface(self, albedo, surface, lights):
            (ambient,) = self.constants_at(surface.normals)
            return albedo * ambient

    glow = tf.function(lambda model: model.shade(COLORS, scene(lights=LIGHTS[:1])))(Glow())
    assert_close(glow, 0.25 * COLORS.numpy(), rtol=1e-12)
    with pytest.raises(ValueError, match="Glow: argument `normals`: expected one of 'smooth'"):
        Glow(normals="round")


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("dtype", [tf.float32, tf.float64])
def test_models_draw_a_scene(model, dtype):
    shown = scene(tf.cast(scene().vertices_world, dtype), lights=LIGHTS)
    colors = model.shade(tf.cast(COLORS, dtype), shown)
    assert colors.shape == [1, *SIZE, 3]
    assert colors.dtype == dtype
    assert np.all(np.isfinite(colors))
    assert isinstance(model, shading.ShadingModel)
    reference = model.shade(COLORS, scene(lights=LIGHTS))
    same_face = shown.fragments.face_id == scene().fragments.face_id
    assert_close(colors[same_face], reference[same_face], rtol=2e-5)


def test_flat_lambert_is_n3mrs_light_and_agrees_with_lambert_on_flat_normals():
    distant = tuple(light for light in LIGHTS if not isinstance(light, PointLight))
    shown = scene(lights=distant)
    covered = shown.fragments.face_id >= 0
    per_face, per_pixel = FlatLambert().shade(COLORS, shown), Lambert(1.0, "flat")
    assert_close(per_face[covered], per_pixel.shade(COLORS, shown)[covered], rtol=1e-12)
    irradiance = shading.face_irradiance(shown.vertices_world, shown.faces, distant)
    seen = shading.seen_irradiance(irradiance, shown.vertices_clip, shown.faces)
    by_steps = COLORS * gather_at_pixels(seen, shown.fragments.face_id)
    np.testing.assert_array_equal(per_face, by_steps)


def test_models_with_tensors_are_arguments_of_tf_function():
    traces = []

    @tf.function
    def shade(model, lights):
        traces.append(model)
        return model.shade(COLORS, scene(lights=lights))

    for kind in (Phong, BlinnPhong):
        for value in (0.2, 0.9):
            constants = [tf.constant(value * k, tf.float64) for k in (1, 2, 3, 40)]
            expected = kind(*constants).shade(COLORS, scene(lights=LIGHTS[:2]))
            assert_close(shade(kind(*constants), LIGHTS[:2]), expected, rtol=1e-12)
    colors = shade(Lambert(tf.constant(0.3, tf.float64), "flat"), LIGHTS[:2])
    assert_close(colors, Lambert(0.3, "flat").shade(COLORS, scene(lights=LIGHTS[:2])), rtol=1e-7)
    assert len(traces) == 3


def test_a_variable_in_a_model_is_trained():
    shininess = tf.Variable(3.0, dtype=tf.float64)
    model = Phong(shininess=shininess)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model.shade_surface(ALBEDO, POINT, (SUN,)))
    # d/ds 0.4 * 0.8^s * (2 + 1) = 1.2 * 0.8^3 log 0.8
    assert_close(tape.gradient(loss, shininess), 1.2 * 0.512 * np.log(0.8), rtol=1e-6)


@pytest.mark.parametrize("name", ["unlit", "flat", "lambert", "phong", "blinn_phong"])
def test_names_and_configurations_restore_models(name):
    model = shading.get(name)
    assert shading.serialize(model)["name"] == name
    assert shading.get(json.loads(json.dumps(shading.serialize(model)))) == model
    assert shading.get(model) is model


def test_parameters_survive_a_configuration():
    model = Phong(0.1, (0.2, 0.3, 0.4), np.float64(0.5), 7, normals="flat", clamp=True)
    config = json.loads(json.dumps(shading.serialize(model)))
    assert config["diffuse"] == [0.2, 0.3, 0.4]
    assert shading.get(config) == model
    arrays = Lambert(np.array([[0.2, 0.3]]))
    assert shading.get(shading.serialize(arrays)) == Lambert(((0.2, 0.3),))


def test_what_is_learned_does_not_go_into_a_configuration():
    with pytest.raises(ValueError, match=r"shading\.serialize: argument `specular`: expected a n"):
        shading.serialize(Phong(specular=tf.Variable(0.4)))


@pytest.mark.parametrize("identifier", ["fong", {"name": "fong"}, {}, 3, None, Phong])
def test_unknown_models_are_refused(identifier):
    with pytest.raises(ValueError, match=r"shading\.get: argument `identifier`: .*'phong'.*Hint"):
        shading.get(identifier)


def test_wrong_ranks_are_refused():
    with pytest.raises(ValueError, match="Phong: argument `specular`: expected rank 0 or 1 or 2"):
        Phong(specular=np.zeros([1, 1, 3])).shade_surface(ALBEDO, POINT, (SUN,))
