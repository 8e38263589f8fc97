"""Which side of a face the camera sees."""

import tensorflow as tf

from tf_mesh_renderer.geometry.orientation import face_is_front


def outer_is_seen(
    vertices_clip: tf.Tensor, faces: tf.Tensor, *, mirrors: tf.Tensor | bool = False
) -> tf.Tensor:
    """Whether the camera sees the outer side of faces, to which `face_normals` point.

    A face has one visible side, the same in all its pixels, also when it crosses the camera plane.

    Args:
      vertices_clip: [B, V, 4] float.
      faces: [F, 3] or [B, F, 3] int32.
      mirrors: [] or [B] bool, `Camera.mirrors`.
    Returns:
      [B, F] bool.
    Gradients:
      None.
    Raises:
      ValueError: a static shape is wrong.
    """
    front = face_is_front(vertices_clip, faces)  # [B, F]
    return tf.not_equal(front, tf.convert_to_tensor(mirrors)[..., tf.newaxis])
