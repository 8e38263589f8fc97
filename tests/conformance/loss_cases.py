"""Every loss and every metric once: what it takes, and its Keras form."""

import dataclasses
from collections.abc import Callable

import numpy as np
import tensorflow as tf

from tf_mesh_renderer import geometry, losses, metrics

BATCH = 3
BALL = geometry.icosphere(0)
ADJACENCY = geometry.Adjacency.from_faces(BALL.faces)


def arrays():
    """Inputs by name, float64; the first axis is the batch."""
    random = np.random.default_rng(0)
    vertices = np.asarray(BALL.vertices, np.float64)
    return {
        "vertices": vertices + random.normal(0, 0.1, [BATCH, *vertices.shape]),
        "mask": random.random([BATCH, 6, 7]),
        "other_mask": random.random([BATCH, 6, 7]),
        "image": random.random([BATCH, 12, 13, 3]),
        "other_image": random.random([BATCH, 12, 13, 3]),
        "points": random.normal(size=[BATCH, 5, 3]),
        "other_points": random.normal(size=[BATCH, 4, 3]),
        "keypoints": random.random([BATCH, 5, 3]),
        "other_keypoints": random.random([BATCH, 5, 2]),
        "voxels": random.random([BATCH, 4, 5, 6]),
        "other_voxels": random.random([BATCH, 4, 5, 6]),
        "scores": random.normal(size=[BATCH, 1]),
        "other_scores": random.normal(size=[BATCH, 1]),
        "direction": random.normal(size=[BATCH, 3]),
        "other_direction": random.normal(size=[BATCH, 3]),
    }


@dataclasses.dataclass(frozen=True)
class LossCase:
    """A function of tensors with one value per item of the batch.

    Attributes:
      function: the exported function.
      inputs: names of its inputs in `arrays`, in order.
      arguments: what else it is called with.
      keras_form: makes the Keras loss or metric with arguments that differ from the defaults, or
        None: losses on meshes have no target.
      keras_arguments: those arguments, as the function takes them.
      differentiable: whether a gradient reaches the inputs.
      outlives_nan: whether NaN in an item leaves its value a number.
    """

    function: Callable
    inputs: tuple[str, ...]
    arguments: dict = dataclasses.field(default_factory=dict)
    keras_form: Callable | None = None
    keras_arguments: dict = dataclasses.field(default_factory=dict)
    differentiable: bool = True
    outlives_nan: bool = False

    @property
    def name(self):
        """The name of the function."""
        return self.function.__name__

    def __call__(self, *values, **changed):
        """The function of such inputs."""
        return self.function(*values, **{**self.arguments, **changed})


@dataclasses.dataclass(frozen=True)
class StyleCase(LossCase):
    """A loss whose features are a list."""

    def __call__(self, features, **changed):
        """The function of one feature map."""
        return self.function([features], **{**self.arguments, **changed})


@dataclasses.dataclass(frozen=True)
class FeaturesCase(LossCase):
    """A loss that takes two lists of features."""

    def __call__(self, target, predicted, **changed):
        """The function of one feature map each."""
        return self.function([target], [predicted], **{**self.arguments, **changed})


def _critic(images):
    """A critic with curvature: scores [B]."""
    return tf.reduce_sum(tf.sin(3.0 * images), axis=[1, 2, 3])


def _on_mesh(function):
    return LossCase(function, ("vertices",), {"adjacency": ADJACENCY})


