"""How well keypoints are predicted."""

from typing import Any

import keras
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, check_shape, float_tensors
from tf_mesh_renderer.geometry.vectors import length
from tf_mesh_renderer.metrics.base import MeanOverItems

DISTANCE = 0.1  # share of the object's longest side, of the figures that are published
IMAGE_SIDE = 2.0  # of image coordinates in [-1, 1]


def keypoints_within(
    target: Any, predicted: Any, *, distance: float = DISTANCE, object_side: Any = IMAGE_SIDE
) -> tf.Tensor:
    """Which keypoints are predicted within a distance of where they are.

    Published figures are the mean over keypoints of the share of images, of those that show the
    keypoint, where it is within the distance.

    Args:
      target: [B, K, 3] float: image coordinates x, y, and whether the keypoint is visible (> 0).
      predicted: [B, K, 2] or [B, K, 3] float: image coordinates in the first two.
      distance: alpha, in units of the longest side of the object's box.
      object_side: [] or [B] float: that side, in units of the coordinates. A box that was grown by
        a share p at every side to a whole image, coordinates -1 to 1, has 2 / (1 + 2 p).
    Returns:
      [B, K] bool; False for keypoints that are not visible, or predicted at NaN.
    Gradients:
      None.
    Raises:
      ValueError: a static shape is wrong.
    Source:
      Yang & Ramanan, "Articulated Human Detection with Flexible Mixtures of Parts", IEEE TPAMI
      35(12), 2013, with the side of the box of Kanazawa et al. (CMR), ECCV 2018.
    """
    predicted, target = _keypoints("keypoints_within", target, predicted)
    _, side = float_tensors(target, object_side)
    error = length(predicted[..., :2] - target[..., :2])  # [B, K]
    return (error <= distance * side[..., tf.newaxis]) & (target[..., 2] > 0)


def keypoint_pck(
    target: Any, predicted: Any, *, distance: float = DISTANCE, object_side: Any = IMAGE_SIDE
) -> tf.Tensor:
    """Percentage of correct keypoints (PCK): share of an image's visible ones within a distance.

    Args:
      target: [B, K, 3] float, as of `keypoints_within`.
      predicted: [B, K, 2] or [B, K, 3] float.
      distance: as of `keypoints_within`.
      object_side: as of `keypoints_within`.
    Returns:
      [B] in [0, 1], float32 for half precision; 1 where no keypoint is visible.
    Gradients:
      None.
    Raises:
      ValueError: a static shape is wrong.
    Source:
      As `keypoints_within`; Chen et al. (DIB-R), NeurIPS 2019, Table 3, with distance 0.1.
    """
    predicted, target = _keypoints("keypoint_pck", target, predicted)
    within = keypoints_within(target, predicted, distance=distance, object_side=object_side)
    correct, visible = (
        tf.reduce_sum(tf.cast(which, target.dtype), axis=-1)
        for which in (within, target[..., 2] > 0)
    )
    return tf.where(visible > 0, tf.math.divide_no_nan(correct, visible), 1.0)


def shows_keypoints(target: Any) -> tf.Tensor:
    """Which images show a keypoint at all; the others say nothing of a prediction.

    Args:
      target: [B, K, 3] float, as of `keypoints_within`.
    Returns:
      [B] bool.
    Gradients:
      None.
    """
    return tf.reduce_any(tf.convert_to_tensor(target)[..., 2] > 0, axis=-1)


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class KeypointPck(MeanOverItems):
    """Mean of `keypoint_pck` over all images seen that show a keypoint.

    Args:
      distance: as of `keypoint_pck`.
      object_side: as of `keypoint_pck`, one number.
      name: of the metric.
      dtype: of the mean.
    """

    def __init__(self, distance=DISTANCE, object_side=IMAGE_SIDE, name="keypoint_pck", dtype=None):
        arguments = {"distance": distance, "object_side": object_side}
        super().__init__(keypoint_pck, name=name, dtype=dtype, **arguments)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Adds images; those without a visible keypoint count nothing.

        Args:
          y_true: [B, K, 3] float, as of `keypoints_within`.
          y_pred: [B, K, 2] or [B, K, 3] float.
          sample_weight: [B] float, or None.
        """
        shown = tf.cast(shows_keypoints(y_true), self.dtype)
        weight = shown if sample_weight is None else shown * tf.cast(sample_weight, self.dtype)
        return super().update_state(y_true, y_pred, sample_weight=weight)


def _keypoints(where, target, predicted):
    predicted, target = float_tensors(predicted, target)
    check_shape(where, "target", value=target, shape=[None, None, 3])
    check_shape(where, "predicted", value=predicted, shape=[None, None, None])
    known = predicted.shape[1], target.shape[1]
    if None not in known and known[0] != known[1]:
        raise argument_error(
            where,
            "predicted",
            expected=f"{known[1]} keypoints, as `target` has",
            received=f"{known[0]}",
            hint="keypoints that are not visible stay in the array, with 0 as third number",
        )
    return predicted, target
