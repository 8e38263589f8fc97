"""Connectivity: from vertices to the corners of faces, from faces to the pixels that show them."""

import tensorflow as tf

from tf_mesh_renderer.arguments import check_shape, static_rank, to_indices


def gather_face_vertices(vertices: tf.Tensor, faces: tf.Tensor) -> tf.Tensor:
    """The three corners of every face (N3MR's `vertices_to_faces`), for any vertex attribute.

    Args:
      vertices: [B, V, D] or [V, D], any dtype and meaning.
      faces: [F, 3] shared by the batch, or [B, F, 3]; int32 or int64 in [0, V). Rows of -1 are
        padding.
    Returns:
      [B, F, 3, D], without B where neither input has it; padding rows give zeros.
    Gradients:
      Exact to `vertices`; none from padding rows.
    Raises:
      ValueError: a static shape is wrong.
      tf.errors.InvalidArgumentError: a face index is out of range (on CPU; on GPU it reads zeros).
    """
    vertices, faces = tf.convert_to_tensor(vertices), tf.convert_to_tensor(faces)
    check_shape("gather_face_vertices", "faces", value=faces, shape=[3])
    face_rank = static_rank("gather_face_vertices", "faces", value=faces, ranks=(2, 3))
    rank = static_rank("gather_face_vertices", "vertices", value=vertices, ranks=(2, 3))
    # A row of zeros in front is what padding reads; it also keeps V = 0 legal.
    rows = faces + 1
    padded = tf.pad(vertices, [[0, 0]] * (rank - 2) + [[1, 0], [0, 0]])
    if rank == 2:
        return tf.gather(padded, rows)
    if face_rank == 2:
        # The gradient of a gather without batch dimensions fails if B and F are both 0.
        rows = tf.broadcast_to(rows, tf.concat([tf.shape(vertices)[:1], tf.shape(rows)], axis=0))
    return tf.gather(padded, rows, axis=1, batch_dims=1)


def gather_at_pixels(face_values: tf.Tensor, face_id: tf.Tensor) -> tf.Tensor:
    """The value of the face in every pixel.

    Args:
      face_values: [B, F, D], any dtype and meaning.
      face_id: [B, H, W] integers in [0, F), -1 where there is no face.
    Returns:
      [B, H, W, D]; 0 where there is no face.
    Gradients:
      Exact to `face_values`.
    Raises:
      TypeError: the ids are no integers.
      tf.errors.InvalidArgumentError: a face id is out of range (on CPU; on GPU it reads zeros).
    """
    face_id = to_indices("gather_at_pixels", "face_id", face_id)
    # One extra row of zeros serves the background, and keeps F = 0 legal.
    padded = tf.pad(face_values, [[0, 0], [0, 1], [0, 0]])
    rows = tf.where(face_id < 0, tf.shape(face_values)[1], face_id)
    return tf.gather(padded, rows, axis=1, batch_dims=1)
