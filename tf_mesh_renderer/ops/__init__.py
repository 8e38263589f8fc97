"""Differentiable ops; importing them registers kernels and gradients, which SavedModels need."""

from tf_mesh_renderer.ops._library import library
from tf_mesh_renderer.ops.face_texture import face_texture
from tf_mesh_renderer.ops.fragments import Fragments
from tf_mesh_renderer.ops.interpolate import interpolate
from tf_mesh_renderer.ops.n3mr import n3mr
from tf_mesh_renderer.ops.rasterize import rasterize

__all__ = ["Fragments", "face_texture", "interpolate", "n3mr", "rasterize"]

library()
