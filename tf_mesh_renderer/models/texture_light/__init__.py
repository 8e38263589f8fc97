"""From one image to texture and light: DIB-R's network, and its training."""

from tf_mesh_renderer.models.texture_light.network import TextureLightNetwork
from tf_mesh_renderer.models.texture_light.presets import (
    TEXTURE_LIGHT_PRESETS,
    TextureLightPreset,
    texture_light_preset,
)
from tf_mesh_renderer.models.texture_light.rendering import TexturedRendering, TexturedSurfaces
from tf_mesh_renderer.models.texture_light.sizes import TextureLightSize
from tf_mesh_renderer.models.texture_light.trainer import TextureLightTrainer

__all__ = [
    "TEXTURE_LIGHT_PRESETS",
    "TextureLightNetwork",
    "TextureLightPreset",
    "TextureLightSize",
    "TextureLightTrainer",
    "TexturedRendering",
    "TexturedSurfaces",
    "texture_light_preset",
]
