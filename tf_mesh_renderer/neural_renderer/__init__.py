"""The names and defaults of Kato's Chainer package `neural_renderer`.

A script ports by changing its import; images are channels-first, [B, 3, H, W], as there.
"""

from tf_mesh_renderer.neural_renderer.lighting import lighting
from tf_mesh_renderer.neural_renderer.mesh import Mesh
from tf_mesh_renderer.neural_renderer.obj import load_obj, save_obj
from tf_mesh_renderer.neural_renderer.rasterization import (
    rasterize,
    rasterize_depth,
    rasterize_rgbad,
    rasterize_silhouettes,
)
from tf_mesh_renderer.neural_renderer.renderer import Renderer
from tf_mesh_renderer.neural_renderer.triples import cross, vertices_to_faces
from tf_mesh_renderer.neural_renderer.viewpoint import (
    get_points_from_angles,
    look,
    look_at,
    perspective,
)
from tf_mesh_renderer.optimizers import Adam

__all__ = [
    "Adam",
    "Mesh",
    "Renderer",
    "cross",
    "get_points_from_angles",
    "lighting",
    "load_obj",
    "look",
    "look_at",
    "perspective",
    "rasterize",
    "rasterize_depth",
    "rasterize_rgbad",
    "rasterize_silhouettes",
    "save_obj",
    "vertices_to_faces",
]
