"""Loss on how far vertices are from the middle of their neighbours."""

from typing import Any

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.geometry.adjacency import Adjacency
from tf_mesh_renderer.losses.by_vertex import ByVertex


def laplacian_loss(values: Any, adjacency: Adjacency) -> tf.Tensor:
    """Sum over vertices of |x - mean of x over the neighbours|².

    SoftRas gives it the positions, which makes every surface smooth and small; DIB-R gives it the
    displacement from a template, which leaves the template's own curvature alone.

    Args:
      values: [..., V, D] float, of vertices: positions, a displacement, texture coordinates.
      adjacency: of the mesh. A vertex without neighbours adds nothing.
    Returns:
      [...] in squared units of the values, float32 for half precision.
    Gradients:
      Exact, of any order.
    Raises:
      TypeError: `adjacency` is something else.
      ValueError: a static shape is wrong.
    Source:
      Liu et al., "Soft Rasterizer", ICCV 2019; Chen et al., "DIB-R", NeurIPS 2019,
      sec. 5.1.
    """
    by_vertex = ByVertex("laplacian_loss", "values", values, adjacency)
    difference = by_vertex.values - _mean_of_neighbours(by_vertex.values, adjacency)
    return by_vertex.per_item(tf.square(difference))


def _mean_of_neighbours(values, adjacency):
    """[V, D, B] like `values`; of a vertex without neighbours its own value."""
    ends = adjacency.edges.T.reshape(-1)
    others = adjacency.edges[:, ::-1].T.reshape(-1)

    @tf.custom_gradient
    def sum_of_neighbours(x):
        total = tf.math.unsorted_segment_sum(tf.gather(x, others), ends, adjacency.num_vertices)
        # Being a neighbour is mutual, so the derivative is the function itself.
        return total, sum_of_neighbours

    degrees = np.bincount(ends, minlength=adjacency.num_vertices)[:, np.newaxis, np.newaxis]
    mean = sum_of_neighbours(values) / tf.constant(np.maximum(degrees, 1), values.dtype)
    return tf.where(degrees > 0, mean, values)
