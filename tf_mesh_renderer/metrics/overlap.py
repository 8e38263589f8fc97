"""Intersection over union: of silhouettes in the image, and of voxels in space."""

from typing import Any

import keras
import tensorflow as tf

from tf_mesh_renderer.arguments import (
    argument_error,
    check_same_shape,
    check_shape,
    float_tensors,
    static_rank,
)
from tf_mesh_renderer.metrics.base import MeanOverItems


def silhouette_iou(target: Any, predicted: Any) -> tf.Tensor:
    """Intersection over union of silhouettes, soft or hard.

    Args:
      target: [B, H, W] or [B, H, W, 1] coverage in [0, 1], any float, bool or integer dtype.
      predicted: the same, of the same size.
    Returns:
      [B] in [0, 1], float32 for half precision and integers; 1 where both silhouettes are empty.
    Gradients:
      Exact to both.
    Raises:
      ValueError: a static shape is wrong, or the two differ.
    Source:
      Kato et al., "Neural 3D Mesh Renderer", CVPR 2018, eq. 12.
    """
    common, whole = intersection_and_union("silhouette_iou", target, predicted)
    return _ratio(common, whole)


def intersection_and_union(where: str, target: Any, predicted: Any) -> tuple[tf.Tensor, tf.Tensor]:
    """Areas that two silhouettes have in common and together: sums of S T and of S + T - S T.

    Args:
      where: calling function, for the error.
      target: [B, H, W] or [B, H, W, 1] coverage in [0, 1].
      predicted: the same, of the same size.
    Returns:
      Two tensors [B], in pixels.
    Gradients:
      Exact to both.
    Raises:
      ValueError: a static shape is wrong, or the two differ.
    """
    target = _coverage(where, "target", target)
    predicted = _coverage(where, "predicted", predicted)
    predicted, target = float_tensors(predicted, target)
    check_same_shape(where, "predicted", value=predicted, other_name="target", other=target)
    common = target * predicted
    whole = target + predicted - common
    return tf.reduce_sum(common, axis=(1, 2)), tf.reduce_sum(whole, axis=(1, 2))


def voxel_iou(target: Any, predicted: Any, *, threshold: float = 0.5) -> tf.Tensor:
    """Intersection over union of voxels.

    The protocol decides what the voxels are, see `geometry.voxelize`; published figures are the
    mean over all views and objects of a class, then over the classes.

    Args:
      target: [..., X, Y, Z] bool, or numbers that are occupied above the threshold.
      predicted: the same, of the same size, such as probabilities of a network.
      threshold: of numbers; NaN is below. Bools ignore it.
    Returns:
      [...] float32 in [0, 1]; 1 where both are empty.
    Gradients:
      None.
    Raises:
      ValueError: a static shape is wrong, or the two differ.
    Source:
      Yan et al., "Perspective Transformer Nets", NIPS 2016; Kato et al., CVPR 2018, sec. 5.
    """
    target = _occupied("target", target, threshold)
    predicted = _occupied("predicted", predicted, threshold)
    check_same_shape("voxel_iou", "predicted", value=predicted, other_name="target", other=target)
    common, whole = (
        tf.math.count_nonzero(both, axis=(-3, -2, -1), dtype=tf.int32)
        for both in (target & predicted, target | predicted)
    )
    return _ratio(tf.cast(common, tf.float32), tf.cast(whole, tf.float32))


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class SilhouetteIoU(MeanOverItems):
    """Mean of `silhouette_iou` over all images seen.

    Args:
      name: of the metric.
      dtype: of the mean.
    """

    def __init__(self, name="silhouette_iou", dtype=None):
        super().__init__(silhouette_iou, name=name, dtype=dtype)


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class VoxelIoU(MeanOverItems):
    """Mean of `voxel_iou` over all grids seen.

    Args:
      threshold: as of `voxel_iou`.
      name: of the metric.
      dtype: of the mean.
    """

    def __init__(self, threshold=0.5, name="voxel_iou", dtype=None):
        super().__init__(voxel_iou, name=name, dtype=dtype, threshold=threshold)


def _ratio(common, whole):
    is_empty = whole == 0
    return tf.where(is_empty, 1.0, common / tf.where(is_empty, tf.ones_like(whole), whole))


def _coverage(where, name, value):
    """[B, H, W], still in its own dtype unless that is bool."""
    value = value if tf.is_tensor(value) else tf.convert_to_tensor(value)
    if static_rank(where, name, value=value, ranks=(3, 4)) == 4:
        if value.shape[-1] not in (1, None):
            raise argument_error(
                where,
                name,
                expected="shape [B, H, W] or [B, H, W, 1]",
                received=f"shape {value.shape}",
                hint="pass the last channel of an image, alpha",
            )
        value = value[..., 0]
    return value


def _occupied(name, value, threshold):
    value = tf.convert_to_tensor(value)
    check_shape("voxel_iou", name, value=value, shape=[None, None, None])
    return value if value.dtype == tf.bool else value > tf.cast(threshold, value.dtype)
