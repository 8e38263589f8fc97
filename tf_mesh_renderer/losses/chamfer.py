"""Loss on the distance between two clouds of points."""

from typing import Any

import keras
import tensorflow as tf

from tf_mesh_renderer.arguments import check_choice
from tf_mesh_renderer.metrics.point_clouds import DIRECTIONS, chamfer_distance


def chamfer_loss(
    target: Any, predicted: Any, *, squared: bool = True, directions: str = "sum"
) -> tf.Tensor:
    """`metrics.chamfer_distance`, under the name of a loss.

    Args:
      target: [..., N, 3] float, N > 0.
      predicted: [..., M, 3] float, same space, M > 0.
      squared: whether distances are squared before they are averaged.
      directions: "sum" or "mean" of the two directions.
    Returns:
      [...], in squared units of the points or in units; float32 for half precision.
    Gradients:
      Exact to both, for the nearest points as they are; of distances that are not squared, zero
      where two points coincide.
    Raises:
      ValueError: a static shape is wrong, or `directions` is no choice.
    """
    return chamfer_distance(target, predicted, squared=squared, directions=directions)


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class ChamferLoss(keras.losses.Loss):
    """`chamfer_loss` for `keras.Model.compile`.

    Args:
      squared: as of `chamfer_loss`.
      directions: as of `chamfer_loss`.
      reduction: of the values of the batch, as in `keras.losses.Loss`.
      name: of the loss.
      dtype: of the computation.
    """

    def __init__(
        self,
        squared=True,
        directions="sum",
        reduction="sum_over_batch_size",
        name="chamfer_loss",
        dtype=None,
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        check_choice("ChamferLoss", "directions", value=directions, choices=DIRECTIONS)
        self.squared = squared
        self.directions = directions

    def call(self, y_true, y_pred):
        return chamfer_loss(y_true, y_pred, squared=self.squared, directions=self.directions)

    def get_config(self):
        own = {"squared": self.squared, "directions": self.directions}
        return {**super().get_config(), **own}
