"""Losses on the lengths of edges."""

from typing import Any

import tensorflow as tf

from tf_mesh_renderer.geometry.adjacency import Adjacency
from tf_mesh_renderer.geometry.vectors import length
from tf_mesh_renderer.losses.vertex_values import vertex_values


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
    vertices = vertex_values("edge_length_loss", "vertices", value=vertices, adjacency=adjacency)
    vectors = _edge_vectors(vertices, adjacency.edges)
    if target_length == 0.0:  # no root, whose derivatives would end at 0
        return _mean(tf.reduce_sum(tf.square(vectors), axis=-1))
    return _mean(tf.square(length(vectors) - target_length))


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
      The 3D DeepDream of Kato et al., "Neural 3D Mesh Renderer", CVPR 2018, as in the released code:
      F (mean |e|² - (mean |e|)²).
    """
    vertices = vertex_values(
        "edge_length_variance_loss", "vertices", value=vertices, adjacency=adjacency
    )
    faces = adjacency.faces[(adjacency.faces >= 0).all(axis=1)]
    sides = faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)  # [3 F, 2]
    lengths = length(_edge_vectors(vertices, sides))
    # The same variance without the cancellation of two large means.
    deviation = lengths - _mean(lengths)[..., tf.newaxis]
    return len(faces) * _mean(tf.square(deviation))


def _edge_vectors(vertices, edges):
    """[..., E, 3]."""
    first, second = (tf.gather(vertices, end, axis=-2) for end in edges.T)
    return second - first


def _mean(values):
    """[...] from [..., E]; 0 for E = 0."""
    return tf.reduce_sum(values, axis=-1) / max(values.shape[-1], 1)
