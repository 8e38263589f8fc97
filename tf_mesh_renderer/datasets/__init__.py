"""Data sets of pictures of objects: ShapeNet in N3MR's layout, CUB and PASCAL3D+, and stand-ins."""

from tf_mesh_renderer.datasets import patterns, textured
from tf_mesh_renderer.datasets.adversarial_batches import adversarial_batches
from tf_mesh_renderer.datasets.annotated import (
    AnnotatedPictures,
    Annotation,
    every_picture,
    single_views,
)
from tf_mesh_renderer.datasets.batches import decode_images, every_view, view_pairs
from tf_mesh_renderer.datasets.canonical_views import CanonicalViews, draw_canonical_views
from tf_mesh_renderer.datasets.categories import CATEGORIES, Category, find_category
from tf_mesh_renderer.datasets.cub import Cub, write_cub
from tf_mesh_renderer.datasets.layout import SPLITS
from tf_mesh_renderer.datasets.packed_meshes import MeshArrays
from tf_mesh_renderer.datasets.pascal3d import Pascal3d, write_pascal3d
from tf_mesh_renderer.datasets.rendered_pairs import PictureStyle, rendered_view_pairs
from tf_mesh_renderer.datasets.shapenet import ShapeNetRenderings, write_split
from tf_mesh_renderer.datasets.views import NUM_VIEWS, camera_of_view
from tf_mesh_renderer.datasets.voxel_batches import views_with_voxels

__all__ = [
    "CATEGORIES",
    "NUM_VIEWS",
    "SPLITS",
    "AnnotatedPictures",
    "Annotation",
    "CanonicalViews",
    "Category",
    "Cub",
    "MeshArrays",
    "Pascal3d",
    "PictureStyle",
    "ShapeNetRenderings",
    "adversarial_batches",
    "camera_of_view",
    "decode_images",
    "draw_canonical_views",
    "every_picture",
    "every_view",
    "find_category",
    "patterns",
    "rendered_view_pairs",
    "single_views",
    "textured",
    "view_pairs",
    "views_with_voxels",
    "write_cub",
    "write_pascal3d",
    "write_split",
]
