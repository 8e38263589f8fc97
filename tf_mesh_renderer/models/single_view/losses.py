"""What training from single views lowers besides silhouettes, colours and roughness."""

import dataclasses

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, to_number
from tf_mesh_renderer.models.reconstruction.losses import LossWeights

KEYPOINT = "keypoint"


@dataclasses.dataclass(frozen=True)
class SingleViewLossWeights(LossWeights):
    """Weights of the parts of the loss; a part with weight 0 is not computed.

    The paper does not give those of its experiment on birds: colour and smoothness are those of its
    reconstruction, the weight of keypoints is ours.

    Attributes:
      silhouette: as of `reconstruction.LossWeights`.
      color: as there.
      laplacian: as there.
      flatten: as there.
      laplacian_of: as there.
      color_over: as there.
      keypoint: of the squared distance of projected keypoints in image coordinates, mean over the
        visible ones of a photograph, then over photographs.
    Raises:
      TypeError, ValueError: a weight is no number >= 0, or an unknown choice.
    """

    color: float = 1.0
    laplacian: float = 0.01
    flatten: float = 0.001
    laplacian_of: str = "displacements"
    keypoint: float = 10.0

    def __post_init__(self):
        super().__post_init__()
        weight = to_number("SingleViewLossWeights", KEYPOINT, self.keypoint)
        object.__setattr__(self, KEYPOINT, weight)
        if not 0 <= weight < float("inf"):
            raise argument_error(
                "SingleViewLossWeights",
                KEYPOINT,
                expected="a finite number >= 0",
                received=weight,
                hint="0 leaves the part out",
            )

    @property
    def used(self) -> tuple[str, ...]:
        """Names of the parts whose weight is not 0."""
        return (*super().used, KEYPOINT) if self.keypoint else super().used


def keypoint_loss(target: tf.Tensor, predicted: tf.Tensor) -> tf.Tensor:
    """Mean squared distance of the visible keypoints of a photograph.

    Args:
      target: [B, K, 3] float: image coordinates x, y, and whether the keypoint is visible (> 0).
      predicted: [B, K, 2] float.
    Returns:
      [B] float, squared image coordinates; 0 if none is visible.
    Gradients:
      Exact to `predicted`.
    Source:
      Kanazawa et al., "Learning Category-Specific Mesh Reconstruction from Image Collections"
      (CMR), ECCV 2018, section 2.3.
    """
    visible = tf.cast(target[..., 2] > 0, predicted.dtype)
    squared = tf.reduce_sum(tf.square(predicted - target[..., :2]), axis=-1)
    total = tf.reduce_sum(visible * squared, axis=-1)
    return tf.math.divide_no_nan(total, tf.reduce_sum(visible, axis=-1))
