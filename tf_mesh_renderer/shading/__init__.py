"""Lights and how surfaces answer them."""

from tf_mesh_renderer.shading.lambert import (
    INNER,
    OUTER,
    face_irradiance,
    pixel_irradiance,
    seen_irradiance,
)
from tf_mesh_renderer.shading.lights import AmbientLight, DirectionalLight

__all__ = [
    "INNER",
    "OUTER",
    "AmbientLight",
    "DirectionalLight",
    "face_irradiance",
    "pixel_irradiance",
    "seen_irradiance",
]
