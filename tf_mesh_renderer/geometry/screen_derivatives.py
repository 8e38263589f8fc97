"""How interpolated values change from one pixel to the next.

Around a place on a face barycentrics are known functions of the position on the image, so their
derivatives need no neighbouring pixels, which may show other faces.
"""

import tensorflow as tf

from tf_mesh_renderer.arguments import float_tensors, to_indices
from tf_mesh_renderer.geometry.topology import gather_at_pixels, gather_face_vertices
from tf_mesh_renderer.geometry.vectors import dot
from tf_mesh_renderer.ops.fragments import Fragments


def barycentric_derivatives(
    faces, fragments: Fragments, *, vertices_clip, image_size=None
) -> tf.Tensor:
    """Derivatives of the barycentrics by pixel position, at fixed faces.

    Let q_k = (x, y, w) be corner k in clip space, m_0 = q_1 x q_2 and so on in a circle, and
    n = m_0 + m_1 + m_2. At p = (X, Y, 1) in normalized device coordinates b_k = (m_k . p) / (n . p)
    with correct perspective, so d b_k / d X = (m_k.x - b_k n.x) / (n . p), where n . p is
    (q_0 . m_0) / sum(b_k w_k); a step of one column is 2 / W in X, one row -2 / H in Y.

    Over a face with the corners (-1, -1), (1, -1), (-1, 1) at w = 1, on 4 x 4 pixels, b_1 is
    (X + 1) / 2 and grows by 1/4 per column; b_2 is (Y + 1) / 2 and falls by 1/4 per row.

    Args:
      faces: [F, 3] or [B, F, 3] integers, the faces that were rasterized; rows of -1 are padding.
      fragments: `Fragments` [B, H, W], of which `face_id` and `barycentrics` are used. They need
        not be those of pixel centres: beside a face, SoftRas reads at the nearest place on it.
      vertices_clip: [B, V, 4] float, the vertices that were rasterized.
      image_size: (height, width) in pixels of the image; None: that of the fragments.
    Returns:
      [B, H, W, 3, 2] in the dtype of the vertices: corner, then (column, row); 0 where no face is.
      The three corners sum to 0.
    Gradients:
      Exact to `vertices_clip` and the barycentrics, and differentiable any number of times.
    Raises:
      TypeError: faces are no integers.
      ValueError: a static shape is wrong.
      tf.errors.InvalidArgumentError: a face index or face id is out of range (on CPU).
    Source:
      Olano & Greer, "Triangle Scan Conversion using 2D Homogeneous Coordinates", HWWS 1997, eqs.
      3-4.
    """
    (vertices_clip,) = float_tensors(vertices_clip)
    corners = _corners(vertices_clip, faces)  # [B, F, 3, 3]
    # b_1 and b_2 are attributes themselves: 1 at their own corner, 0 at the others.
    shape = tf.concat([tf.shape(corners)[:2], [2, 2]], axis=0)
    edges = tf.broadcast_to(tf.eye(2, dtype=corners.dtype), shape)
    slopes = _slopes(corners, edges, fragments, image_size)  # [B, H, W, 2, 2]
    return tf.concat([-tf.reduce_sum(slopes, axis=-2, keepdims=True), slopes], axis=-2)