MASKS, IMAGES = ("mask", "other_mask"), ("image", "other_image")
SCORES = ("scores", "other_scores")
POINTS, VOXELS = ("points", "other_points"), ("voxels", "other_voxels")
CHAMFER = {"squared": False, "directions": "mean"}
LOSSES = (
    _on_mesh(losses.laplacian_loss),
    _on_mesh(losses.flatten_loss),
    _on_mesh(losses.normal_consistency_loss),
    _on_mesh(losses.edge_length_loss),
    _on_mesh(losses.edge_length_variance_loss),
    LossCase(
        losses.vertex_displacement_loss,
        ("vertices",),
        {"reference": np.asarray(BALL.vertices).tolist()},
    ),
    StyleCase(losses.style_loss, ("image",), {"reference_grams": [np.eye(3).tolist()]}),
    StyleCase(
        losses.moment_loss,
        ("image",),
        {"reference_moments": [([0.1, 0.2, 0.3], np.eye(3).tolist())]},
    ),
    LossCase(losses.total_variation_loss, ("image",)),
    LossCase(losses.wasserstein_critic_loss, SCORES),
    LossCase(losses.wasserstein_generator_loss, SCORES[:1]),
    LossCase(losses.critic_gradient_norm, ("image",), {"critic": _critic}),
    LossCase(losses.gradient_penalty, ("image",), {"critic": _critic}),
    FeaturesCase(losses.feature_matching_loss, IMAGES),
    LossCase(losses.perceptual_loss, IMAGES, {"network": lambda images: [tf.sin(images)]}),
    LossCase(
        losses.silhouette_iou_loss,
        MASKS,
        keras_form=lambda **k: losses.SilhouetteIoULoss(epsilon=0.5, **k),
        keras_arguments={"epsilon": 0.5},
    ),
    LossCase(losses.color_l1_loss, IMAGES, keras_form=losses.ColorL1Loss),
    LossCase(losses.color_l2_loss, IMAGES, keras_form=losses.ColorL2Loss),
    LossCase(
        losses.chamfer_loss,
        POINTS,
        keras_form=lambda **k: losses.ChamferLoss(**CHAMFER, **k),
        keras_arguments=CHAMFER,
    ),
)
METRICS = (
    LossCase(metrics.silhouette_iou, MASKS, keras_form=metrics.SilhouetteIoU),
    LossCase(
        metrics.voxel_iou,
        VOXELS,
        keras_form=lambda **k: metrics.VoxelIoU(threshold=0.3, **k),
        keras_arguments={"threshold": 0.3},
        differentiable=False,
        outlives_nan=True,
    ),
    LossCase(
        metrics.chamfer_distance,
        POINTS,
        keras_form=lambda **k: metrics.ChamferDistance(**CHAMFER, **k),
        keras_arguments=CHAMFER,
    ),
    LossCase(
        metrics.f_score,
        POINTS,
        {"tau": 0.9},
        keras_form=lambda **k: metrics.FScore(tau=0.9, **k),
        keras_arguments={"tau": 0.9},
        differentiable=False,
        outlives_nan=True,
    ),
    LossCase(
        metrics.keypoint_pck,
        ("keypoints", "other_keypoints"),
        {"distance": 0.2},
        keras_form=lambda **k: metrics.KeypointPck(distance=0.2, object_side=1.8, **k),
        keras_arguments={"distance": 0.2, "object_side": 1.8},
        differentiable=False,
        outlives_nan=True,
    ),
    LossCase(metrics.laplacian_energy, ("image",)),
    LossCase(metrics.angle_degrees, ("direction", "other_direction")),
    LossCase(metrics.color_l1, IMAGES, keras_form=metrics.ColorL1),
    LossCase(
        metrics.psnr,
        IMAGES,
        keras_form=lambda **k: metrics.Psnr(max_value=2.0, **k),
        keras_arguments={"max_value": 2.0},
    ),
    LossCase(
        metrics.ssim,
        IMAGES,
        keras_form=lambda **k: metrics.Ssim(max_value=2.0, **k),
        keras_arguments={"max_value": 2.0},
    ),
)
# Exported, but without one value for each item of a batch.
OTHERS = {
    "AdversarialObjective",
    "MeanOverItems",
    "f_score_ceiling",
    "feature_moments",
    "gram_matrix",
    "keypoints_within",
    "interpolate_images",
}
