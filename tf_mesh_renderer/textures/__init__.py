"""Colours of a surface: pictures, texel cubes, vertex colours; pictures into cubes and back."""

from tf_mesh_renderer.textures.atlas import cubes_to_atlas
from tf_mesh_renderer.textures.bake import bake_materials, bake_uv_image, texel_barycentrics
from tf_mesh_renderer.textures.base import Texture
from tf_mesh_renderer.textures.face import FaceTexture, VertexColors
from tf_mesh_renderer.textures.material import DEFAULT_COLOR, Material
from tf_mesh_renderer.textures.picture import WRAP_MODES, sample_image
from tf_mesh_renderer.textures.spherical import spherical_uv
from tf_mesh_renderer.textures.uv import UvTexture

__all__ = [
    "DEFAULT_COLOR",
    "WRAP_MODES",
    "FaceTexture",
    "Material",
    "Texture",
    "UvTexture",
    "VertexColors",
    "bake_materials",
    "bake_uv_image",
    "cubes_to_atlas",
    "sample_image",
    "spherical_uv",
    "texel_barycentrics",
]
