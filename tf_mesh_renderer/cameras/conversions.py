"""The cameras of other programs as world-to-view and view-to-clip matrices of this library.

Every function returns matrices for column vectors in the library's clip space (x right, y up,
w = depth), for `Camera`, which has a constructor for each. Pixel positions refer to images whose
row 0 is the top.
"""

from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import (
    argument_error,
    check_choice,
    check_shape,
    float_tensors,
)
from tf_mesh_renderer.cameras.projection import perspective_depth_row
from tf_mesh_renderer.geometry.transforms import radians, rigid_matrix
from tf_mesh_renderer.geometry.vectors import matrix_from_rows

# Coordinates of the centre of the top left pixel.
_PIXEL_CENTERS = {"integer": 0.0, "half_integer": 0.5}


def opencv_view(rotation: Any, translation: Any) -> tf.Tensor:
    """World-to-view matrix of OpenCV extrinsics: p_view = R p + t, x right, y down, z forward.

    Args:
      rotation: [3, 3] or [B, 3, 3] float.
      translation: [3] or [B, 3] float, also as columns [3, 1] or [B, 3, 1].
    Returns:
      [4, 4] or [B, 4, 4].
    Gradients:
      Exact, to both.
    Raises:
      ValueError: a wrong shape.
    """
    rotation, translation = float_tensors(rotation, translation)
    check_shape("opencv_view", "R", value=rotation, shape=[3, 3])
    # OpenCV itself stores t as a column.
    if translation.shape.rank is not None and translation.shape[-2:].as_list() == [3, 1]:
        translation = tf.squeeze(translation, axis=-1)
    check_shape("opencv_view", "t", value=translation, shape=[3])
    return rigid_matrix(rotation, translation)


def opencv_projection(
    intrinsics: Any,
    image_size: tuple[int, int],
    *,
    near: float = 0.1,
    far: float = 100.0,
    pixel_centers: str = "integer",
) -> tf.Tensor:
    """View-to-clip matrix of OpenCV intrinsics.

    Args:
      intrinsics: [3, 3] or [B, 3, 3] float K in pixels, last row (0, 0, 1); skew is honoured.
      image_size: (height, width) of the image K belongs to.
      near: depth > 0 that gets z / w = -1.
      far: depth > near that gets z / w = 1.
      pixel_centers: "integer" (OpenCV: the centre of the top left pixel is (0, 0)) or
        "half_integer" (it is (0.5, 0.5), the corner of the image is (0, 0)).
    Returns:
      [4, 4] or [B, 4, 4], for view space with x right, y down, z forward.
    Gradients:
      Exact to K.
    Raises:
      ValueError: a wrong shape, depth range or `pixel_centers`.
    """
    check_choice(
        "opencv_projection", "pixel_centers", value=pixel_centers, choices=list(_PIXEL_CENTERS)
    )
    (k,) = float_tensors(intrinsics)
    check_shape("opencv_projection", "K", value=k, shape=[3, 3])
    height, width = image_size
    # Distance from the image's edge in pixels is u + to_edge; the edge is at x = -1.
    to_edge = 0.5 - _PIXEL_CENTERS[pixel_centers]
    row_u, row_v, row_w = tf.unstack(k, axis=-2)  # each [..., 3]
    row_x = (row_u + to_edge * row_w) * (2 / width) - row_w
    row_y = row_w - (row_v + to_edge * row_w) * (2 / height)
    z_of_depth, z_of_one = perspective_depth_row(near, far)
    linear = tf.stack([row_x, row_y, z_of_depth * row_w, row_w], axis=-2)  # [..., 4, 3]
    offset = tf.constant([[0.0], [0.0], [z_of_one], [0.0]], k.dtype)
    return tf.concat([linear, offset + tf.zeros_like(linear[..., :1])], axis=-1)


def pytorch3d_view(rotation: Any, translation: Any) -> tf.Tensor:
    """World-to-view matrix of PyTorch3D's R and T: p_view = p R + T for row vectors p.

    Args:
      rotation: [3, 3] or [B, 3, 3] float R.
      translation: [3] or [B, 3] float T.
    Returns:
      [4, 4] or [B, 4, 4]; view space has x left, y up, z forward.
    Gradients:
      Exact, to both.
    Raises:
      ValueError: a wrong shape.
    """
    rotation, translation = float_tensors(rotation, translation)
    check_shape("pytorch3d_view", "R", value=rotation, shape=[3, 3])
    check_shape("pytorch3d_view", "T", value=translation, shape=[3])
    return rigid_matrix(tf.linalg.matrix_transpose(rotation), translation)


