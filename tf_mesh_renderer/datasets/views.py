"""The 24 cameras from which N3MR's data set sees every object."""

from typing import Any

import tensorflow as tf

from tf_mesh_renderer.cameras import Camera, get_points_from_angles

NUM_VIEWS = 24
IMAGE_SIZE = 64
DISTANCE = 2.732
ELEVATION_DEGREES = 30.0
# The pictures of the data set are not mirrored and N3MR's camera mirrors, hence the minus.
AZIMUTH_STEP_DEGREES = -15.0
# N3MR's programs have half of it, 15 degrees, as `viewing_angle`.
FOV_DEGREES = 30.0


def camera_of_view(view_index: Any) -> Camera:
    """The cameras of views 0 to 23: 15 degrees apart, from above, looking at the origin.

    Works inside `tf.function`.

    Args:
      view_index: [] or [B] int, tensor or array; 24 is view 0 again.
    Returns:
      `Camera`, with a batch axis if `view_index` has one. Left-handed, as N3MR's.
    Source:
      Kato, Ushiku & Harada, "Neural 3D Mesh Renderer", CVPR 2018, section 5.1, and the program
      that its authors published for it.
    """
    azimuth = AZIMUTH_STEP_DEGREES * tf.cast(view_index, tf.float32)
    eye = get_points_from_angles(DISTANCE, ELEVATION_DEGREES, azimuth)
    return Camera.look_at(eye, fov_y_degrees=FOV_DEGREES, handedness="left")
