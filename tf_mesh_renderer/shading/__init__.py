"""Lights, and how surfaces answer them: shading models are interchangeable objects."""

from tf_mesh_renderer.shading.base import ShadingModel
from tf_mesh_renderer.shading.face_light import (
    INNER,
    OUTER,
    face_irradiance,
    seen_irradiance,
    total_irradiance,
)
from tf_mesh_renderer.shading.glossy import BlinnPhong, Phong
from tf_mesh_renderer.shading.harmonics_rotation import harmonics_direction, rotate_harmonics
from tf_mesh_renderer.shading.illumination import (
    HarmonicIllumination,
    Illumination,
    LambertIllumination,
    PhongIllumination,
)
from tf_mesh_renderer.shading.lights import (
    AmbientLight,
    DirectionalLight,
    Light,
    LightSample,
    PointLight,
)
from tf_mesh_renderer.shading.matte import FlatLambert, Lambert, Unlit
from tf_mesh_renderer.shading.pixel_shading import PixelShading
from tf_mesh_renderer.shading.reflectance import (
    blinn_phong_specular,
    lambert_diffuse,
    phong_specular,
)
from tf_mesh_renderer.shading.registry import get, register, serialize
from tf_mesh_renderer.shading.scene import Scene, surface_of
from tf_mesh_renderer.shading.sides import outer_is_seen
from tf_mesh_renderer.shading.spherical_harmonics import (
    SphericalHarmonicsLight,
    sh_basis,
    sh_irradiance_basis,
)
from tf_mesh_renderer.shading.surface import Surface

__all__ = [
    "INNER",
    "OUTER",
    "AmbientLight",
    "BlinnPhong",
    "DirectionalLight",
    "FlatLambert",
    "HarmonicIllumination",
    "Illumination",
    "Lambert",
    "LambertIllumination",
    "Light",
    "LightSample",
    "Phong",
    "PhongIllumination",
    "PixelShading",
    "PointLight",
    "Scene",
    "ShadingModel",
    "SphericalHarmonicsLight",
    "Surface",
    "Unlit",
    "blinn_phong_specular",
    "face_irradiance",
    "get",
    "harmonics_direction",
    "lambert_diffuse",
    "outer_is_seen",
    "phong_specular",
    "register",
    "rotate_harmonics",
    "seen_irradiance",
    "serialize",
    "sh_basis",
    "sh_irradiance_basis",
    "surface_of",
    "total_irradiance",
]
