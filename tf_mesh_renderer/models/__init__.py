"""Keras models that are made of, or trained through, renderers."""

from tf_mesh_renderer.models import reconstruction

__all__ = ["reconstruction"]
