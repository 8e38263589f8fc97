"""Conventions of the original renderers, and the way from them to ours and back."""

import numpy as np

# tf_mesh_renderer draws -1 <= z <= 1, this library the open interval. Depths are shrunk by one part
# in 2^20, far less than any tolerance, so that the borders fall inside.
INCLUSIVE_SHRINK = 1.0 - 2.0**-20


def flip_rows(maps):
    """Swaps row 0 = bottom and row 0 = top of [B, H, W, ...] maps."""
    return np.asarray(maps)[:, ::-1]


def separate_faces(num_faces):
    """Indices [F, 3] of faces that share no vertex: vertex 3 f + k is corner k of face f."""
    return np.arange(3 * num_faces, dtype=np.int32).reshape(-1, 3)


def linear_weights(barycentrics, corner_depths):
    """Weights that are linear on the screen, from perspective-correct barycentrics.

    Args:
      barycentrics: [..., 3], 0 where empty.
      corner_depths: [..., 3], camera depth of the three corners of the face seen.
    Returns:
      [..., 3], 0 where empty.
    """
    weights = np.asarray(barycentrics, np.float64) * corner_depths
    total = np.sum(weights, axis=-1, keepdims=True)
    return np.divide(weights, total, out=np.zeros_like(weights), where=total != 0)


def reverse_ids(face_id, num_faces):
    """Face ids of a list of faces that was handed over in reverse order; -1 stays."""
    face_id = np.asarray(face_id)
    return np.where(face_id >= 0, num_faces - 1 - face_id, -1)
