"""Rasterization by casting one ray per pixel at every face, in float64."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class Fragments:
    """What every pixel sees: face_id [B, H, W], barycentrics [B, H, W, 3], depth [B, H, W]."""

    face_id: np.ndarray
    barycentrics: np.ndarray
    depth: np.ndarray


@dataclasses.dataclass(frozen=True)
class Visibility:
    """Which fragments are drawn: cull mode, open depth range, where depth is found."""

    cull: str = "back"
    near: float = 0.0
    far: float = np.inf
    depth_from: str = "w"


def pixel_rays(image_size):
    """Direction (x, y, 1) through the centre of every pixel, [H, W, 3]; row 0 is the top."""
    height, width = image_size
    x = (2.0 * np.arange(width) + 1.0 - width) / width
    y = (height - 2.0 * np.arange(height) - 1.0) / height
    return np.stack([*np.meshgrid(x, y), np.ones((height, width))], axis=-1)  # [H, W, 3]


def _volumes(corners, rays):
    """Signed volumes that a ray spans with the edges of triangles.

    A ray from the camera and two corners (x, y, w) of a triangle span a parallelepiped. Its three
    volumes are proportional to the weights with which the corners add up to a point of the ray.

    Args:
      corners: [..., 3, 4], clip space; the z column is not used.
      rays: [..., 3].
    Returns:
      [..., 3], and their common scale [...]: the volume spanned by the three corners.
    """
    q = corners[..., [0, 1, 3]]  # [..., 3, 3]
    normals = np.cross(q[..., [1, 2, 0], :], q[..., [2, 0, 1], :])  # [..., 3, 3]
    edge_volumes = np.sum(normals * rays[..., None, :], axis=-1)  # [..., 3]
    return edge_volumes, np.sum(q[..., 0, :] * normals[..., 0, :], axis=-1)


def barycentrics_and_depth(corners, rays, visibility):
    """Perspective-correct barycentrics [..., 3] and depth [...] where rays meet the faces' planes.

    Only sums, products and quotients: complex corners give complex-step derivatives.
    """
    edge_volumes, _ = _volumes(corners, rays)
    barycentrics = edge_volumes / np.sum(edge_volumes, axis=-1, keepdims=True)
    z, w = (np.sum(barycentrics * corners[..., i], axis=-1) for i in (2, 3))
    if visibility.depth_from == "w":
        return barycentrics, w
    near, far = visibility.near, visibility.far
    return barycentrics, near + (z / w + 1.0) / 2.0 * (far - near)


def _hits(corners, rays, visibility):
    """Mask [H, W] of pixels where one face is drawn; edges are inclusive."""
    edge_volumes, volume = _volumes(corners, rays)
    if volume == 0.0 or not np.isfinite(volume):
        return np.zeros(rays.shape[:-1], bool)
    if (visibility.cull, volume > 0.0) in (("back", False), ("front", True)):
        return np.zeros(rays.shape[:-1], bool)
    # All weights share one sign with the total: the point lies in the triangle and before the eye.
    return np.all(edge_volumes * np.sign(volume) >= 0.0, axis=-1)


def _rasterize_item(vertices_clip, faces, rays, visibility):
    shape = rays.shape[:-1]
    face_id = np.full(shape, -1, np.int32)
    barycentrics = np.zeros((*shape, 3))
    depth = np.zeros(shape)
    nearest = np.full(shape, np.inf)
    for face, indices in enumerate(faces):
        if indices[0] < 0:
            continue
        corners = vertices_clip[indices]  # [3, 4]
        pixels = np.nonzero(_hits(corners, rays, visibility))
        b, d = barycentrics_and_depth(corners, rays[pixels], visibility)
        # Strictly nearer: of equal depths the lowest face id stays.
        seen = (d > visibility.near) & (d < visibility.far) & (d < nearest[pixels])
        pixels = tuple(index[seen] for index in pixels)
        face_id[pixels], barycentrics[pixels], depth[pixels] = face, b[seen], d[seen]
        nearest[pixels] = d[seen]
    return face_id, barycentrics, depth


def faces_of_item(faces, item):
    """[F, 3] indices of one batch item of [F, 3] or [B, F, 3] faces."""
    return faces if faces.ndim == 2 else faces[item]


def rasterize(vertices_clip, faces, *, image_size, visibility=None):
    """Nearest face, perspective-correct barycentrics and depth of every pixel.

    Args:
      vertices_clip: [B, V, 4] (x, y, z, w).
      faces: [F, 3] or [B, F, 3]; rows that start with -1 are padding.
      image_size: (height, width).
      visibility: `Visibility`; None means its defaults.
    Returns:
      `Fragments` in float64; empty pixels have face_id -1 and zeros elsewhere.
    """
    visibility = visibility or Visibility()
    vertices_clip = np.asarray(vertices_clip, np.float64)
    rays = pixel_rays(image_size)
    items = [
        _rasterize_item(vertices, faces_of_item(np.asarray(faces), item), rays, visibility)
        for item, vertices in enumerate(vertices_clip)
    ]
    return Fragments(*(np.stack(field) for field in zip(*items, strict=True)))
