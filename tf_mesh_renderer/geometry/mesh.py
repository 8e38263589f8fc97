"""The mesh: vertices, faces and how its surface is coloured."""

import dataclasses
from typing import Any

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.arguments import check_shape, float_tensors, to_indices
from tf_mesh_renderer.geometry.topology import gather_face_vertices


@dataclasses.dataclass(frozen=True, eq=False)
class Mesh:
    """Triangle meshes in world space; immutable, and a valid argument of `tf.function`.

    Arrays and lists become tensors; tensors, variables and Keras tensors are kept as they are, so
    that a tape sees the variable itself.

    Attributes:
      vertices: [B, V, 3] or [V, 3] float32 or float64, world space.
      faces: [F, 3] shared by the batch, or [B, F, 3]; int32 in [0, V), rows of -1 are padding.
        Counter-clockwise seen from the front.
      texture: a `textures.Texture`, or None for white. Its arrays become tensors in the dtype of
        the vertices.
    Raises:
      TypeError: faces are no integers.
      ValueError: a static shape is wrong.
    """

    vertices: Any
    faces: Any
    texture: Any = None

    def __post_init__(self):
        if isinstance(self.vertices, (np.ndarray, list, tuple)):
            object.__setattr__(self, "vertices", float_tensors(self.vertices)[0])
        object.__setattr__(self, "faces", _int32(self.faces))
        for name, value in (("vertices", self.vertices), ("faces", self.faces)):
            if tf.is_tensor(value):
                check_shape("Mesh", name, value=value, shape=[None, 3])
        if hasattr(self.texture, "with_dtype") and hasattr(self.vertices, "dtype"):
            is_double = tf.as_dtype(self.vertices.dtype) == tf.float64  # half is drawn in float32
            texture = self.texture.with_dtype(tf.float64 if is_double else tf.float32)
            object.__setattr__(self, "texture", texture)

    @property
    def num_vertices(self) -> int | None:
        """V where it is known while tracing, else None."""
        return self.vertices.shape[-2]

    @property
    def num_faces(self) -> int | None:
        """F where it is known while tracing, else None."""
        return self.faces.shape[-2]

    def batched(self) -> "Mesh":
        """The same mesh with a batch axis.

        Returns:
          `Mesh` with vertices [B, V, 3] (B = 1 if there was no batch), same faces and texture.
          One row of faces, [1, F, 3], becomes [F, 3], which serves any batch; vertices without
          batch are repeated for faces with one.
        Gradients:
          Exact.
        """
        vertices, faces = self.vertices, self.faces
        if len(faces.shape) == 3 and faces.shape[0] == 1:
            faces = faces[0]
        if len(vertices.shape) == 2:
            vertices = vertices[tf.newaxis]
            if len(faces.shape) == 3:
                vertices = tf.repeat(vertices, tf.shape(faces)[0], axis=0)
        if vertices is self.vertices and faces is self.faces:
            return self
        return dataclasses.replace(self, vertices=vertices, faces=faces)

    def with_vertices(self, vertices: Any) -> "Mesh":
        """The same faces and texture on other vertices.

        Args:
          vertices: [B, V, 3] or [V, 3] float32 or float64, world space.
        Returns:
          A new `Mesh`.
        Raises:
          ValueError: a static shape is wrong.
        """
        return dataclasses.replace(self, vertices=vertices)

    def face_vertices(self) -> tf.Tensor:
        """The corners of every face.

        Returns:
          [B, F, 3, 3] (or [F, 3, 3]) float, world space: face, corner, coordinate; padding is 0.
        Gradients:
          Exact to the vertices.
        Raises:
          tf.errors.InvalidArgumentError: a face index is out of range (on CPU).
        """
        return gather_face_vertices(tf.convert_to_tensor(self.vertices), self.faces)

    def __tf_flatten__(self):
        return (), (self.vertices, self.faces, self.texture)

    @classmethod
    def __tf_unflatten__(cls, metadata, components):
        del metadata  # everything a mesh has is a component
        return cls(*components)


def _int32(faces: Any) -> Any:
    is_other_tensor = tf.is_tensor(faces) and faces.dtype != tf.int32
    if is_other_tensor or isinstance(faces, (np.ndarray, list, tuple)):
        return to_indices("Mesh", "faces", faces)
    return faces
