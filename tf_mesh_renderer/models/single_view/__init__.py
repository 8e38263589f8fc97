"""From one photograph to shape, texture, light and keypoints, learnt from single photographs."""

from tf_mesh_renderer.models.single_view.losses import SingleViewLossWeights, keypoint_loss
from tf_mesh_renderer.models.single_view.network import SingleViewNetwork
from tf_mesh_renderer.models.single_view.presets import (
    SINGLE_VIEW_PRESETS,
    SingleViewPreset,
    single_view_preset,
)
from tf_mesh_renderer.models.single_view.trainer import SingleViewTrainer

__all__ = [
    "SINGLE_VIEW_PRESETS",
    "SingleViewLossWeights",
    "SingleViewNetwork",
    "SingleViewPreset",
    "SingleViewTrainer",
    "keypoint_loss",
    "single_view_preset",
]
