"""Data sets of pictures of objects: N3MR's renderings of ShapeNet, and a procedural stand-in."""

from tf_mesh_renderer.datasets.batches import (
    ViewPairIndices,
    decode_images,
    draw_view_pairs,
    every_view,
    view_pairs,
)
from tf_mesh_renderer.datasets.categories import CATEGORIES, Category, find_category
from tf_mesh_renderer.datasets.drawn_pairs import PictureStyle, drawn_view_pairs
from tf_mesh_renderer.datasets.layout import SPLITS
from tf_mesh_renderer.datasets.packed_meshes import MeshArrays, PackedMeshes
from tf_mesh_renderer.datasets.patterns import (
    PALETTES,
    PATTERN_CLASSES,
    PATTERNS,
    draw_patterns,
    pattern_batches,
    pattern_label,
)
from tf_mesh_renderer.datasets.shapenet import ShapeNetRenderings, write_split
from tf_mesh_renderer.datasets.views import NUM_VIEWS, camera_of_view
from tf_mesh_renderer.datasets.voxel_batches import views_with_voxels

__all__ = [
    "CATEGORIES",
    "NUM_VIEWS",
    "PALETTES",
    "PATTERNS",
    "PATTERN_CLASSES",
    "SPLITS",
    "Category",
    "MeshArrays",
    "PackedMeshes",
    "PictureStyle",
    "ShapeNetRenderings",
    "ViewPairIndices",
    "camera_of_view",
    "decode_images",
    "draw_patterns",
    "draw_view_pairs",
    "drawn_view_pairs",
    "every_view",
    "find_category",
    "pattern_batches",
    "pattern_label",
    "view_pairs",
    "views_with_voxels",
    "write_split",
]
