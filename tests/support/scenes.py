"""Small scenes for tests, all in clip space with depth w."""

import numpy as np


def screen_to_clip(screen):
    """[..., (x_ndc, y_ndc, depth)] to clip space [..., (x, y, z, w)] with z = w = depth."""
    x, y, depth = np.moveaxis(np.asarray(screen), -1, 0)
    return np.stack([x * depth, y * depth, depth, depth], axis=-1)


def triangle_soup(seed, num_faces, *, batch=1, size=0.8, dtype=np.float32):
    """Random triangles of about one size and either winding, each with vertices of its own.

    Returns:
      vertices_clip [B, 3 F, 4], faces [F, 3] int32.
    """
    rng = np.random.default_rng(seed)
    centres = rng.uniform(-0.9, 0.9, [batch, num_faces, 1, 2])
    corners = centres + rng.normal(size=[batch, num_faces, 3, 2]) * size / 2.0
    depth = rng.uniform(1.0, 4.0, [batch, num_faces, 3, 1])
    clip = screen_to_clip(np.concatenate([corners, depth], axis=-1))
    faces = np.arange(3 * num_faces, dtype=np.int32).reshape(num_faces, 3)
    return clip.reshape(batch, 3 * num_faces, 4).astype(dtype), faces


def grid(columns, rows, *, depth=2.0, half_extent=1.0, dtype=np.float32):
    """A rectangle of columns x rows cells, two counter-clockwise triangles each, shared vertices.

    Returns:
      vertices_clip [1, V, 4], faces [F, 3] int32.
    """
    x = np.linspace(-half_extent, half_extent, columns + 1)
    y = np.linspace(-half_extent, half_extent, rows + 1)
    x, y = np.meshgrid(x, y)
    vertices = screen_to_clip(np.stack([x, y, np.full_like(x, depth)], axis=-1))
    first = (np.arange(rows)[:, None] * (columns + 1) + np.arange(columns)).reshape(-1)
    right, above = first + 1, first + columns + 1
    lower = np.stack([first, right, above], axis=-1)
    upper = np.stack([right, above + 1, above], axis=-1)
    faces = np.concatenate([lower, upper]).astype(np.int32)
    return vertices.reshape(1, -1, 4).astype(dtype), faces
