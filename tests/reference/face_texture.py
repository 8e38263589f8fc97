"""N3MR's texture, one T x T x T cube per face read trilinearly, and its gradients, in float64."""

import itertools

import numpy as np

from tests.reference.rasterize_gradient import COMPLEX_STEP, covered_pixels


def _cell(barycentrics, side, eps):
    """Lowest texel [N, 3] and position inside the cell [N, 3] (complex if the input is)."""
    position = barycentrics * (side - 1)
    highest = side - 1 - eps
    position = np.where(position.real < 0.0, 0.0, position)
    position = np.where(position.real > highest, highest, position)
    lowest = np.trunc(position.real).astype(int)
    return lowest, position - lowest


def _corners(barycentrics, side, eps):
    """Yields the texel index [N, 3] and the weight [N] of each of the 8 corners of a cell."""
    lowest, offset = _cell(barycentrics, side, eps)
    for corner in itertools.product((0, 1), repeat=3):
        corner = np.array(corner)
        weight = np.prod(np.where(corner == 1, offset, 1.0 - offset), axis=-1)
        # A cube of side 1 has no second texel; its weight is 0 there.
        yield np.minimum(lowest + corner, side - 1), weight


def _texel_rows(textures, face_id, pixels):
    """Batch and face index of the cube read by every pixel; one item may serve the whole batch."""
    item = pixels[0] if textures.shape[0] > 1 else np.zeros_like(pixels[0])
    return item, face_id[pixels]


def _sample(textures, rows, barycentrics, eps):
    total = 0.0
    for texel, weight in _corners(barycentrics, textures.shape[2], eps):
        total = total + weight[:, None] * textures[(*rows, *texel.T)]
    return total  # [N, C]


def face_texture(textures, face_id, barycentrics, *, eps=1e-3):
    """[B, H, W, C] colours of textures [B or 1, F, T, T, T, C]; 0 where empty."""
    textures = np.asarray(textures, np.float64)
    pixels = covered_pixels(face_id)
    rows = _texel_rows(textures, face_id, pixels)
    output = np.zeros((*face_id.shape, textures.shape[-1]))
    output[pixels] = _sample(textures, rows, np.asarray(barycentrics, np.float64)[pixels], eps)
    return output


def face_texture_gradient(textures, fragments, grad_output, *, eps=1e-3):
    """Gradients to textures, and to barycentrics within the cell that each pixel reads."""
    textures = np.asarray(textures, np.float64)
    pixels = covered_pixels(fragments.face_id)
    rows = _texel_rows(textures, fragments.face_id, pixels)
    barycentrics = fragments.barycentrics[pixels].astype(np.float64)  # [N, 3]
    upstream = grad_output[pixels]  # [N, C]
    grad_textures = np.zeros_like(textures)
    for texel, weight in _corners(barycentrics, textures.shape[2], eps):
        np.add.at(grad_textures, (*rows, *texel.T), weight[:, None] * upstream)
    grad_barycentrics = np.zeros((*fragments.face_id.shape, 3))
    for corner in range(3):
        moved = barycentrics + 1j * COMPLEX_STEP * np.eye(3)[corner]
        change = _sample(textures, rows, moved, eps).imag / COMPLEX_STEP
        grad_barycentrics[(*pixels, corner)] = np.sum(change * upstream, axis=-1)
    return grad_textures, grad_barycentrics
