"""DIB-R's gradient of interpolated features as the released kernels have it, in float64.

Weights are linear on the image. Source: Chen et al., "Learning to Predict 3D Objects with an
Interpolation-based Differentiable Renderer", NeurIPS 2019, equations 1 to 4, and kaolin's kernels.
"""

import numpy as np

from tests.reference.rasterize import pixel_rays
from tests.reference.rasterize_gradient import COMPLEX_STEP, covered_pixels


def _cross(a, b):
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]


def _weights(corners, centres, eps):
    """Weights [N, 3] of corners [N, 3, 2] at points [N, 2]; exact for eps = 0."""
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    point, area = centres - corners[:, 0], _cross(first, second)
    area = area + np.where(area.real < 0.0, -eps, eps)
    w1, w2 = _cross(point, second) / area, _cross(first, point) / area
    return np.stack([1.0 - w1 - w2, w1, w2], axis=-1)


def features_gradient(corners, features, face_id, grad_image, *, eps):
    """Gradient of sum(interpolated features * grad_image) to the corners, pixels held in place.

    Args:
      corners: [B, F, 3, 2], NDC.
      features: [B, F, 3, D].
      face_id: [B, H, W], held fixed.
      grad_image: [B, H, W, D].
      eps: added to (twice) the area of a face, with its sign.
    Returns:
      [B, F, 3, 2] float64.
    """
    pixels = covered_pixels(face_id)
    rows = (pixels[0], face_id[pixels])
    seen = corners[rows].astype(complex)  # [N, 3, 2]
    centres = pixel_rays(face_id.shape[1:])[pixels[1:]][:, :2]
    to_weights = np.sum(features[rows] * grad_image[pixels][:, None], axis=-1)  # [N, 3]
    gradient = np.zeros(corners.shape)
    for corner, axis in np.ndindex(3, 2):
        moved = seen.copy()
        moved[:, corner, axis] += 1j * COMPLEX_STEP
        change = np.sum(_weights(moved, centres, eps).imag * to_weights, axis=-1)
        np.add.at(gradient, (*rows, corner, axis), change / COMPLEX_STEP)
    return gradient
