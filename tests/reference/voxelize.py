"""Voxels of a mesh by plain loops: every face, every lattice line, every voxel by itself."""

import collections
import itertools
import math

import numpy as np

# As in the library: lines on an edge hit both of its faces, whatever rounding says.
_ROUNDING = 1e-9


def voxelize(vertices, faces, resolution):
    """[n, n, n] bool; the grid spans -0.5 to 0.5 and a margin of half a voxel."""
    place = (np.asarray(vertices, np.float64) * (resolution - 1) / resolution + 0.5) * resolution
    surface = np.zeros([resolution] * 3, bool)
    for face in np.asarray(faces):
        for voxel in voxels_of_triangle(place[face]):
            if all(0 <= i < resolution for i in voxel):
                surface[voxel] = True
    return ~outside_of(surface)


def voxels_of_triangle(corners):
    """Yields voxels: those of the corners, and four around each lattice line at its hit."""
    for corner in corners:
        yield tuple(math.floor(x + _ROUNDING) for x in corner)
    for axis in range(3):
        p, q = (axis + 1) % 3, (axis + 2) % 3
        low, high = np.ceil(corners.min(axis=0) - 1), np.floor(corners.max(axis=0) + 1)
        for i in range(int(low[p]), int(high[p]) + 1):
            for j in range(int(low[q]), int(high[q]) + 1):
                depth = depth_at(corners[:, [p, q, axis]], (i, j))
                if depth is None:
                    continue
                for di, dj in itertools.product((0, 1), repeat=2):
                    voxel = [0, 0, 0]
                    voxel[p], voxel[q] = i - di, j - dj
                    voxel[axis] = math.floor(depth + _ROUNDING)
                    yield tuple(voxel)


def depth_at(corners, point):
    """Third coordinate of the triangle above a point of the plane of the first two, or None."""
    matrix = np.concatenate([corners[:, :2].T, np.ones([1, 3])])
    if abs(np.linalg.det(matrix)) <= _ROUNDING:
        return None
    weights = np.linalg.solve(matrix, [*point, 1.0])
    return float(weights @ corners[:, 2]) if np.all(weights >= -_ROUNDING) else None


def outside_of(surface):
    """Empty voxels that a walk over common faces reaches from beyond the border."""
    padded = np.pad(surface, 1)
    reached = np.zeros_like(padded)
    reached[0, 0, 0] = True
    waiting = collections.deque([(0, 0, 0)])
    while waiting:
        here = waiting.popleft()
        for axis, step in itertools.product(range(3), (-1, 1)):
            there = list(here)
            there[axis] += step
            there = tuple(there)
            inside = all(0 <= i < n for i, n in zip(there, padded.shape, strict=True))
            if inside and not padded[there] and not reached[there]:
                reached[there] = True
                waiting.append(there)
    return reached[1:-1, 1:-1, 1:-1]
