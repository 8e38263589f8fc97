"""Point lights, and the direction and radiance that every light gives to highlights."""

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import assert_close
from tf_mesh_renderer.shading import (
    AmbientLight,
    DirectionalLight,
    Light,
    PointLight,
    SphericalHarmonicsLight,
    Surface,
    face_irradiance,
)

RNG = np.random.default_rng(47)


def _unit(*shape):
    vectors = RNG.normal(size=(*shape, 3))
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


POSITIONS, NORMALS = RNG.normal(size=(2, 4, 5, 3)), _unit(2, 4, 5)
SURFACE = Surface(tf.constant(POSITIONS), tf.constant(NORMALS), tf.constant(_unit(2, 4, 5)))
LIGHTS = [
    AmbientLight((1.0, 0.5, 0.25), 0.5),
    DirectionalLight((0.7, 1.0, 0.6), [0.5, 2.0], (0.0, 1.6, -1.2)),
    DirectionalLight((0.7, 1.0, 0.6), 0.5, (0.0, 1.6, -1.2), normalize_direction=False),
    PointLight(RNG.normal(size=(2, 3)), (0.7, 1.0, 0.6), 3.0, (0.1, 0.2, 0.3)),
    SphericalHarmonicsLight(RNG.normal(size=(9, 3))),
]


def test_a_point_light_by_hand():
    # 2 above the surface, in the direction (0.6, 0, 0.8); 1 / (1 + 0.5 * 2 + 0.25 * 4) = 1/3.
    light = PointLight((1.2, 0.0, 1.6), (3.0, 1.5), 2.0, (1.0, 0.5, 0.25))
    normals, origin = tf.constant([[[0.0, 0.0, 1.0]]]), tf.zeros([1, 1, 3])
    assert_close(light.irradiance(normals, origin), np.array([[[1.6, 0.8]]]), rtol=1e-6)
    direction, radiance = light.sample(Surface(origin, normals, normals))
    assert_close(direction, np.array([[[0.6, 0.0, 0.8]]]), rtol=1e-6)
    assert_close(radiance, np.array([[[2.0, 1.0]]]), rtol=1e-6)


def test_a_point_light_far_away_is_a_directional_light():
    direction = np.array([0.0, 0.6, -0.8])
    far = PointLight(1e9 * direction, intensity=1e18, attenuation=(0.0, 0.0, 1.0))
    sun = DirectionalLight(direction=direction, intensity=1.0)
    near_zero = 1e-7  # parallax: the size of the scene over the distance
    assert_close(
        far.irradiance(SURFACE.normals, SURFACE.positions),
        sun.irradiance(SURFACE.normals),
        rtol=near_zero,
    )


@pytest.mark.parametrize("attenuation", [(1.0, 0.0, 0.0), (0.0, 0.0, 1.0)])
def test_a_point_light_on_the_surface_is_dark_and_finite(attenuation):
    position = tf.zeros([3])
    points = tf.zeros([1, 1, 3])
    normals = tf.constant([[[0.0, 0.0, 1.0]]])
    with tf.GradientTape() as tape:
        tape.watch([position, points])
        light = PointLight(position, attenuation=attenuation).irradiance(normals, points)
    np.testing.assert_array_equal(light, np.zeros([1, 1, 3]))
    for gradient in tape.gradient(light, [position, points]):
        assert np.all(np.isfinite(gradient))


@pytest.mark.parametrize("light", LIGHTS)
def test_sample_and_irradiance_agree(light):
    assert isinstance(light, Light)
    direction, radiance = light.sample(SURFACE)
    cosine = 1.0
    if direction is not None:
        assert_close(np.linalg.norm(direction, axis=-1), np.ones(direction.shape[:-1]), rtol=1e-6)
        cosine = np.maximum(np.sum(NORMALS * direction, axis=-1, keepdims=True), 0)
    expected = light.irradiance(SURFACE.normals, SURFACE.positions)
    full = (2, 4, 5, 3)
    assert_close(
        np.broadcast_to(cosine * radiance, full), np.broadcast_to(expected, full), rtol=1e-6
    )


@pytest.mark.parametrize("light", LIGHTS)
def test_light_does_not_depend_on_the_arrangement_of_points(light):
    flat = Surface(*(tf.reshape(field, [2, 20, 3]) for field in SURFACE))
    pixels, points = (light.irradiance(s.normals, s.positions).numpy() for s in (SURFACE, flat))
    np.testing.assert_array_equal(
        np.broadcast_to(pixels, (2, 4, 5, 3)).reshape(2, 20, 3), np.broadcast_to(points, (2, 20, 3))
    )


@pytest.mark.parametrize("light", LIGHTS)
def test_lights_are_arguments_of_tf_function(light):
    @tf.function
    def received(light, surface):
        return light.irradiance(surface.normals, surface.positions), light.sample(surface)

    ours, (_, radiance) = received(light, SURFACE)
    assert_close(ours, light.irradiance(SURFACE.normals, SURFACE.positions), rtol=1e-12)
    assert_close(radiance, light.sample(SURFACE).radiance, rtol=1e-12)


def test_a_point_light_shines_on_faces_from_their_centres():
    vertices = np.array([[[0.0, 0.0, 0.0], [3.0, 0.0, 0.0], [0.0, 3.0, 0.0]]])
    light = PointLight((1.0, 1.0, 2.0), intensity=1.0, attenuation=(0.0, 0.0, 1.0))
    # Straight above the centre (1, 1, 0), at the distance 2; the inner side is dark.
    sides = face_irradiance(vertices, [[0, 1, 2]], [light])
    assert_close(sides, np.broadcast_to([[[0.25], [0.0]]], (1, 1, 2, 3)), rtol=1e-12)


def test_errors_name_the_argument():
    with pytest.raises(ValueError, match=r"PointLight\.irradiance: argument `positions`"):
        PointLight((0.0, 0.0, 1.0)).irradiance(SURFACE.normals)
    with pytest.raises(ValueError, match="PointLight: argument `position`: expected shape"):
        PointLight((0.0, 1.0)).sample(SURFACE)
    with pytest.raises(ValueError, match="PointLight: argument `attenuation`: expected shape"):
        PointLight((0.0, 1.0, 0.0), attenuation=1.0).sample(SURFACE)
