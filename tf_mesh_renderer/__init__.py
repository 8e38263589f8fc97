"""Differentiable rendering of triangle meshes for TensorFlow and Keras.

Importing the package loads the op library and registers its kernels, gradients and Keras layers, so
import it before a SavedModel or a `.keras` file that uses them is loaded.
"""

# First, because it explains what is wrong with a TensorFlow that does not fit.
from tf_mesh_renderer import ops

# isort: split
from tf_mesh_renderer import (
    cameras,
    datasets,
    geometry,
    gradients,
    io,
    layers,
    losses,
    metrics,
    models,
    neural_renderer,
    optimizers,
    rendering,
    shading,
    textures,
    training,
    visualization,
)
from tf_mesh_renderer.cameras import Camera, get_points_from_angles
from tf_mesh_renderer.geometry import Mesh
from tf_mesh_renderer.gradients import DibR, N3mr, SoftRas
from tf_mesh_renderer.io import load_mesh, read_image, save_mesh, write_gif, write_image
from tf_mesh_renderer.layers import MeshRenderer
from tf_mesh_renderer.ops import (
    Fragments,
    face_texture,
    interpolate,
    n3mr,
    rasterize,
    rasterize_layers,
    texture,
)
from tf_mesh_renderer.ops._library import build_info
from tf_mesh_renderer.rendering import render, render_depth, render_silhouette
from tf_mesh_renderer.shading import (
    AmbientLight,
    BlinnPhong,
    DirectionalLight,
    FlatLambert,
    Lambert,
    Phong,
    PointLight,
    SphericalHarmonicsLight,
    Unlit,
)
from tf_mesh_renderer.textures import FaceTexture, UvTexture, VertexColors
from tf_mesh_renderer.version import __version__

__all__ = [
    "AmbientLight",
    "BlinnPhong",
    "Camera",
    "DibR",
    "DirectionalLight",
    "FaceTexture",
    "FlatLambert",
    "Fragments",
    "Lambert",
    "Mesh",
    "MeshRenderer",
    "N3mr",
    "Phong",
    "PointLight",
    "SoftRas",
    "SphericalHarmonicsLight",
    "Unlit",
    "UvTexture",
    "VertexColors",
    "__version__",
    "build_info",
    "cameras",
    "datasets",
    "face_texture",
    "geometry",
    "get_points_from_angles",
    "gradients",
    "interpolate",
    "io",
    "layers",
    "load_mesh",
    "losses",
    "metrics",
    "models",
    "n3mr",
    "neural_renderer",
    "ops",
    "optimizers",
    "rasterize",
    "rasterize_layers",
    "read_image",
    "render",
    "render_depth",
    "render_silhouette",
    "rendering",
    "save_mesh",
    "shading",
    "texture",
    "textures",
    "training",
    "visualization",
    "write_gif",
    "write_image",
]
