"""Gradient models: interchangeable ways in which an image moves the mesh."""

from tf_mesh_renderer.gradients.base import GradientModel, NearestFaceModel, Shade
from tf_mesh_renderer.gradients.compositing import composite
from tf_mesh_renderer.gradients.dibr import DibR
from tf_mesh_renderer.gradients.n3mr import N3mr
from tf_mesh_renderer.gradients.registry import get, register, serialize
from tf_mesh_renderer.gradients.softras import SoftRas
from tf_mesh_renderer.gradients.view import View

__all__ = [
    "DibR",
    "GradientModel",
    "N3mr",
    "NearestFaceModel",
    "Shade",
    "SoftRas",
    "View",
    "composite",
    "get",
    "register",
    "serialize",
]
