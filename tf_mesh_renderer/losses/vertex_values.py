"""The check that losses on meshes make before they trust."""

from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, float_tensors
from tf_mesh_renderer.geometry.adjacency import Adjacency


def vertex_values(where: str, name: str, *, value: Any, adjacency: Adjacency) -> tf.Tensor:
    """What belongs to the vertices of an `Adjacency`, as a tensor.

    Args:
      where: calling function, for the error.
      name: its argument, for the error.
      value: [..., V, D] float.
      adjacency: of the mesh with V vertices.
    Returns:
      The same values; float32 for half precision.
    Raises:
      TypeError: `adjacency` is something else, such as faces.
      ValueError: a static shape is wrong.
    """
    if not isinstance(adjacency, Adjacency):
        raise argument_error(
            where,
            "adjacency",
            expected="an Adjacency",
            received=type(adjacency).__name__,
            hint="make it once with geometry.Adjacency.from_faces(faces)",
            error=TypeError,
        )
    (value,) = float_tensors(value)
    shape = value.shape
    if shape.rank is not None and (
        shape.rank < 2 or shape[-2] not in (adjacency.num_vertices, None)
    ):
        raise argument_error(
            where,
            name,
            expected=f"shape [..., {adjacency.num_vertices}, ?] for the vertices of `adjacency`",
            received=f"shape {shape}",
            hint="give num_vertices to Adjacency.from_faces if some belong to no face",
        )
    return value
