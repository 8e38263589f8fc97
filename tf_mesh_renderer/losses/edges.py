"""Losses on the lengths of edges."""

from typing import Any

import tensorflow as tf

from tf_mesh_renderer.geometry.adjacency import Adjacency
from tf_mesh_renderer.geometry.vectors import length
from tf_mesh_renderer.losses.by_vertex import ByVertex


def edge_length_loss(
    vertices: Any, adjacency: Adjacency, *, target_length: float = 0.0
) -> tf.Tensor:
    """Mean over edges of (length - target)², each edge counted once.

    Args:
      vertices: [..., V, 3] float.
      adjacency: of the mesh.
      target_length: in units of the vertices; 0 pulls flying vertices back.
    Returns:
      [...] in squared units of the vertices, float32 for half precision; 0 without edges.
    Gradients:
      Exact, of any order; for a target above 0 none to edges of length 0.
    Raises:
      TypeError: `adjacency` is something else.
      ValueError: a static shape is wrong.
    Source:
      Wang et al., "Pixel2Mesh", ECCV 2018, sec. 3.4, as a mean; PyTorch3D's `mesh_edge_loss`.
    """
    positions = ByVertex("edge_length_loss", "vertices", vertices, adjacency)
    vectors = _vectors(positions, adjacency.edges)
    if target_length == 0.0:  # no root, whose derivatives would end at 0
        return positions.per_item(tf.square(vectors)) / max(len(adjacency.edges), 1)
    deviation = _lengths(vectors) - target_length  # [E, B]
    return positions.per_item(tf.square(deviation)) / max(len(adjacency.edges), 1)


def edge_length_variance_loss(vertices: Any, adjacency: Adjacency) -> tf.Tensor:
    """F times the variance of the lengths of all sides of faces.

    An edge between two faces counts twice, one at a border once.

    Args:
      vertices: [..., V, 3] float.
      adjacency: of the mesh.
    Returns:
      [...] in squared units of the vertices, float32 for half precision; 0 without faces.
    Gradients:
      Exact, of any order; none to edges of length 0.
    Raises:
      TypeError: `adjacency` is something else.
      ValueError: a static shape is wrong.
    Source:
      F (mean |e|² - (mean |e|)²) in the code released for the 3D DeepDream of Kato et al., "Neural
      3D Mesh Renderer", CVPR 2018.
    """
    positions = ByVertex("edge_length_variance_loss", "vertices", vertices, adjacency)
    faces = adjacency.faces[(adjacency.faces >= 0).all(axis=1)]
    sides = faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)  # [3 F, 2]
    lengths = _lengths(_vectors(positions, sides))  # [3 F, B]
    # The variance without the cancellation of two large means; 1 / 3 is F / (3 F).
    deviation = lengths - tf.reduce_sum(lengths, axis=0) / max(len(sides), 1)
    return positions.per_item(tf.square(deviation)) / 3.0


def _vectors(positions, edges):
    """[E, 3, B]."""
    first, second = positions.gather(*edges.T)
    return second - first


def _lengths(vectors):
    """[E, B]."""
    return length(tf.transpose(vectors, [0, 2, 1]))
