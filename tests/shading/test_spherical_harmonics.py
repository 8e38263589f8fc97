"""Spherical harmonics: orthonormal basis, the constants of the paper, energy of environments."""

import math

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import assert_close
from tf_mesh_renderer.shading import SphericalHarmonicsLight, sh_basis, sh_irradiance_basis

RNG = np.random.default_rng(43)
NORMALS = RNG.normal(size=(2, 4, 5, 3))
NORMALS /= np.linalg.norm(NORMALS, axis=-1, keepdims=True)


def _sphere_quadrature():
    """Directions [N, 3] and weights [N], exact for polynomials of degree 15 on the sphere."""
    z, weights = np.polynomial.legendre.leggauss(8)
    angles = 2 * math.pi * np.arange(16) / 16
    ring = np.sqrt(1 - z**2)[:, None]
    x, y = ring * np.cos(angles), ring * np.sin(angles)
    directions = np.stack([x, y, np.broadcast_to(z[:, None], x.shape)], axis=-1)
    return directions.reshape(-1, 3), np.repeat(weights * 2 * math.pi / 16, 16)


def test_basis_is_orthonormal_over_the_sphere():
    directions, weights = _sphere_quadrature()
    basis = sh_basis(tf.constant(directions)).numpy()
    assert_close(basis.T @ (weights[:, None] * basis), np.eye(9), rtol=1e-13)


def test_irradiance_basis_by_hand():
    # At the normal (0.6, 0, 0.8): the constants times 1, -y, z, -x, xy, -yz, 3z²-1, -xz, x²-y².
    values = [1.0, -0.0, 0.8, -0.6, 0.0, -0.0, 3 * 0.64 - 1, -0.48, 0.36]
    constants = [0.2820948, *[0.3257350] * 3, 0.2731371, 0.2731371, 0.0788479, 0.2731371, 0.1365686]
    basis = sh_irradiance_basis(tf.constant([0.6, 0.0, 0.8], tf.float64))
    assert_close(basis, np.multiply(constants, values), rtol=1e-7)
    # All coefficients 1: 0.2820948 + 0.0651470 - 0.1311058 + 0.0725401 + 0.0491647.
    light = SphericalHarmonicsLight(np.ones([9, 1]))
    received = light.irradiance(tf.constant([[[0.6, 0.0, 0.8]]], tf.float64))
    assert_close(received, np.array([[[0.3378408]]]), rtol=3e-7)


def test_signs_are_those_of_the_header():
    x, y, z = tf.constant(np.eye(3))
    assert [sh_basis(axis)[i].numpy() > 0 for axis, i in ((y, 1), (z, 2), (x, 3))] == [
        False,
        True,
        False,
    ]


def test_a_constant_environment_lights_all_normals_the_same():
    coefficients = np.zeros([9, 2])
    coefficients[0] = math.sqrt(4 * math.pi) * np.array([1.0, 0.25])
    light = SphericalHarmonicsLight(coefficients).irradiance(tf.constant(NORMALS))
    assert_close(light, np.broadcast_to([1.0, 0.25], [2, 4, 5, 2]), rtol=1e-14)


def test_light_is_the_convolution_of_the_environment_with_the_cosine():
    # An environment of degree 2 is projected without loss; the cosine is not, so integrate finely.
    coefficients = RNG.normal(size=(9, 1))
    z, weights = np.polynomial.legendre.leggauss(400)
    z, weights = (z + 1) / 2, weights / 2  # the upper hemisphere around the normal
    angles = 2 * math.pi * np.arange(8) / 8
    normal = NORMALS[0, 0, 0]
    across = np.linalg.svd(normal[None])[2][1:]  # two unit vectors at right angles
    ring = np.sqrt(1 - z**2)[:, None, None]
    plane = np.cos(angles)[:, None] * across[0] + np.sin(angles)[:, None] * across[1]
    directions = z[:, None, None] * normal + ring * plane
    radiance = sh_basis(tf.constant(directions)).numpy() @ coefficients  # [400, 8, 1]
    expected = np.sum(radiance[..., 0].mean(axis=1) * 2 * math.pi * weights * z) / math.pi
    light = SphericalHarmonicsLight(coefficients).irradiance(tf.constant(normal[None, None]))
    assert_close(light[0, 0, 0], expected, rtol=1e-9)


def test_a_single_direction_is_off_by_at_most_the_known_remainder():
    direction = np.array([0.0, 0.6, -0.8])
    # One light whose irradiance on a surface that faces it is 1 * pi: coefficients pi Y_i(L).
    coefficients = math.pi * sh_basis(tf.constant(direction)).numpy()[:, None]
    t = np.linspace(-1, 1, 201)
    across = np.array([1.0, 0.0, 0.0])
    normals = t[:, None] * direction + np.sqrt(1 - t**2)[:, None] * across
    light = SphericalHarmonicsLight(coefficients).irradiance(tf.constant(normals[None]))[0, :, 0]
    # The first three terms of the Legendre series of max(t, 0): 1/4 + t/2 + 5/32 (3 t² - 1).
    assert_close(light, 1 / 4 + t / 2 + 5 / 32 * (3 * t**2 - 1), rtol=1e-12)
    error = np.abs(light - np.maximum(t, 0))
    assert 0.09 < error.max() <= 3 / 32 + 1e-9
    # Over the sphere, t is uniformly distributed, and squares of the remaining bands add up.
    assert math.sqrt(np.mean(error**2)) < 0.06


def test_batches_and_dtypes():
    coefficients = RNG.normal(size=(2, 9, 3))
    batch = SphericalHarmonicsLight(coefficients).irradiance(tf.constant(NORMALS))
    for item in range(2):
        one = SphericalHarmonicsLight(coefficients[item]).irradiance(tf.constant(NORMALS[[item]]))
        assert_close(batch[item], one[0], rtol=1e-14)
    single = SphericalHarmonicsLight(coefficients).irradiance(tf.constant(NORMALS, tf.float32))
    assert single.dtype == tf.float32
    assert_close(single, batch, rtol=1e-6)


def test_a_wrong_number_of_coefficients_is_an_error():
    with pytest.raises(ValueError, match=r"SphericalHarmonicsLight: argument `coefficients`"):
        SphericalHarmonicsLight(np.zeros([4, 3])).irradiance(tf.constant(NORMALS))
