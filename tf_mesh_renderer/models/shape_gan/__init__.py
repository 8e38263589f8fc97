"""Meshes from noise, learnt from pictures: DIB-R's 3D GAN in two stages."""

from tf_mesh_renderer.models.shape_gan.presets import (
    SHAPE_GAN_PRESETS,
    STAGES,
    ShapeGanPreset,
    shape_gan_preset,
)
from tf_mesh_renderer.models.shape_gan.shape_stage import SILHOUETTES, ShapeGanTrainer
from tf_mesh_renderer.models.shape_gan.texture_stage import IMAGES, TEXTURES, TextureGanTrainer
from tf_mesh_renderer.models.shape_gan.trainer import GanTrainer

__all__ = [
    "IMAGES",
    "SHAPE_GAN_PRESETS",
    "SILHOUETTES",
    "STAGES",
    "TEXTURES",
    "GanTrainer",
    "ShapeGanPreset",
    "ShapeGanTrainer",
    "TextureGanTrainer",
    "shape_gan_preset",
]
