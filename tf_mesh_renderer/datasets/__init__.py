"""Data sets of pictures of objects: N3MR's renderings of ShapeNet, and a procedural stand-in."""

from tf_mesh_renderer.datasets import patterns, textured
from tf_mesh_renderer.datasets.batches import decode_images, every_view, view_pairs
from tf_mesh_renderer.datasets.categories import CATEGORIES, Category, find_category
from tf_mesh_renderer.datasets.layout import SPLITS
from tf_mesh_renderer.datasets.packed_meshes import MeshArrays
from tf_mesh_renderer.datasets.rendered_pairs import PictureStyle, rendered_view_pairs
from tf_mesh_renderer.datasets.shapenet import ShapeNetRenderings, write_split
from tf_mesh_renderer.datasets.views import NUM_VIEWS, camera_of_view
from tf_mesh_renderer.datasets.voxel_batches import views_with_voxels

__all__ = [
    "CATEGORIES",
    "NUM_VIEWS",
    "SPLITS",
    "Category",
    "MeshArrays",
    "PictureStyle",
    "ShapeNetRenderings",
    "camera_of_view",
    "decode_images",
    "every_view",
    "find_category",
    "patterns",
    "rendered_view_pairs",
    "textured",
    "view_pairs",
    "views_with_voxels",
    "write_split",
]
