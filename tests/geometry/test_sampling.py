"""Points on a surface: on it, uniform, and the same for the same seed."""

import numpy as np
import pytest
from scipy import stats

from tf_mesh_renderer.geometry import cube, icosphere, sample_surface, surface_area

# A right triangle of area 1/2 and one nine times as large, beside a row of padding.
VERTICES = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 5], [3, 0, 5], [0, 3, 5]], float)
FACES = np.array([[0, 1, 2], [-1, -1, -1], [3, 4, 5]])


def test_points_lie_on_the_faces_by_area():
    points = sample_surface(VERTICES, FACES, 20000, seed=0)
    on_large = points[:, 2] > 1
    np.testing.assert_allclose(points[:, 2], np.where(on_large, 5, 0), atol=1e-12)
    # Binomial: one standard deviation is 0.3 / sqrt(20000).
    assert on_large.mean() == pytest.approx(0.9, abs=4 * 0.3 / np.sqrt(20000))
    size = np.where(on_large, 3, 1)
    assert np.all(points[:, :2] >= 0)
    assert np.all(points[:, 0] + points[:, 1] <= size + 1e-9)


def test_points_are_uniform_within_a_face():
    x, y, _ = sample_surface(VERTICES[:3], FACES[:1], 20000, seed=1).T
    # In a uniform right triangle 1 - (1 - x)² is uniform, and so is y / (1 - x) given x.
    assert stats.kstest(1 - (1 - x) ** 2, "uniform").pvalue > 0.01
    assert stats.kstest(y / (1 - x), "uniform").pvalue > 0.01


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_seed_and_dtype(dtype):
    vertices = VERTICES.astype(dtype)
    points = sample_surface(vertices, FACES, 10, seed=3)
    assert points.shape == (10, 3)
    assert points.dtype == (np.float64 if dtype == np.float64 else np.float32)
    np.testing.assert_array_equal(points, sample_surface(vertices, FACES, 10, seed=3))
    assert not np.array_equal(points, sample_surface(vertices, FACES, 10, seed=4))


def test_a_generator_goes_on():
    generator = np.random.default_rng(3)
    first = sample_surface(VERTICES, FACES, 10, seed=generator)
    np.testing.assert_array_equal(first, sample_surface(VERTICES, FACES, 10, seed=3))
    assert not np.array_equal(first, sample_surface(VERTICES, FACES, 10, seed=generator))


def test_area():
    box, ball = cube(half_side=0.45), icosphere(5, radius=0.45)
    assert surface_area(box.vertices, box.faces) == pytest.approx(6 * 0.9**2)
    assert surface_area(ball.vertices, ball.faces) == pytest.approx(np.pi * 0.9**2, rel=2e-3)
    assert surface_area(VERTICES, FACES) == pytest.approx(5.0)
    assert surface_area(VERTICES, FACES[:0]) == 0.0


@pytest.mark.parametrize(
    ("vertices", "faces", "error", "message"),
    [
        (VERTICES[None], FACES, ValueError, r"`vertices`: expected shape \[\?, 3\]"),
        (VERTICES, FACES[0], ValueError, r"`faces`: expected shape \[\?, 3\]"),
        (VERTICES, FACES * 1.0, TypeError, "`faces`: expected integers"),
        (VERTICES[:5], FACES, ValueError, r"`faces`: expected indices in \[0, 5\)"),
        (VERTICES * 0, FACES, ValueError, "`vertices`: expected a surface with a finite area"),
        (VERTICES * np.nan, FACES, ValueError, "`vertices`: expected a surface with a finite"),
        (VERTICES, FACES[:0], ValueError, "`vertices`: expected a surface with a finite area"),
    ],
)
def test_refusals(vertices, faces, error, message):
    with pytest.raises(error, match=message):
        sample_surface(vertices, faces, 4, seed=0)
