"""Coefficients of turned light: the same light at turned normals."""

import numpy as np
import pytest
import tensorflow as tf
from scipy.spatial.transform import Rotation

from tf_mesh_renderer.shading import harmonics_direction, rotate_harmonics, sh_irradiance_basis

RNG = np.random.default_rng(0)
COEFFICIENTS = RNG.normal(size=(5, 9))
ROTATIONS = Rotation.random(5, random_state=1).as_matrix()
NORMALS = RNG.normal(size=(7, 3))
NORMALS /= np.linalg.norm(NORMALS, axis=-1, keepdims=True)


def light(coefficients, normals):
    """[B, N] irradiance at [B, N, 3] normals."""
    basis = sh_irradiance_basis(tf.constant(normals))
    return np.einsum("bnk,bk->bn", basis.numpy(), coefficients)


def test_turned_light_at_turned_normals_is_the_same():
    turned = rotate_harmonics(COEFFICIENTS, ROTATIONS).numpy()
    normals = np.broadcast_to(NORMALS, (5, 7, 3))
    moved = np.einsum("bij,bnj->bni", ROTATIONS, normals)
    np.testing.assert_allclose(light(turned, moved), light(COEFFICIENTS, normals), atol=1e-12)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_rotation_back_and_mirrors(sign):
    matrices = sign * ROTATIONS
    there = rotate_harmonics(COEFFICIENTS, matrices)
    back = rotate_harmonics(there, np.swapaxes(matrices, 1, 2))
    np.testing.assert_allclose(back, COEFFICIENTS, atol=1e-12)


def test_the_direction_turns_with_the_light():
    before = harmonics_direction(COEFFICIENTS[..., np.newaxis, :])[:, 0].numpy()
    after = harmonics_direction(rotate_harmonics(COEFFICIENTS, ROTATIONS)).numpy()
    np.testing.assert_allclose(after, np.einsum("bij,bj->bi", ROTATIONS, before), atol=1e-12)
    linear = np.where(np.isin(np.arange(9), (1, 2, 3)), COEFFICIENTS, 0.0)
    ahead = light(linear, before[:, np.newaxis])[:, 0]
    others = light(linear, np.broadcast_to(NORMALS, (5, 7, 3)))
    assert np.all(ahead >= others.max(axis=1))


def test_a_wrong_shape_is_named():
    with pytest.raises(ValueError, match="rotation"):
        rotate_harmonics(COEFFICIENTS, np.eye(4))
