"""The points of a surface that lights and reflectance models are evaluated at."""

from typing import NamedTuple

import tensorflow as tf


class Surface(NamedTuple):
    """Points of a surface with what shading needs to know about them, in world space.

    Usually one point per pixel (`surface_of`), but any number of axes may lie between the batch and
    the coordinates: [B, V, 3] shades vertices.

    Attributes:
      positions: [B, ..., 3] float.
      normals: [B, ..., 3] float, unit length, on the side that is seen; 0 where there is none.
      to_eye: [B, ..., 3] float, unit length, from the point to the viewer; 0 right at the viewer.
    """

    positions: tf.Tensor
    normals: tf.Tensor
    to_eye: tf.Tensor
