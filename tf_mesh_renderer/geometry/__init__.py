"""Meshes, their connectivity, normals, orientation, transforms and voxels: pure functions."""

from tf_mesh_renderer.geometry.adjacency import Adjacency
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.geometry.normals import face_normals, vertex_normals
from tf_mesh_renderer.geometry.orientation import face_is_front
from tf_mesh_renderer.geometry.primitives import cube, icosphere, plane, utah_teapot
from tf_mesh_renderer.geometry.sampling import sample_surface, surface_area
from tf_mesh_renderer.geometry.screen_derivatives import (
    barycentric_derivatives,
    screen_derivatives,
)
from tf_mesh_renderer.geometry.topology import gather_at_pixels, gather_face_vertices
from tf_mesh_renderer.geometry.transforms import (
    normalize_to_unit_box,
    quaternion_from_rotation,
    rigid_matrix,
    rotation_from_axis_angle,
    rotation_from_euler,
    rotation_from_quaternion,
    rotation_from_vector,
    scale_matrix,
    transform_points,
    translation_matrix,
)
from tf_mesh_renderer.geometry.voxels import normalized_voxels, voxelize

__all__ = [
    "Adjacency",
    "Mesh",
    "barycentric_derivatives",
    "cube",
    "face_is_front",
    "face_normals",
    "gather_at_pixels",
    "gather_face_vertices",
    "icosphere",
    "normalize_to_unit_box",
    "normalized_voxels",
    "plane",
    "quaternion_from_rotation",
    "rigid_matrix",
    "rotation_from_axis_angle",
    "rotation_from_euler",
    "rotation_from_quaternion",
    "rotation_from_vector",
    "sample_surface",
    "scale_matrix",
    "screen_derivatives",
    "surface_area",
    "transform_points",
    "translation_matrix",
    "utah_teapot",
    "vertex_normals",
    "voxelize",
]
