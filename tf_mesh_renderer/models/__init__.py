"""Keras models that are made of, or trained through, renderers."""

from tf_mesh_renderer.models import reconstruction, shape_gan, single_view, texture_light
from tf_mesh_renderer.models.adversarial_trainer import AdversarialTrainer
from tf_mesh_renderer.models.discriminator import Discriminator
from tf_mesh_renderer.models.editable_mesh import EditableMesh
from tf_mesh_renderer.models.features import FeatureNetwork
from tf_mesh_renderer.models.generator import GeneratorSize, MeshGenerator
from tf_mesh_renderer.models.voxels import VoxelReconstruction

__all__ = [
    "AdversarialTrainer",
    "Discriminator",
    "EditableMesh",
    "FeatureNetwork",
    "GeneratorSize",
    "MeshGenerator",
    "VoxelReconstruction",
    "reconstruction",
    "shape_gan",
    "single_view",
    "texture_light",
]
