"""Between N3MR's faces, three corners each, and meshes that share vertices."""

import tensorflow as tf

from tf_mesh_renderer.arguments import check_shape
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.geometry.topology import gather_face_vertices
from tf_mesh_renderer.geometry.vectors import cross as cross_product


def vertices_to_faces(vertices, faces) -> tf.Tensor:
    """The corners of every face.

    Args:
      vertices: [B, V, 3] float.
      faces: [B, F, 3] or [F, 3] int32.
    Returns:
      [B, F, 3, 3] float.
    Gradients:
      Exact.
    """
    return gather_face_vertices(tf.convert_to_tensor(vertices), tf.convert_to_tensor(faces))


def mesh_of_triples(faces, texture=None) -> Mesh:
    """A mesh in which every face has three vertices of its own.

    Args:
      faces: [B, F, 3, 3] float.
      texture: its texture, or None.
    Returns:
      `Mesh` with vertices [B, 3 F, 3] and faces [F, 3].
    Raises:
      ValueError: a static shape is wrong.
    """
    faces = tf.convert_to_tensor(faces)
    check_shape("rasterize", "faces", value=faces, shape=[None, None, 3, 3])
    shape = tf.shape(faces)
    vertices = tf.reshape(faces, [shape[0], shape[1] * 3, 3])
    indices = tf.reshape(tf.range(shape[1] * 3), [shape[1], 3])
    return Mesh(vertices, indices, texture)


def cross(a, b) -> tf.Tensor:
    """Cross product a x b.

    Args:
      a: [..., 3] float.
      b: [..., 3] float of the same dtype; broadcasts against `a`.
    Returns:
      [..., 3].
    Gradients:
      Exact, to both.
    """
    return cross_product(tf.convert_to_tensor(a), tf.convert_to_tensor(b))
