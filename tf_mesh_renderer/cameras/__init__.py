"""Cameras: views, projections, and conversions from the conventions of other programs."""

from tf_mesh_renderer.cameras.camera import Camera
from tf_mesh_renderer.cameras.conversions import pytorch3d_screen_to_ndc
from tf_mesh_renderer.cameras.projection import (
    orthographic_matrix,
    perspective,
    perspective_matrix,
)
from tf_mesh_renderer.cameras.view import (
    get_points_from_angles,
    look,
    look_at,
    look_at_matrix,
    look_matrix,
)
from tf_mesh_renderer.cameras.weak_perspective import (
    weak_perspective,
    weak_perspective_matrix,
    weak_perspective_view,
)

__all__ = [
    "Camera",
    "get_points_from_angles",
    "look",
    "look_at",
    "look_at_matrix",
    "look_matrix",
    "orthographic_matrix",
    "perspective",
    "perspective_matrix",
    "pytorch3d_screen_to_ndc",
    "weak_perspective",
    "weak_perspective_matrix",
    "weak_perspective_view",
]
