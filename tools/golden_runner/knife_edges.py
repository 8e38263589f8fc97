"""Pixels whose coverage rounding alone decides: their centre lies on an edge of a face.

Files that were kept although the original kernels disagree with themselves between float32 and
double precision (`tolerance` says so) put vertices on pixel centres on purpose. Which face wins
there is no property of the algorithm, so these pixels are left out of the integer comparison.
"""

import numpy as np

# Largest distance from an edge, in NDC. Rounding a vertex to float32 moves it by up to 6e-8.
ON_EDGE = 1e-6


def disagreements(case, name):
    """Entries of an integer map in which the original kernels disagree with themselves."""
    variants = case.tolerances().values()
    return max((found.get(name, {}).get("mismatches", 0) for found in variants), default=0)


def _border_distance(corners, centres):
    """Signed NDC distance to the border of one triangle, positive inside, [H, W].

    Args:
      corners: [3, 3], homogeneous (x w, y w, w).
      centres: [H, W, 3], (x, y, 1).
    """
    lines = np.cross(corners[[1, 2, 0]], corners[[2, 0, 1]])  # [3, 3]
    facing = np.sign(np.sum(corners[0] * lines[0])) or 1.0
    lengths = np.maximum(np.linalg.norm(lines[:, :2], axis=-1), np.finfo(np.float64).tiny)
    return np.min(centres @ (facing * lines / lengths[:, None]).T, axis=-1)


def knife_edges(corners, image_size):
    """Mask of pixels whose centre lies on the border of any face.

    Args:
      corners: [B, F, 3, 3], homogeneous (x w, y w, w) with y up.
      image_size: (height, width).
    Returns:
      [B, H, W] bool; row 0 is the bottom.
    """
    height, width = image_size
    x = (2.0 * np.arange(width) + 1.0 - width) / width
    y = (2.0 * np.arange(height) + 1.0 - height) / height
    centres = np.stack([*np.meshgrid(x, y), np.ones(image_size)], axis=-1)  # [H, W, 3]
    mask = np.zeros((len(corners), *image_size), bool)
    for item, faces in enumerate(np.asarray(corners, np.float64)):
        for face in faces:
            mask[item] |= np.abs(_border_distance(face, centres)) <= ON_EDGE
    return mask
