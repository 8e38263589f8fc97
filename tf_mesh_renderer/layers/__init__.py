"""Keras layers: whole renderers, and the steps of N3MR's pipeline one by one."""

from tf_mesh_renderer.layers.base import RenderingLayer
from tf_mesh_renderer.layers.blend import Blend
from tf_mesh_renderer.layers.camera_settings import CameraSettings
from tf_mesh_renderer.layers.depth_renderer import DepthRenderer
from tf_mesh_renderer.layers.downsample import Downsample
from tf_mesh_renderer.layers.face_texture import FaceTextureSampler
from tf_mesh_renderer.layers.flat_lighting import FlatLighting
from tf_mesh_renderer.layers.interpolate import Interpolate
from tf_mesh_renderer.layers.look import Look
from tf_mesh_renderer.layers.look_at import LookAt
from tf_mesh_renderer.layers.mesh_renderer import MeshRenderer
from tf_mesh_renderer.layers.n3mr_gradient import N3mrGradient
from tf_mesh_renderer.layers.orthographic import OrthographicProjection
from tf_mesh_renderer.layers.perspective import PerspectiveProjection
from tf_mesh_renderer.layers.rasterize import Rasterize
from tf_mesh_renderer.layers.silhouette_renderer import SilhouetteRenderer

__all__ = [
    "Blend",
    "CameraSettings",
    "DepthRenderer",
    "Downsample",
    "FaceTextureSampler",
    "FlatLighting",
    "Interpolate",
    "Look",
    "LookAt",
    "MeshRenderer",
    "N3mrGradient",
    "OrthographicProjection",
    "PerspectiveProjection",
    "Rasterize",
    "RenderingLayer",
    "SilhouetteRenderer",
]
