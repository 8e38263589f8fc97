"""Data sets of pictures of objects: N3MR's renderings of ShapeNet, and a procedural stand-in."""

from tf_mesh_renderer.datasets.batches import (
    ViewPairIndices,
    decode_images,
    draw_view_pairs,
    every_view,
    view_pairs,
)
from tf_mesh_renderer.datasets.categories import CATEGORIES, Category, find_category
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
    "ShapeNetRenderings",
    "ViewPairIndices",
    "camera_of_view",
    "decode_images",
    "draw_patterns",
    "draw_view_pairs",
    "every_view",
    "find_category",
    "pattern_batches",
    "pattern_label",
    "view_pairs",
    "write_split",
]
