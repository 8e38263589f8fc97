"""Points on a surface, for metrics that compare point clouds."""

from typing import Any

import numpy as np

from tf_mesh_renderer.arguments import argument_error, to_count
from tf_mesh_renderer.geometry.face_corners import face_corners


def surface_area(vertices: Any, faces: Any) -> float:
    """Area of all faces together, both sides counted once.

    Args:
      vertices: [V, 3] float.
      faces: [F, 3] integers in [0, V), -1 rows are padding.
    Returns:
      A Python float, in squared units of the vertices.
    Raises:
      ValueError: a shape is wrong, or an index out of range.
    """
    return float(_areas(face_corners("surface_area", vertices, faces)).sum())


def sample_surface(
    vertices: Any, faces: Any, num_points: int, *, seed: int | np.random.Generator
) -> np.ndarray:
    """Points that are uniform over the surface of a mesh.

    Args:
      vertices: [V, 3] float.
      faces: [F, 3] integers in [0, V), -1 rows are padding.
      num_points: N, how many points.
      seed: of NumPy's default generator, or a generator, which is advanced.
    Returns:
      [N, 3] array in the dtype of the vertices (float32 for half precision), same space.
    Raises:
      ValueError: a shape is wrong, an index out of range, or the surface has no area.
    Source:
      Osada et al., "Shape Distributions", ACM TOG 21(4), 2002, eq. 1: the point of a triangle is
      (1 - sqrt(r1)) A + sqrt(r1) (1 - r2) B + sqrt(r1) r2 C.
    """
    corners = face_corners("sample_surface", vertices, faces)
    areas = _areas(corners)
    total = areas.sum()
    if not (np.isfinite(total) and total > 0):
        raise argument_error(
            "sample_surface",
            "vertices",
            expected="a surface with a finite area above 0",
            received=f"area {total}",
            hint="check the mesh for missing faces and for NaN",
        )
    generator = np.random.default_rng(seed)
    num_points = to_count("sample_surface", "num_points", num_points)
    chosen = corners[generator.choice(len(areas), size=num_points, p=areas / total)]
    root, r2 = np.sqrt(generator.random(num_points)), generator.random(num_points)
    weights = np.stack([1.0 - root, root * (1.0 - r2), root * r2], axis=-1)  # [N, 3]
    points = np.einsum("nk,nkd->nd", weights, chosen)
    is_double = np.asarray(vertices).dtype == np.float64
    return points.astype(np.float64 if is_double else np.float32)


def _areas(corners):
    """[F] areas of triangles [F, 3, 3]."""
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return np.linalg.norm(normals, axis=-1) / 2
