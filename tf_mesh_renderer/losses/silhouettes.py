"""Loss on silhouettes: one minus intersection over union."""

from typing import Any

import keras
import tensorflow as tf

from tf_mesh_renderer.metrics.overlap import intersection_and_union

_EPSILON = 1e-6


def silhouette_iou_loss(target: Any, predicted: Any, *, epsilon: float = _EPSILON) -> tf.Tensor:
    """1 - sum of S T / (sum of S + T - S T, and epsilon).

    Args:
      target: [B, H, W] or [B, H, W, 1] coverage in [0, 1], soft or hard.
      predicted: the same, of the same size.
      epsilon: in pixels; keeps two empty silhouettes finite (loss 1, no gradient). SoftRas has
        1e-6, Kaolin 1e-10, DIB-R 1e-15, N3MR none.
    Returns:
      [B] in [0, 1], float32 for half precision and integers.
    Gradients:
      Exact to both.
    Raises:
      ValueError: a static shape is wrong, or the two differ.
    Source:
      Kato et al., "Neural 3D Mesh Renderer", CVPR 2018, eq. 12.
    """
    common, whole = intersection_and_union("silhouette_iou_loss", target, predicted)
    return 1.0 - common / (whole + epsilon)


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class SilhouetteIoULoss(keras.losses.Loss):
    """`silhouette_iou_loss` for `keras.Model.compile`.

    Args:
      epsilon: as of `silhouette_iou_loss`.
      reduction: of the values of the batch, as in `keras.losses.Loss`.
      name: of the loss.
      dtype: of the computation.
    """

    def __init__(
        self,
        epsilon=_EPSILON,
        reduction="sum_over_batch_size",
        name="silhouette_iou_loss",
        dtype=None,
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        self.epsilon = epsilon

    def call(self, y_true, y_pred):
        return silhouette_iou_loss(y_true, y_pred, epsilon=self.epsilon)

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}
