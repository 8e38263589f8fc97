"""A procedural stand-in for the thirteen categories of ShapeNet, in N3MR's layout."""

from tf_mesh_renderer.datasets.synthetic.generation import generate, shading_of
from tf_mesh_renderer.datasets.synthetic.objects import SyntheticObject, make_object
from tf_mesh_renderer.datasets.synthetic.shading import SHADINGS
from tf_mesh_renderer.datasets.synthetic.shapes import make_shape

__all__ = ["SHADINGS", "SyntheticObject", "generate", "make_object", "make_shape", "shading_of"]
