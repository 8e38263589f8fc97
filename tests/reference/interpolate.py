"""Vertex attributes blended by barycentrics, and both gradients, in float64."""

import numpy as np

from tests.reference.rasterize_gradient import corner_indices, covered_pixels


def _corner_attributes(attributes, faces, face_id):
    pixels = covered_pixels(face_id)
    indices = corner_indices(faces, face_id, pixels)  # [N, 3]
    values = np.asarray(attributes, np.float64)[pixels[0][:, None], indices]  # [N, 3, D]
    return pixels, indices, values


def interpolate(attributes, faces, face_id, barycentrics):
    """[B, H, W, D] blend of attributes [B, V, D]; 0 where empty."""
    pixels, _, values = _corner_attributes(attributes, faces, face_id)
    output = np.zeros((*face_id.shape, values.shape[-1]))
    output[pixels] = np.einsum("nk,nkd->nd", barycentrics[pixels], values)
    return output


def interpolate_gradient(attributes, faces, fragments, grad_output):
    """Gradients to attributes [B, V, D] and barycentrics [B, H, W, 3]."""
    pixels, indices, values = _corner_attributes(attributes, faces, fragments.face_id)
    upstream = grad_output[pixels]  # [N, D]
    grad_attributes = np.zeros(np.shape(attributes))
    for corner in range(3):
        share = fragments.barycentrics[pixels][:, corner, None] * upstream
        np.add.at(grad_attributes, (pixels[0], indices[:, corner]), share)
    grad_barycentrics = np.zeros((*fragments.face_id.shape, 3))
    grad_barycentrics[pixels] = np.einsum("nd,nkd->nk", upstream, values)
    return grad_attributes, grad_barycentrics