def screen_derivatives(
    attributes, faces, fragments: Fragments, *, vertices_clip, image_size=None, attribute_faces=None
) -> tf.Tensor:
    """Derivatives of interpolated attributes by pixel position, at fixed faces.

    What `ops.interpolate` shows changes by this much from one pixel to the next; exactly so for an
    infinitely small step, because perspective is not linear. With the coordinates (0, 0), (1, 0),
    (0, 1) at the corners of the face of `barycentric_derivatives`, du / d column is 1/4 and
    dv / d row is -1/4.

    Args:
      attributes: [B, N, D] float, as given to `ops.interpolate`.
      faces: [F, 3] or [B, F, 3] integers, the faces that were rasterized.
      fragments: `Fragments` [B, H, W], of which `face_id` and `barycentrics` are used.
      vertices_clip: [B, V, 4] float, the vertices that were rasterized.
      image_size: as in `barycentric_derivatives`.
      attribute_faces: like `faces`: rows of `attributes` at the corners of each face; None takes
        `faces`.
    Returns:
      [B, H, W, D, 2] in the dtype of `attributes`: attribute, then (column, row); 0 where no face
      is.
    Gradients:
      Exact to `attributes`, `vertices_clip` and the barycentrics, and differentiable any number of
      times.
    Raises:
      As `barycentric_derivatives`.
    """
    attributes, vertices_clip = float_tensors(attributes, vertices_clip)
    attribute_faces = faces if attribute_faces is None else attribute_faces
    rows = to_indices("screen_derivatives", "attribute_faces", attribute_faces)
    values = gather_face_vertices(attributes, rows)  # [B, F, 3, D]
    # Differences keep the digits of attributes that hardly change over a face.
    edges = values[..., 1:, :] - values[..., :1, :]  # [B, F, 2, D]
    return _slopes(_corners(vertices_clip, faces), edges, fragments, image_size)


def _corners(vertices_clip, faces):
    """[B, F, 3, 3] corners q_k = (x, y, w) of every face; zeros for padding."""
    faces = to_indices("barycentric_derivatives", "faces", faces)
    return gather_face_vertices(tf.gather(vertices_clip, [0, 1, 3], axis=-1), faces)


def _slopes(corners, edges, fragments, image_size):
    """[B, H, W, D, 2] derivatives by column and row of attributes with the given edges.

    `edges` [B, F, 2, D] are the attributes of corners 1 and 2 minus those of corner 0. What follows
    from the faces alone is found for each face; the rest in steps on whole images [B, H, W], which
    would cost several times as much with short last axes.
    """
    normal, w, planes = _planes(corners, edges)
    table = tf.concat([normal, w, planes, edges[..., 0, :], edges[..., 1, :]], axis=-1)
    nx, ny, w0, w1, w2, *rows = tf.unstack(gather_at_pixels(table, fragments.face_id), axis=-1)
    b0, b1, b2 = tf.unstack(tf.cast(fragments.barycentrics, corners.dtype), axis=-1)
    scale = b0 * w0 + b1 * w1 + b2 * w2  # 1 / (n . p); 0 where no face is
    by_column, by_row = (scale * step for step in _steps(image_size, fragments, corners.dtype))
    count = len(rows) // 4
    slopes = []
    for mx, my, edge1, edge2 in zip(*(rows[count * i :][:count] for i in range(4)), strict=True):
        value = b1 * edge1 + b2 * edge2  # the attribute minus that of corner 0
        slopes += [(mx - value * nx) * by_column, (my - value * ny) * by_row]
    shape = tf.concat([tf.shape(b0), [count, 2]], axis=0)
    return tf.reshape(tf.stack(slopes, axis=-1), shape)


def _planes(corners, edges):
    """n.xy [B, F, 2], w / (q_0 . m_0) [B, F, 3], x then y of every attribute's plane [B, F, 2D]."""
    origin, first, second = tf.unstack(corners, axis=-2)  # q_0, q_1, q_2
    # Equal to the products of the corners, without their cancellation in small faces.
    first, second = first - origin, second - origin
    normal = tf.linalg.cross(first, second)
    m1, m2 = tf.linalg.cross(second, origin), tf.linalg.cross(origin, first)
    w = tf.math.divide_no_nan(corners[..., 2], dot(normal, origin))  # n . q_0 is q_0 . m_0
    weighted = [m[..., :2, tf.newaxis] * edges[..., k : k + 1, :] for k, m in enumerate((m1, m2))]
    shape = tf.concat([tf.shape(w)[:2], [2 * edges.shape[-1]]], axis=0)
    return normal[..., :2], w, tf.reshape(weighted[0] + weighted[1], shape)


def _steps(image_size, fragments, dtype):
    """Steps of a column and a row in normalized device coordinates: rows go down, Y goes up."""
    size = tf.shape(fragments.face_id)[1:3] if image_size is None else image_size
    size = tf.cast(size, dtype)
    return 2.0 / size[1], -2.0 / size[0]
