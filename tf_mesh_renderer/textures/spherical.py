"""Texture coordinates of meshes that are deformed spheres."""

from typing import Any

import numpy as np

from tf_mesh_renderer.arguments import argument_error

# A corner nearer to the axis than this, in units of its distance, is a pole: it has no longitude.
_POLE = 1e-6


def spherical_uv(vertices: Any, faces: Any) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of vertices as texture coordinates, without smear at the seam.

    u = atan2(x, z) / 2 pi + 1/2 and v = 1/2 + asin(y) / pi: the picture is a map of the world whose
    middle lies on +z, with the north pole, +y, on its upper edge. Each corner of a face has its own
    row. Faces across the seam have coordinates u > 1, for textures that repeat, and a corner on a
    pole has the mean longitude of the other two.

    Args:
      vertices: [V, 3] float, of a sphere around the origin, or of what was one in the same
        directions; any radius > 0.
      faces: [F, 3] int.
    Returns:
      uv [3 F, 2] float32 and uv_faces [F, 3] int32, as `UvTexture` takes them.
    Raises:
      ValueError: a wrong shape, or a vertex at the origin.
    Source:
      The paper has "2D spherical coordinates" as texture coordinates of its sphere: Chen et al.,
      "Learning to Predict 3D Objects with an Interpolation-based Differentiable Renderer" (DIB-R),
      NeurIPS 2019, section 4.1. The pole of its released program is on the x axis.
    """
    vertices, faces = np.asarray(vertices, np.float64), np.asarray(faces)
    distance = np.linalg.norm(vertices, axis=-1, keepdims=True) if vertices.ndim == 2 else 0.0
    if vertices.ndim != 2 or vertices.shape[1] != 3 or not np.all(distance > 0):
        raise argument_error(
            "spherical_uv",
            "vertices",
            expected="[V, 3] points around the origin, none of them there",
            received=f"an array of shape {vertices.shape}",
            hint="pass the sphere that was deformed, such as geometry.icosphere(3)",
        )
    x, y, z = np.moveaxis((vertices / distance)[faces], -1, 0)  # [F, 3] each
    u = np.arctan2(x, z) / (2 * np.pi) + 0.5
    is_pole = np.hypot(x, z) < _POLE
    u = np.where(is_pole, np.nan, u)
    across = np.nanmax(u, axis=1) - np.nanmin(u, axis=1) > 0.5
    u = np.where(across[:, None] & (u < 0.5), u + 1, u)
    u = np.where(is_pole, np.nanmean(u, axis=1, keepdims=True), u)
    v = 0.5 + np.arcsin(np.clip(y, -1, 1)) / np.pi
    uv = np.stack([u, v], axis=-1).reshape(-1, 2).astype(np.float32)
    return uv, np.arange(faces.size, dtype=np.int32).reshape(faces.shape)
