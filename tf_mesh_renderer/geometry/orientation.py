"""Which way round a face appears in the image."""

import tensorflow as tf

from tf_mesh_renderer.arguments import check_shape
from tf_mesh_renderer.geometry.topology import gather_face_vertices
from tf_mesh_renderer.geometry.vectors import cross, dot


def face_is_front(vertices_clip: tf.Tensor, faces: tf.Tensor) -> tf.Tensor:
    """Whether faces are counter-clockwise on screen (y up), the rasterizer's meaning of front.

    The sign of det(q0, q1, q2) with q = (x, y, w) decides; it holds for faces that cross the camera
    plane too, whose projected corners have no meaningful order.

    Args:
      vertices_clip: [B, V, 4] float clip space.
      faces: [F, 3] or [B, F, 3] int32, -1 rows are padding.
    Returns:
      [B, F] bool; False for edge-on and padding faces.
    Gradients:
      None.
    Raises:
      ValueError: a static shape is wrong.
    Source:
      Olano & Greer, "Triangle Scan Conversion using 2D Homogeneous Coordinates", HWWS 1997, sec. 4.
    """
    vertices_clip = tf.convert_to_tensor(vertices_clip)
    check_shape("face_is_front", "vertices_clip", value=vertices_clip, shape=[None, 4])
    corners = gather_face_vertices(tf.stop_gradient(vertices_clip), faces)
    q0, q1, q2 = tf.unstack(tf.gather(corners, [0, 1, 3], axis=-1), axis=-2)  # each [B, F, 3]
    # Differences first: small faces far from the origin would lose their sign to cancellation.
    return tf.squeeze(dot(q0, cross(q1 - q0, q2 - q0)), axis=-1) > 0
