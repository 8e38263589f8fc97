"""Methods that learn nothing, or learn from true shapes: what mesh networks have to beat.

Each is a `Method` that `evaluate` measures as it measures a network.
"""

from tf_mesh_renderer.applications.reconstruction.baselines.mean_shape import MeanShape
from tf_mesh_renderer.applications.reconstruction.baselines.nearest_picture import NearestPicture
from tf_mesh_renderer.applications.reconstruction.baselines.voxel_method import (
    VoxelMethod,
    best_threshold,
)
from tf_mesh_renderer.applications.reconstruction.baselines.voxel_training import (
    VoxelTraining,
    train_voxels,
)

__all__ = [
    "MeanShape",
    "NearestPicture",
    "VoxelMethod",
    "VoxelTraining",
    "best_threshold",
    "train_voxels",
]
