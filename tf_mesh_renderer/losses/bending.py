"""Losses on the angle between faces that share an edge."""

from typing import Any

import tensorflow as tf

from tf_mesh_renderer.geometry.adjacency import Adjacency
from tf_mesh_renderer.geometry.normals import scaled_face_normals
from tf_mesh_renderer.geometry.vectors import length
from tf_mesh_renderer.losses.by_vertex import ByVertex

_EPSILON = 1e-6


def flatten_loss(vertices: Any, adjacency: Adjacency, *, epsilon: float = _EPSILON) -> tf.Tensor:
    """Sum over interior edges of (cos θ + 1)², θ the angle between the two faces; flat is 0.

    N3MR calls it smoothness, SoftRas flattening. The cosine is taken between the heights of the two
    triangles over their common edge, so it needs no consistent winding.

    Args:
      vertices: [..., V, 3] float.
      adjacency: of the mesh. Edges at a border add nothing.
      epsilon: added under the roots and to the divisors, where N3MR adds it, in squared (and fourth
        powers of) units of the vertices: edges much shorter than its root do not resist.
    Returns:
      [...] without unit, float32 for half precision; finite for degenerate faces.
    Gradients:
      Exact, of any order.
    Raises:
      TypeError: `adjacency` is something else.
      ValueError: a static shape is wrong.
    Source:
      Kato et al., "Neural 3D Mesh Renderer", CVPR 2018, eq. 13, as in the released code.
    """
    positions = ByVertex("flatten_loss", "vertices", vertices, adjacency)
    a, b, c, d = positions.gather(*adjacency.edge_vertices.T, *adjacency.opposite_vertices.T)
    edge = b - a  # [N, 3, B]
    height_c, length_c = _height(edge, c - a, epsilon)
    height_d, length_d = _height(edge, d - a, epsilon)
    cosine = _dot(height_c, height_d) / (length_c * length_d + epsilon)  # [N, B]
    return positions.per_item(tf.square(cosine + 1.0))


def normal_consistency_loss(vertices: Any, adjacency: Adjacency) -> tf.Tensor:
    """Sum over pairs of neighbouring faces of (n_i . n_j - 1)², n their unit normals; flat is 0.

    The same angle as in `flatten_loss`, if neighbouring faces wind the same way round.

    Args:
      vertices: [..., V, 3] float.
      adjacency: of the mesh. Edges at a border add nothing; a face without area has the normal 0,
        so its edges add 1 each.
    Returns:
      [...] without unit, float32 for half precision.
    Gradients:
      Exact, of any order; none to faces without area.
    Raises:
      TypeError: `adjacency` is something else.
      ValueError: a static shape is wrong.
    Source:
      Chen et al., "DIB-R", NeurIPS 2019, sec. 5.1 (smoothness), as in the code released later.
    """
    positions = ByVertex("normal_consistency_loss", "vertices", vertices, adjacency)
    by_item = tf.transpose(positions.values, [2, 0, 1])  # [B, V, 3]
    scaled = scaled_face_normals(by_item, adjacency.faces)  # [B, F, 3]
    # Not `face_normals`: NaN would have the normal 0, and a mesh that exploded a finite loss.
    normals = tf.math.divide_no_nan(scaled, length(scaled)[..., tf.newaxis])
    one, other = (tf.gather(normals, side, axis=1) for side in adjacency.edge_faces.T)
    cosine = tf.reduce_sum(one * other, axis=-1)  # [B, N]
    return positions.per_item(tf.transpose(tf.square(cosine - 1.0)))


def _height(edge, side, epsilon):
    """Height of a triangle over an edge, [N, 3, B], and N3MR's estimate of its length [N, B]."""
    edge_squared, side_squared = _dot(edge, edge), _dot(side, side)
    product = _dot(edge, side)
    height = side - edge * (product / (edge_squared + epsilon))[:, tf.newaxis]
    side_length = tf.sqrt(side_squared + epsilon)
    cosine = product / (tf.sqrt(edge_squared + epsilon) * side_length + epsilon)
    return height, side_length * tf.sqrt(1.0 - tf.square(cosine) + epsilon)


def _dot(a, b):
    return tf.reduce_sum(a * b, axis=1)
