"""From mesh and camera to image, in one visible data flow."""

from tf_mesh_renderer.geometry.screen_derivatives import (
    barycentric_derivatives,
    screen_derivatives,
)
from tf_mesh_renderer.rendering.antialiasing import downsample, downsample_depth, supersampled
from tf_mesh_renderer.rendering.pipeline import render, render_depth, render_silhouette

__all__ = [
    "barycentric_derivatives",
    "downsample",
    "downsample_depth",
    "render",
    "render_depth",
    "render_silhouette",
    "screen_derivatives",
    "supersampled",
]
