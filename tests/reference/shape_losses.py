"""Losses on meshes by loops over faces, from vertices [V, 3] float64; no adjacency is shared."""

import collections

import numpy as np


def sides_of(faces):
    """{frozenset of two vertices: [(face, opposite vertex), ...]}."""
    found = collections.defaultdict(list)
    for number, (a, b, c) in enumerate(faces):
        for one, two, opposite in ((a, b, c), (b, c, a), (c, a, b)):
            found[frozenset((int(one), int(two)))].append((number, int(opposite)))
    return found


def laplacian(values, faces):
    """Sum of |x - mean of the neighbours|² over vertices that have any."""
    neighbours = collections.defaultdict(set)
    for edge in sides_of(faces):
        a, b = edge
        neighbours[a].add(b)
        neighbours[b].add(a)
    return sum(
        np.sum((values[v] - np.mean([values[n] for n in others], axis=0)) ** 2)
        for v, others in neighbours.items()
    )


def flatten(vertices, faces, epsilon=1e-6):
    """N3MR's smoothness, as the formulas stand in the paper's code."""
    total = 0.0
    for edge, owners in sides_of(faces).items():
        if len(owners) != 2:
            continue
        v0, v1 = vertices[sorted(edge)]
        heights, lengths = [], []
        for _, opposite in owners:
            a, b = v1 - v0, vertices[opposite] - v0
            heights.append(b - a * (a @ b) / (a @ a + epsilon))
            length_b = np.sqrt(b @ b + epsilon)
            cosine = (a @ b) / (np.sqrt(a @ a + epsilon) * length_b + epsilon)
            lengths.append(length_b * np.sqrt(1 - cosine**2 + epsilon))
        cosine = heights[0] @ heights[1] / (lengths[0] * lengths[1] + epsilon)
        total += (cosine + 1) ** 2
    return total


def normal(vertices, face):
    """Unit normal of a face, counter-clockwise seen from its tip."""
    a, b, c = vertices[np.asarray(face)]
    n = np.cross(b - a, c - a)
    return n / np.linalg.norm(n)


def normal_consistency(vertices, faces):
    """Sum of (n . m - 1)² over pairs of faces with a common edge."""
    return sum(
        (normal(vertices, faces[owners[0][0]]) @ normal(vertices, faces[owners[1][0]]) - 1) ** 2
        for owners in sides_of(faces).values()
        if len(owners) == 2
    )


def edge_length(vertices, faces, target=0.0):
    """Mean of (|e| - target)²."""
    lengths = [np.linalg.norm(np.subtract(*vertices[list(edge)])) for edge in sides_of(faces)]
    return np.mean((np.array(lengths) - target) ** 2)


def edge_length_variance(vertices, faces):
    """F (mean |e|² - (mean |e|)²) over the three sides of every face."""
    corners = vertices[np.asarray(faces)]
    lengths = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=-1)
    return len(faces) * (np.mean(lengths**2) - np.mean(lengths) ** 2)
