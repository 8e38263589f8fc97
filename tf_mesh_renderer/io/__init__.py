"""Reads and writes meshes and pictures."""

from tf_mesh_renderer.io.images import read_image, write_gif, write_image
from tf_mesh_renderer.io.meshes import load_mesh, save_mesh

__all__ = ["load_mesh", "read_image", "save_mesh", "write_gif", "write_image"]
