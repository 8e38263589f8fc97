"""How good a reconstruction is: functions with one value per item, and Keras metrics over them."""

from tf_mesh_renderer.metrics.angles import angle_degrees
from tf_mesh_renderer.metrics.base import MeanOverItems
from tf_mesh_renderer.metrics.detail import laplacian_energy
from tf_mesh_renderer.metrics.images import ColorL1, Psnr, Ssim, color_l1, psnr, ssim
from tf_mesh_renderer.metrics.keypoints import KeypointPck, keypoint_pck, keypoints_within
from tf_mesh_renderer.metrics.overlap import SilhouetteIoU, VoxelIoU, silhouette_iou, voxel_iou
from tf_mesh_renderer.metrics.point_clouds import (
    ChamferDistance,
    FScore,
    chamfer_distance,
    f_score,
    f_score_ceiling,
)

__all__ = [
    "ChamferDistance",
    "ColorL1",
    "FScore",
    "KeypointPck",
    "MeanOverItems",
    "Psnr",
    "SilhouetteIoU",
    "Ssim",
    "VoxelIoU",
    "angle_degrees",
    "chamfer_distance",
    "color_l1",
    "f_score",
    "f_score_ceiling",
    "keypoint_pck",
    "keypoints_within",
    "laplacian_energy",
    "psnr",
    "silhouette_iou",
    "ssim",
    "voxel_iou",
]
