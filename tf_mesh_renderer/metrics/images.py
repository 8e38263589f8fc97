"""How far one image is from another."""

from typing import Any

import keras
import tensorflow as tf

from tf_mesh_renderer.arguments import check_same_shape, check_shape, float_tensors
from tf_mesh_renderer.metrics.base import MeanOverItems


def color_l1(target: Any, predicted: Any, *, mask: Any = None) -> tf.Tensor:
    """Mean absolute difference of colours, over pixels and channels.

    Args:
      target: [B, H, W, C] float.
      predicted: [B, H, W, C] float.
      mask: [B, H, W, 1] weights of the pixels, such as the target's alpha; None weighs all alike.
    Returns:
      [B] in units of the colours, float32 for half precision; 0 where the mask is empty.
    Gradients:
      Exact to all.
    Raises:
      ValueError: a static shape is wrong, or the two images differ.
    Source:
      The texture error of Chen et al., "Learning to Predict 3D Objects with an Interpolation-based
      Differentiable Renderer" (DIB-R), NeurIPS 2019, Table 2.
    """
    target, predicted = _images("color_l1", target, predicted)
    error = tf.reduce_mean(tf.abs(target - predicted), axis=-1, keepdims=True)  # [B, H, W, 1]
    if mask is None:
        return tf.reduce_mean(error, axis=(1, 2, 3))
    _, mask = float_tensors(error, mask)
    check_shape("color_l1", "mask", value=mask, shape=[*error.shape[1:]])
    return tf.math.divide_no_nan(
        tf.reduce_sum(error * mask, axis=(1, 2, 3)), tf.reduce_sum(mask, axis=(1, 2, 3))
    )


def psnr(target: Any, predicted: Any, *, max_value: float = 1.0) -> tf.Tensor:
    """Peak signal-to-noise ratio in decibels, TensorFlow's.

    Args:
      target: [B, H, W, C] float in [0, max_value].
      predicted: the same, of the same size.
      max_value: the brightest a pixel can be.
    Returns:
      [B] float32 in decibels; infinite for equal images.
    Gradients:
      Exact to both, but for equal images.
    Raises:
      ValueError: a static shape is wrong, or the two differ.
    """
    return tf.image.psnr(*_images("psnr", target, predicted), max_val=max_value)


def ssim(target: Any, predicted: Any, *, max_value: float = 1.0) -> tf.Tensor:
    """Structural similarity, TensorFlow's with its defaults.

    Args:
      target: [B, H, W, C] float in [0, max_value]; sides of at least 11, the width of the window.
      predicted: the same, of the same size.
      max_value: the brightest a pixel can be.
    Returns:
      [B] float32 in [-1, 1]; 1 for equal images.
    Gradients:
      Exact to both.
    Raises:
      ValueError: a static shape is wrong, or the two differ.
    Source:
      Wang et al., "Image Quality Assessment: From Error Visibility to Structural Similarity", IEEE
      TIP 13(4), 2004.
    """
    return tf.image.ssim(*_images("ssim", target, predicted), max_val=max_value)


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class ColorL1(MeanOverItems):
    """Mean of `color_l1` over all images seen; without a mask.

    Args:
      name: of the metric.
      dtype: of the mean.
    """

    def __init__(self, name="color_l1", dtype=None):
        super().__init__(color_l1, name=name, dtype=dtype)


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class Psnr(MeanOverItems):
    """Mean of `psnr` over all images seen.

    Args:
      max_value: as of `psnr`.
      name: of the metric.
      dtype: of the mean.
    """

    def __init__(self, max_value=1.0, name="psnr", dtype=None):
        super().__init__(psnr, name=name, dtype=dtype, max_value=max_value)


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class Ssim(MeanOverItems):
    """Mean of `ssim` over all images seen.

    Args:
      max_value: as of `ssim`.
      name: of the metric.
      dtype: of the mean.
    """

    def __init__(self, max_value=1.0, name="ssim", dtype=None):
        super().__init__(ssim, name=name, dtype=dtype, max_value=max_value)


def _images(where, target, predicted):
    predicted, target = float_tensors(predicted, target)
    check_shape(where, "target", value=target, shape=[None, None, None, None])
    check_same_shape(where, "predicted", value=predicted, other_name="target", other=target)
    return target, predicted
