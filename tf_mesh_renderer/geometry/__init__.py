"""Meshes, their connectivity, normals, orientation and transforms: pure functions on tensors."""

from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.geometry.normals import face_normals, vertex_normals
from tf_mesh_renderer.geometry.orientation import face_is_front
from tf_mesh_renderer.geometry.primitives import cube, icosphere, plane, utah_teapot
from tf_mesh_renderer.geometry.screen_derivatives import (
    barycentric_derivatives,
    screen_derivatives,
)
from tf_mesh_renderer.geometry.topology import gather_at_pixels, gather_face_vertices
from tf_mesh_renderer.geometry.transforms import (
    normalize_to_unit_box,
    rigid_matrix,
    rotation_from_axis_angle,
    rotation_from_euler,
    rotation_from_vector,
    scale_matrix,
    transform_points,
    translation_matrix,
)

__all__ = [
    "Mesh",
    "barycentric_derivatives",
    "cube",
    "face_is_front",
    "face_normals",
    "gather_at_pixels",
    "gather_face_vertices",
    "icosphere",
    "normalize_to_unit_box",
    "plane",
    "rigid_matrix",
    "rotation_from_axis_angle",
    "rotation_from_euler",
    "rotation_from_vector",
    "scale_matrix",
    "screen_derivatives",
    "transform_points",
    "translation_matrix",
    "utah_teapot",
    "vertex_normals",
]
