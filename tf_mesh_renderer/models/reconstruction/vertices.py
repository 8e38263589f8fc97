"""From the numbers of a network to the vertices of a deformed template: two parametrizations."""

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error

# The half of the unit cube in which N3MR keeps its shapes.
HALF_EXTENT = 0.5
# Smaller coordinates are zero: rounding must not decide in which octant a vertex stays.
_ON_A_PLANE = 1e-6
# Keeps the logarithm of 0 and 1 finite; at the edge of float32 it changes no vertex.
_LOGIT_LIMIT = 1e-7


def unit_template(vertices) -> np.ndarray:
    """A template centred on its bounding box, its longest side from -1 to 1.

    Args:
      vertices: [V, 3] float, any unit.
    Returns:
      [V, 3] float32 array.
    Raises:
      ValueError: it is no [V, 3], or has no extent.
    """
    vertices = np.asarray(vertices, np.float64)
    if vertices.ndim != 2 or vertices.shape[1] != 3 or not np.ptp(vertices, axis=0).max() > 0:
        raise argument_error(
            "unit_template",
            "vertices",
            expected="[V, 3] finite coordinates that are not all the same",
            received=f"an array of shape {vertices.shape}",
            hint="pass one mesh, without batch dimension, such as geometry.icosphere(3)",
        )
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    return ((vertices - (low + high) / 2) / ((high - low).max() / 2)).astype(np.float32)


def octant_vertices(template: np.ndarray, offsets: tf.Tensor, centroid: tf.Tensor) -> tf.Tensor:
    """Vertices that stay in their octants around a centroid, and all in the unit cube.

    A vertex u of the template starts at q = u / 2. It moves freely in the logit of |q|, of each
    coordinate: q = sign(u) sigmoid(logit(|u| / 2) + offset). The half axes are then scaled so that
    the shape still fits when its origin is moved to the centroid, and all is halved. Coordinates
    that are zero in the template remain the centroid's.

    Args:
      template: [V, 3] float array in [-1, 1], as `unit_template` returns.
      offsets: [B, V, 3] float; 0 is the template.
      centroid: [B, 3] float in (-1, 1); 0 is the centre.
    Returns:
      [B, V, 3] in the dtype of `offsets`, world space, within (-0.5, 0.5). Without offsets and
      centroid it is a quarter of the template.
    Gradients:
      Exact, to offsets and centroid.
    Source:
      Kato, Ushiku, Harada, "Neural 3D Mesh Renderer", CVPR 2018, and its released program.
    """
    signs = np.sign(np.where(np.abs(template) < _ON_A_PLANE, 0.0, template))
    start = np.clip(np.abs(template) / 2, _LOGIT_LIMIT, 1 - _LOGIT_LIMIT).astype(np.float64)
    logits = tf.constant(np.log(start / (1 - start)), offsets.dtype)
    around_origin = tf.constant(signs, offsets.dtype) * tf.sigmoid(logits + offsets)
    center = centroid[:, tf.newaxis]  # [B, 1, 3]
    upper, lower = tf.nn.relu(around_origin), tf.nn.relu(-around_origin)
    return HALF_EXTENT * (upper * (1 - center) - lower * (1 + center) + center)


def displaced_vertices(
    template: tf.Tensor, displacement: tf.Tensor, *, half_extent: float = HALF_EXTENT
) -> tf.Tensor:
    """A template plus a displacement, then centred and scaled to a size.

    Args:
      template: [V, 3] float.
      displacement: [B, V, 3] float, in the unit of the template.
      half_extent: half the longest side of the result, world units; DIB-R's first program took
        0.45, its later one 0.5, which is that of the renderings of N3MR.
    Returns:
      [B, V, 3] in the dtype of `displacement`, world space: the bounding box is centred at the
      origin, its longest side is 2 `half_extent`. A shape without extent stays a point.
    Gradients:
      Exact, through the bounding box too.
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer", NeurIPS 2019, released program.
    """
    moved = tf.cast(template, displacement.dtype) + displacement
    low = tf.reduce_min(moved, axis=1, keepdims=True)
    high = tf.reduce_max(moved, axis=1, keepdims=True)
    side = tf.reduce_max(high - low, axis=2, keepdims=True)  # [B, 1, 1]
    return tf.math.divide_no_nan(2 * half_extent * (moved - (low + high) / 2), side)
