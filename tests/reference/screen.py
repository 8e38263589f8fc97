"""Triangles as the soft models see them: corners on the image with a depth each, in float64."""

import numpy as np

from tests.reference.rasterize import Visibility

# Faces that reach farther from the image (NDC) take no part.
FARTHEST_CORNER = 1e6


def _depth(z, w, visibility):
    if visibility.depth_from == "w":
        return w
    return visibility.near + (z / w + 1.0) / 2.0 * (visibility.far - visibility.near)


def screen_corners(vertices_clip, faces, visibility=None):
    """Corners [F, 3, (x, y, depth)] of the faces of one image.

    Args:
      vertices_clip: [V, 4].
      faces: [F, 3]; rows of -1 are padding.
      visibility: `Visibility`, of which the depth range and source count; None means its defaults.
    Returns:
      [F, 3, 3]; NaN for padding, for faces with a corner not in front of the camera, and for those
      with a corner farther than 1e6 from the image.
    """
    visibility = visibility or Visibility()
    x, y, z, w = np.moveaxis(np.asarray(vertices_clip, np.float64)[faces], -1, 0)  # [F, 3]
    with np.errstate(divide="ignore", invalid="ignore"):
        corners = np.stack([x / w, y / w, _depth(z, w, visibility)], axis=-1)
        seen = (w > 0.0) & np.all(np.abs(corners[..., :2]) <= FARTHEST_CORNER, axis=-1)
    seen = np.all(seen, axis=-1) & (faces[:, 0] >= 0)
    return np.where(seen[:, None, None], corners, np.nan)


def add_corner_gradients(vertices_clip, faces, grad_corners, visibility=None):
    """Chain rule of `screen_corners`: gradient [V, 4] from one to the corners [F, 3, 3].

    Faces without a triangle must have a gradient of 0.
    """
    visibility = visibility or Visibility()
    touched = np.any(grad_corners != 0.0, axis=(1, 2))
    faces, grad_corners = faces[touched], grad_corners[touched]
    x, y, z, w = np.moveaxis(np.asarray(vertices_clip, np.float64)[faces], -1, 0)
    gx, gy, g_depth = np.moveaxis(grad_corners, -1, 0)
    g_clip = np.stack([gx / w, gy / w, np.zeros_like(w), -(gx * x + gy * y) / w**2], axis=-1)
    if visibility.depth_from == "w":
        g_clip[..., 3] += g_depth
    else:
        half = (visibility.far - visibility.near) / 2.0
        g_clip[..., 2] += g_depth * half / w
        g_clip[..., 3] -= g_depth * half * z / w**2
    gradient = np.zeros(np.shape(vertices_clip))
    np.add.at(gradient, faces, g_clip)
    return gradient
