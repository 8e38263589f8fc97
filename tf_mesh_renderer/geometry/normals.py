"""Normals of faces and vertices, finite for degenerate triangles."""

import tensorflow as tf

from tf_mesh_renderer.arguments import check_shape, float_tensors
from tf_mesh_renderer.geometry.topology import gather_face_vertices
from tf_mesh_renderer.geometry.vectors import cross, normalize


def face_normals(vertices: tf.Tensor, faces: tf.Tensor, *, epsilon: float = 0.0) -> tf.Tensor:
    """Unit normals towards the side from which a face is seen counter-clockwise (right-hand rule).

    Outward for closed meshes with the usual winding, in right-handed coordinates.

    Args:
      vertices: [B, V, 3] or [V, 3] float.
      faces: [F, 3] or [B, F, 3] int32, -1 rows are padding.
      epsilon: added to the length before dividing by it (N3MR: 1e-5; that shortens the normals of
        small faces noticeably).
    Returns:
      [B, F, 3] (or [F, 3]), float32 for half precision; zero for degenerate and padding faces.
    Gradients:
      Exact; zero for degenerate faces.
    Raises:
      ValueError: a static shape is wrong.
    Quirks:
      N3MR's lighting uses N((v0-v1) x (v2-v1)): exactly the negative of this normal.
    """
    return normalize(scaled_face_normals(vertices, faces), epsilon)


def scaled_face_normals(vertices: tf.Tensor, faces: tf.Tensor) -> tf.Tensor:
    """Normals whose length is twice the face's area; otherwise as `face_normals`.

    Args:
      vertices: [B, V, 3] or [V, 3] float.
      faces: [F, 3] or [B, F, 3] int32, -1 rows are padding.
    Returns:
      [B, F, 3] (or [F, 3]), in squared units of the vertices; zero for padding faces.
    Gradients:
      Exact.
    Raises:
      ValueError: a static shape is wrong.
    """
    (vertices,) = float_tensors(vertices)
    check_shape("scaled_face_normals", "vertices", value=vertices, shape=[None, 3])
    v0, v1, v2 = tf.unstack(gather_face_vertices(vertices, faces), axis=-2)
    # Edges from v1, as in N3MR, so that the rounding is the same as in the reference.
    return cross(v2 - v1, v0 - v1)


def vertex_normals(vertices: tf.Tensor, faces: tf.Tensor) -> tf.Tensor:
    """Unit normals of vertices: the mean of the adjacent faces' normals weighted by area.

    Args:
      vertices: [B, V, 3] or [V, 3] float.
      faces: [F, 3] or [B, F, 3] int32, -1 rows are padding.
    Returns:
      [B, V, 3] (or [V, 3] if neither input has a batch); zero for vertices without faces.
    Gradients:
      Exact; zero where the normal is zero.
    Raises:
      ValueError: a static shape is wrong.
    """
    vertices, faces = tf.convert_to_tensor(vertices), tf.convert_to_tensor(faces)
    by_face = scaled_face_normals(vertices, faces)  # [(B,) F, 3]
    shape = tf.shape(by_face)[:-2]
    num_vertices = tf.shape(vertices)[-2]
    batch = tf.reduce_prod(shape)
    corners = tf.broadcast_to(faces, tf.shape(by_face))
    ids = tf.reshape(corners, [batch, -1])  # [B, F * 3]
    first = tf.range(batch)[:, tf.newaxis] * tf.cast(num_vertices, tf.int32)
    # Negative segment ids are dropped by the sum, which is what padding wants.
    ids = tf.where(ids < 0, ids, ids + tf.cast(first, ids.dtype))
    repeated = tf.reshape(tf.repeat(by_face, 3, axis=-2), [-1, 3])
    count = batch * num_vertices
    # One sum at least: the gradient of padding reads the first one, even if there is no vertex.
    total = tf.math.unsorted_segment_sum(repeated, tf.reshape(ids, [-1]), tf.maximum(count, 1))
    normals = tf.reshape(total[:count], tf.concat([shape, [num_vertices, 3]], axis=0))
    return normalize(tf.ensure_shape(normals, [*by_face.shape[:-2], vertices.shape[-2], 3]))
