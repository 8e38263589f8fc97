"""Differentiable ops; importing them registers kernels and gradients, which SavedModels need."""

from tf_mesh_renderer.ops._library import library
from tf_mesh_renderer.ops.dibr_mask import dibr_mask
from tf_mesh_renderer.ops.face_texture import face_texture
from tf_mesh_renderer.ops.fragments import Fragments
from tf_mesh_renderer.ops.interpolate import interpolate
from tf_mesh_renderer.ops.n3mr import n3mr
from tf_mesh_renderer.ops.rasterize import rasterize
from tf_mesh_renderer.ops.rasterize_layers import LayeredFragments, rasterize_layers
from tf_mesh_renderer.ops.softras_color import softras_color
from tf_mesh_renderer.ops.softras_fragments import SoftFragments, softras_fragments
from tf_mesh_renderer.ops.softras_settings import SoftrasSettings
from tf_mesh_renderer.ops.softras_silhouette import softras_silhouette
from tf_mesh_renderer.ops.texture import texture

__all__ = [
    "Fragments",
    "LayeredFragments",
    "SoftFragments",
    "SoftrasSettings",
    "dibr_mask",
    "face_texture",
    "interpolate",
    "n3mr",
    "rasterize",
    "rasterize_layers",
    "softras_color",
    "softras_fragments",
    "softras_silhouette",
    "texture",
]

library()
