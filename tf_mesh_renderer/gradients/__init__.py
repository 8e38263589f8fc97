"""Gradient models: interchangeable ways in which an image moves the mesh."""

from tf_mesh_renderer.gradients.base import GradientModel
from tf_mesh_renderer.gradients.compositing import composite
from tf_mesh_renderer.gradients.n3mr import N3mr
from tf_mesh_renderer.gradients.registry import get, register, serialize

__all__ = ["GradientModel", "N3mr", "composite", "get", "register", "serialize"]
