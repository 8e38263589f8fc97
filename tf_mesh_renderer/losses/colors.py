"""Losses on the colours of pixels."""

from typing import Any

import keras
import tensorflow as tf

from tf_mesh_renderer.arguments import check_same_shape, check_shape, float_tensors


def color_l1_loss(target: Any, predicted: Any, *, mask: Any = None) -> tf.Tensor:
    """Mean over pixels of the sum over channels of |T - P|: three times what Keras calls MAE.

    Args:
      target: [B, H, W, C] float.
      predicted: [B, H, W, C] float.
      mask: [B, H, W, 1] factor of every pixel's difference. The mean stays one over all pixels, as
        in DIB-R, so that a small object weighs little.
    Returns:
      [B] in units of the colours, float32 for half precision.
    Gradients:
      Exact to all; zero where colours are equal.
    Raises:
      ValueError: a static shape is wrong, or the two images differ.
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer" (DIB-R), NeurIPS 2019, eqs. 13-14.
    """
    difference = _difference("color_l1_loss", target, predicted)
    return _mean_over_pixels("color_l1_loss", tf.abs(difference), mask)


def color_l2_loss(target: Any, predicted: Any, *, mask: Any = None) -> tf.Tensor:
    """Mean over pixels of the sum over channels of (T - P)².

    Args:
      target: [B, H, W, C] float.
      predicted: [B, H, W, C] float.
      mask: [B, H, W, 1] factor of every pixel's squared difference, as of `color_l1_loss`.
    Returns:
      [B] in squared units of the colours, float32 for half precision.
    Gradients:
      Exact to all.
    Raises:
      ValueError: a static shape is wrong, or the two images differ.
    """
    difference = _difference("color_l2_loss", target, predicted)
    return _mean_over_pixels("color_l2_loss", tf.square(difference), mask)


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class ColorL1Loss(keras.losses.Loss):
    """`color_l1_loss` for `keras.Model.compile`, of all channels and without a mask.

    Args:
      reduction: of the values of the batch, as in `keras.losses.Loss`.
      name: of the loss.
      dtype: of the computation.
    """

    def __init__(self, reduction="sum_over_batch_size", name="color_l1_loss", dtype=None):
        super().__init__(name=name, reduction=reduction, dtype=dtype)

    def call(self, y_true, y_pred):
        return color_l1_loss(y_true, y_pred)


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class ColorL2Loss(keras.losses.Loss):
    """`color_l2_loss` for `keras.Model.compile`, of all channels and without a mask.

    Args:
      reduction: of the values of the batch, as in `keras.losses.Loss`.
      name: of the loss.
      dtype: of the computation.
    """

    def __init__(self, reduction="sum_over_batch_size", name="color_l2_loss", dtype=None):
        super().__init__(name=name, reduction=reduction, dtype=dtype)

    def call(self, y_true, y_pred):
        return color_l2_loss(y_true, y_pred)


def _difference(where, target, predicted):
    predicted, target = float_tensors(predicted, target)
    check_shape(where, "predicted", value=predicted, shape=[None, None, None, None])
    check_same_shape(where, "predicted", value=predicted, other_name="target", other=target)
    return target - predicted


def _mean_over_pixels(where, values, mask):
    """[B] from [B, H, W, C]."""
    by_pixel = tf.reduce_sum(values, axis=-1, keepdims=True)
    if mask is not None:
        _, mask = float_tensors(by_pixel, mask)
        check_shape(where, "mask", value=mask, shape=by_pixel.shape)
        by_pixel *= mask
    return tf.reduce_mean(by_pixel, axis=(1, 2, 3))
