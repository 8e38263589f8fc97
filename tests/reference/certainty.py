"""Which pixels any sound arithmetic must agree on, from running error bounds of the oracle."""

import numpy as np

from tests.reference.rasterize import Visibility, faces_of_item, pixel_rays


def _bounded_volumes(corners, rays):
    """Edge volumes [H, W, 3] and the corners' volume, each with the sum of its terms' sizes."""
    q = corners[:, [0, 1, 3]]
    after, before = q[[1, 2, 0]], q[[2, 0, 1]]
    normals = np.cross(after, before)
    turn, back = [1, 2, 0], [2, 0, 1]
    magnitudes = np.abs(after[:, turn] * before[:, back]) + np.abs(after[:, back] * before[:, turn])
    edges, edge_sizes = rays @ normals.T, np.abs(rays) @ magnitudes.T
    return edges, edge_sizes, q[0] @ normals[0], np.abs(q[0]) @ magnitudes[0]


def _one_face(corners, rays, visibility, tolerance):
    """Masks (certainly drawn, possibly drawn) and the depth interval of one face at every pixel."""
    edges, sizes, volume, volume_size = _bounded_volumes(corners, rays)
    facing_known = np.abs(volume) > tolerance * volume_size
    possible = np.zeros(rays.shape[:2], bool)
    for facing in (1.0, -1.0):
        culled = visibility.cull == ("back" if facing < 0.0 else "front")
        if not culled and not (facing_known and facing * volume < 0.0):
            possible |= np.all(facing * edges >= -tolerance * sizes, axis=-1)
    certain = possible & facing_known & np.all(np.abs(edges) > tolerance * sizes, axis=-1)
    with np.errstate(all="ignore"):
        total = np.sum(edges, axis=-1)
        depth = volume / total
        error = tolerance * (volume_size / np.abs(volume) + np.sum(sizes, axis=-1) / np.abs(total))
        low, high = depth * (1.0 - error), depth * (1.0 + error)
    outside = certain & ((high <= visibility.near) | (low >= visibility.far))
    inside = certain & (low > visibility.near) & (high < visibility.far)
    return (
        inside,
        possible & ~outside,
        np.where(inside, low, np.inf),
        np.where(inside, high, np.inf),
    )


def certain_pixels(vertices_clip, faces, *, image_size, visibility=None, tolerance=2e-6):
    """Mask [B, H, W] of pixels where rounding decides neither coverage nor which face is nearest.

    Args:
      vertices_clip: [B, V, 4].
      faces: [F, 3] or [B, F, 3].
      image_size: (height, width).
      visibility: `Visibility` with depth from w; None means its defaults.
      tolerance: relative error of one product or sum, times the number of them in a row.
    """
    visibility = visibility or Visibility()
    rays = pixel_rays(image_size)
    certain = np.ones((len(vertices_clip), *image_size), bool)
    for item, vertices in enumerate(np.asarray(vertices_clip, np.float64)):
        lows, highs = [np.full(image_size, np.inf)], [np.full(image_size, np.inf)]
        for indices in faces_of_item(np.asarray(faces), item):
            if indices[0] < 0:
                continue
            drawn, possible, low, high = _one_face(vertices[indices], rays, visibility, tolerance)
            certain[item] &= drawn | ~possible
            lows.append(low)
            highs.append(high)
        lows, highs = np.stack(lows), np.stack(highs)
        nearest = np.argmin(lows, axis=0)[None]
        own_high = np.take_along_axis(highs, nearest, axis=0)
        rivals = (lows <= own_high) & np.isfinite(lows)
        certain[item] &= np.sum(rivals, axis=0) <= 1
    return certain
