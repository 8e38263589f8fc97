"""The layout in which losses on meshes compute: vertices first, the batch last."""

from typing import Any

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, float_tensors
from tf_mesh_renderer.geometry.adjacency import Adjacency


class ByVertex:
    """Values of vertices as [V, D, B]: what is gathered by vertex then lies in one piece.

    Args:
      where: calling function, for errors.
      name: its argument, for errors.
      values: [..., V, D] float.
      adjacency: of the mesh with V vertices.
    Attributes:
      values: [V, D, B] float32 or float64.
    Raises:
      TypeError: `adjacency` is something else, such as faces.
      ValueError: a static shape is wrong.
    """

    def __init__(self, where: str, name: str, values: Any, adjacency: Adjacency):
        (values,) = float_tensors(values)
        _check(where, name, values, adjacency)
        shape = tf.shape(values)
        width = values.shape[-1] if values.shape[-1] is not None else shape[-1]
        flat = tf.reshape(values, [tf.reduce_prod(shape[:-2]), adjacency.num_vertices, width])
        self.values = tf.transpose(flat, [1, 2, 0])
        self._batch_shape = shape[:-2]
        self._static_batch_shape = values.shape[:-2]

    def gather(self, *indices: np.ndarray) -> list[tf.Tensor]:
        """Values of vertices, in one gather so that there is one scatter backwards.

        Args:
          *indices: K arrays [N] of vertices.
        Returns:
          K tensors [N, D, B].
        """
        rows = tf.gather(self.values, np.concatenate(indices))
        return tf.split(rows, [len(index) for index in indices])

    def per_item(self, values: tf.Tensor) -> tf.Tensor:
        """Sums over all axes but the last, which gets the batch's shape back.

        Args:
          values: [..., B].
        Returns:
          The batch's shape.
        """
        total = tf.reduce_sum(values, axis=list(range(values.shape.rank - 1)))
        return tf.ensure_shape(tf.reshape(total, self._batch_shape), self._static_batch_shape)


def _check(where, name, values, adjacency):
    if not isinstance(adjacency, Adjacency):
        raise argument_error(
            where,
            "adjacency",
            expected="an Adjacency",
            received=type(adjacency).__name__,
            hint="make it once with geometry.Adjacency.from_faces(faces)",
            error=TypeError,
        )
    shape = values.shape
    if shape.rank is None or shape.rank < 2 or shape[-2] not in (adjacency.num_vertices, None):
        raise argument_error(
            where,
            name,
            expected=f"shape [..., {adjacency.num_vertices}, ?] for the vertices of `adjacency`",
            received=f"shape {shape}",
            hint="give num_vertices to Adjacency.from_faces if some belong to no face",
        )
