"""What a reconstruction minimizes: functions with one value per item, and Keras losses."""

from tf_mesh_renderer.losses.adversarial import (
    critic_gradient_norm,
    gradient_penalty,
    interpolate_images,
    wasserstein_critic_loss,
    wasserstein_generator_loss,
)
from tf_mesh_renderer.losses.bending import flatten_loss, normal_consistency_loss
from tf_mesh_renderer.losses.chamfer import ChamferLoss, chamfer_loss
from tf_mesh_renderer.losses.colors import ColorL1Loss, ColorL2Loss, color_l1_loss, color_l2_loss
from tf_mesh_renderer.losses.edges import edge_length_loss, edge_length_variance_loss
from tf_mesh_renderer.losses.laplacian import laplacian_loss
from tf_mesh_renderer.losses.objective import AdversarialObjective
from tf_mesh_renderer.losses.perceptual import feature_matching_loss, perceptual_loss
from tf_mesh_renderer.losses.silhouettes import SilhouetteIoULoss, silhouette_iou_loss
from tf_mesh_renderer.losses.style import (
    feature_moments,
    gram_matrix,
    moment_loss,
    style_loss,
    total_variation_loss,
    vertex_displacement_loss,
)

__all__ = [
    "AdversarialObjective",
    "ChamferLoss",
    "ColorL1Loss",
    "ColorL2Loss",
    "SilhouetteIoULoss",
    "chamfer_loss",
    "color_l1_loss",
    "color_l2_loss",
    "critic_gradient_norm",
    "edge_length_loss",
    "edge_length_variance_loss",
    "feature_matching_loss",
    "feature_moments",
    "flatten_loss",
    "gradient_penalty",
    "gram_matrix",
    "interpolate_images",
    "laplacian_loss",
    "moment_loss",
    "normal_consistency_loss",
    "perceptual_loss",
    "silhouette_iou_loss",
    "style_loss",
    "total_variation_loss",
    "vertex_displacement_loss",
    "wasserstein_critic_loss",
    "wasserstein_generator_loss",
]
