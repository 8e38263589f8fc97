"""Fragments: what each pixel sees. Defined beside the ops, named here where users look for it."""

from tf_mesh_renderer.ops.fragments import Fragments

__all__ = ["Fragments"]
