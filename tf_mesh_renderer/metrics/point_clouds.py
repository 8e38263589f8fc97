"""Distances and F-score between points that were sampled on two surfaces."""

import math
from typing import Any

import keras
import tensorflow as tf

from tf_mesh_renderer.arguments import check_choice
from tf_mesh_renderer.geometry.nearest import distances_to_nearest, squared_distances_to_nearest
from tf_mesh_renderer.metrics.base import MeanOverItems

DIRECTIONS = ("sum", "mean")


def chamfer_distance(
    target: Any, predicted: Any, *, squared: bool = True, directions: str = "sum"
) -> tf.Tensor:
    """Mean distance to the nearest point of the other cloud, in both directions.

    Publications mean different things by the name: docs/losses_and_metrics.md says who means which.

    Args:
      target: [..., N, 3] float, N > 0.
      predicted: [..., M, 3] float, same space, M > 0.
      squared: whether distances are squared before they are averaged.
      directions: "sum" or "mean" of the two directions.
    Returns:
      [...], in squared units of the points or in units; float32 for half precision.
    Gradients:
      Exact to both, for the nearest points as they are.
    Raises:
      ValueError: a static shape is wrong, or `directions` is no choice.
    Source:
      Fan et al., "A Point Set Generation Network for 3D Object Reconstruction from a Single Image",
      CVPR 2017, with means for its sums.
    """
    check_choice("chamfer_distance", "directions", value=directions, choices=DIRECTIONS)
    distances = squared_distances_to_nearest if squared else distances_to_nearest
    total = _mean(distances(predicted, target)) + _mean(distances(target, predicted))
    return total if directions == "sum" else total / 2


def f_score(target: Any, predicted: Any, *, tau: float = 0.02) -> tf.Tensor:
    """Harmonic mean of precision and recall at a distance.

    Precision is the share of predicted points within tau of a target point, recall the share of
    target points within tau of a predicted one. Two samples of one surface do not reach 1: see
    `f_score_ceiling`.

    Args:
      target: [..., N, 3] float, N > 0. DIB-R samples 2500 points in a frame where the largest
        coordinate is 0.45.
      predicted: [..., M, 3] float, same space, M > 0.
      tau: Euclidean distance, not squared, in units of the points.
    Returns:
      [...] in [0, 1], float32 for half precision; 0 where nothing is near. NaN is near nothing.
    Gradients:
      None.
    Raises:
      ValueError: a static shape is wrong.
    Source:
      Knapitsch et al., "Tanks and Temples", ACM TOG 36(4), 2017; DIB-R's evaluation.
    """
    precision = _share_within(tau, predicted, target)
    recall = _share_within(tau, target, predicted)
    return tf.math.divide_no_nan(2.0 * precision * recall, precision + recall)


def f_score_ceiling(area: float, num_points: int, *, tau: float = 0.02) -> float:
    """About what `f_score` gives for two samples of one surface.

    The chance that none of N points uniform over an area A lies in a disc of radius tau is
    exp(-N pi tau² / A), where the disc lies within the surface and the surface is flat.

    Args:
      area: A, of the surface, see `geometry.surface_area`.
      num_points: N, of each sample.
      tau: as of `f_score`.
    Returns:
      A number in (0, 1).
    """
    return 1.0 - math.exp(-num_points * math.pi * tau**2 / area)


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class ChamferDistance(MeanOverItems):
    """Mean of `chamfer_distance` over all pairs of clouds seen.

    Args:
      squared: as of `chamfer_distance`.
      directions: as of `chamfer_distance`.
      name: of the metric.
      dtype: of the mean.
    """

    def __init__(self, squared=True, directions="sum", name="chamfer_distance", dtype=None):
        check_choice("ChamferDistance", "directions", value=directions, choices=DIRECTIONS)
        arguments = {"squared": squared, "directions": directions}
        super().__init__(chamfer_distance, name=name, dtype=dtype, **arguments)


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class FScore(MeanOverItems):
    """Mean of `f_score` over all pairs of clouds seen.

    Args:
      tau: as of `f_score`.
      name: of the metric.
      dtype: of the mean.
    """

    def __init__(self, tau=0.02, name="f_score", dtype=None):
        super().__init__(f_score, name=name, dtype=dtype, tau=tau)


def _share_within(tau, points, others):
    near = distances_to_nearest(points, others)
    return _mean(tf.cast(near <= tf.cast(tau, near.dtype), near.dtype))


def _mean(values):
    return tf.reduce_mean(values, axis=-1)
