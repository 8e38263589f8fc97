"""Gradient of barycentrics and depth at fixed coverage, by complex steps of the forward formula."""

import numpy as np

from tests.reference.rasterize import (
    Visibility,
    barycentrics_and_depth,
    faces_of_item,
    pixel_rays,
)

# A complex step has no cancellation, so it may be so small that its square vanishes.
COMPLEX_STEP = 1e-200


def covered_pixels(face_id):
    """Indices (b, row, column) of all pixels that show a face."""
    return np.nonzero(face_id >= 0)


def corner_indices(faces, face_id, pixels):
    """Vertex indices [N, 3] of the faces seen by N pixels (b, row, column)."""
    faces = np.asarray(faces)
    batch = face_id.shape[0]
    per_item = np.stack([faces_of_item(faces, item) for item in range(batch)])  # [B, F, 3]
    return per_item[pixels[0], face_id[pixels]]


def rasterize_gradient(vertices_clip, faces, face_id, upstream, *, visibility=None):
    """Gradient of sum(barycentrics * g_b) + sum(depth * g_d) with respect to the vertices.

    Args:
      vertices_clip: [B, V, 4].
      faces: [F, 3] or [B, F, 3].
      face_id: [B, H, W], held fixed.
      upstream: (grad_barycentrics [B, H, W, 3], grad_depth [B, H, W]).
      visibility: `Visibility`; None means its defaults.
    Returns:
      [B, V, 4] float64.
    """
    visibility = visibility or Visibility()
    grad_barycentrics, grad_depth = upstream
    vertices_clip = np.asarray(vertices_clip, np.float64)
    pixels = covered_pixels(face_id)
    indices = corner_indices(faces, face_id, pixels)  # [N, 3]
    corners = vertices_clip[pixels[0][:, None], indices].astype(complex)  # [N, 3, 4]
    rays = pixel_rays(face_id.shape[1:])[pixels[1:]]  # [N, 3]
    gradient = np.zeros_like(vertices_clip)
    for corner, component in np.ndindex(3, 4):
        moved = corners.copy()
        moved[:, corner, component] += 1j * COMPLEX_STEP
        b, depth = barycentrics_and_depth(moved, rays, visibility)
        change = np.sum(b.imag * grad_barycentrics[pixels], axis=-1)
        change += depth.imag * grad_depth[pixels]
        np.add.at(gradient, (pixels[0], indices[:, corner], component), change / COMPLEX_STEP)
    return gradient
