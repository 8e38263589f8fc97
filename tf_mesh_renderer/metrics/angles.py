"""Angles between directions, such as those of lights."""

from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import check_shape, float_tensors
from tf_mesh_renderer.geometry.vectors import cross, dot, length

_DEGREES_PER_RADIAN = 57.29577951308232


def angle_degrees(target: Any, predicted: Any) -> tf.Tensor:
    """Angle between two directions, exact near 0 and 180 degrees too.

    Args:
      target: [..., 3] float, any length.
      predicted: [..., 3] float, any length; the two broadcast.
    Returns:
      [...] float in [0, 180]; 0 where one has no length.
    Gradients:
      Exact; zero where the two are parallel.
    Raises:
      ValueError: a wrong shape.
    Source:
      The error of light directions of Chen et al., "Learning to Predict 3D Objects with an
      Interpolation-based Differentiable Renderer" (DIB-R), NeurIPS 2019, Table 2.
    """
    target, predicted = float_tensors(target, predicted)
    for name, value in (("target", target), ("predicted", predicted)):
        check_shape("angle_degrees", name, value=value, shape=[3])
    sine = length(cross(target, predicted))
    return _DEGREES_PER_RADIAN * tf.atan2(sine, dot(target, predicted)[..., 0])
