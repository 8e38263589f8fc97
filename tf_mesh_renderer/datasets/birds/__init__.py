"""Procedural birds with CUB's keypoints, seen by weak-perspective cameras: a stand-in for CUB."""

from tf_mesh_renderer.datasets.birds.generation import generate, make_bird
from tf_mesh_renderer.datasets.birds.shapes import BirdShape, draw_bird_shape

__all__ = ["BirdShape", "draw_bird_shape", "generate", "make_bird"]
