"""From one image to a mesh: the networks of N3MR, SoftRas and DIB-R, and their training."""

from tf_mesh_renderer.models.reconstruction.losses import LossWeights
from tf_mesh_renderer.models.reconstruction.multi_view import MultiViewTrainer
from tf_mesh_renderer.models.reconstruction.networks import (
    DibrReconstruction,
    MeshReconstruction,
    N3mrReconstruction,
    SoftRasReconstruction,
)
from tf_mesh_renderer.models.reconstruction.presets import (
    RECONSTRUCTION_PRESETS,
    ReconstructionPreset,
    preset,
)
from tf_mesh_renderer.models.reconstruction.rendering import MultiViewRendering, paper_rendering
from tf_mesh_renderer.models.reconstruction.sizes import ReconstructionSize
from tf_mesh_renderer.models.reconstruction.vertices import displaced_vertices, octant_vertices

__all__ = [
    "RECONSTRUCTION_PRESETS",
    "DibrReconstruction",
    "LossWeights",
    "MeshReconstruction",
    "MultiViewRendering",
    "MultiViewTrainer",
    "N3mrReconstruction",
    "ReconstructionPreset",
    "ReconstructionSize",
    "SoftRasReconstruction",
    "displaced_vertices",
    "octant_vertices",
    "paper_rendering",
    "preset",
]