def pytorch3d_projection(
    image_size: tuple[int, int],
    *,
    fov_degrees: Any = None,
    focal_length: Any = None,
    principal_point: Any = None,
    near: float = 0.1,
    far: float = 100.0,
) -> tf.Tensor:
    """View-to-clip matrix of PyTorch3D's FoVPerspectiveCameras or PerspectiveCameras.

    Lengths are in PyTorch3D's NDC (`in_ndc=True`): x left, y up, the shorter side of the image
    spans [-1, 1] and the longer one more. `pytorch3d_screen_to_ndc` converts cameras in pixels.

    Args:
      image_size: (height, width).
      fov_degrees: [] or [B] float: angle of view across the shorter side.
      focal_length: [], [B] or [B, 2] (x, y) float; exactly one of this and `fov_degrees`.
      principal_point: [2] or [B, 2] float (x, y); None for the centre.
      near: depth > 0 that gets z / w = -1.
      far: depth > near that gets z / w = 1.
    Returns:
      [4, 4] or [B, 4, 4], for view space with x left, y up, z forward.
    Gradients:
      Exact to the angle, focal length and principal point.
    Raises:
      ValueError: none or both of angle and focal length, or a wrong depth range.
    """
    focal, point = _pytorch3d_lens(fov_degrees, focal_length, principal_point)
    height, width = image_size
    shorter = min(height, width)
    # PyTorch3D's x points left, hence the signs of the first row.
    scale_x = -focal[..., 0] * (shorter / width)
    scale_y = focal[..., 1] * (shorter / height)
    z_of_depth, z_of_one = perspective_depth_row(near, far)
    zero = tf.zeros_like(scale_x + point[..., 0])
    return matrix_from_rows(
        [scale_x + zero, zero, zero - point[..., 0] * (shorter / width), zero],
        [zero, scale_y + zero, zero + point[..., 1] * (shorter / height), zero],
        [zero, zero, zero + z_of_depth, zero + z_of_one],
        [zero, zero, zero + 1, zero],
    )


def pytorch3d_screen_to_ndc(
    focal_length: Any, principal_point: Any, image_size: tuple[int, int]
) -> tuple[tf.Tensor, tf.Tensor]:
    """PyTorch3D's screen-space lens (`in_ndc=False`, pixels, x right, y down) in its NDC.

    Args:
      focal_length: [B, 2] float (x, y), pixels; [2] for one camera.
      principal_point: [B, 2] float (x, y), pixels from the top left corner of the image; or [2].
      image_size: (height, width).
    Returns:
      (focal length, principal point), each [B, 2], for `pytorch3d_projection`.
    Gradients:
      Exact, to both.
    """
    focal, point = float_tensors(focal_length, principal_point)
    height, width = image_size
    to_ndc = 2 / min(height, width)
    centre = tf.constant([width / 2, height / 2], point.dtype)
    focal_ndc, point_ndc = focal * to_ndc, (centre - point) * to_ndc
    return tf.reshape(focal_ndc, [-1, 2]), tf.reshape(point_ndc, [-1, 2])


def _pytorch3d_lens(
    fov_degrees: Any, focal_length: Any, principal_point: Any
) -> tuple[tf.Tensor, tf.Tensor]:
    """Focal length and principal point, [2] or [B, 2] each, in PyTorch3D's NDC."""
    if (fov_degrees is None) == (focal_length is None):
        raise argument_error(
            "pytorch3d_projection",
            "focal_length",
            expected="exactly one of `fov_degrees` and `focal_length`",
            received=f"{fov_degrees} and {focal_length}",
            hint="FoVPerspectiveCameras have the first, PerspectiveCameras the second",
        )
    point = (0.0, 0.0) if principal_point is None else principal_point
    given = focal_length if fov_degrees is None else fov_degrees
    lens, point = float_tensors(given, point)
    check_shape("pytorch3d_projection", "principal_point", value=point, shape=[2])
    if fov_degrees is not None:
        lens = 1 / tf.tan(radians(lens) / 2)
    if lens.shape.rank in (0, 1):
        lens = tf.stack([lens, lens], axis=-1)
    return lens, point
