"""Keras models that are made of, or trained through, renderers."""

from tf_mesh_renderer.models import reconstruction
from tf_mesh_renderer.models.editable_mesh import EditableMesh
from tf_mesh_renderer.models.features import FeatureNetwork
from tf_mesh_renderer.models.voxels import VoxelReconstruction

__all__ = [
    "EditableMesh",
    "FeatureNetwork",
    "VoxelReconstruction",
    "reconstruction",
]
