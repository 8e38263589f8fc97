"""Shapes and textures that are their own mirror images in the plane x = 0."""

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error

_TO_OTHER_SIDE = np.array([-1.0, 1.0, 1.0], np.float32)
# How far a vertex may be from the mirror image of its partner, in units of the template.
_TOLERANCE = 1e-4


def mirrored_vertices(template: np.ndarray) -> np.ndarray:
    """Which vertex is the mirror image of which.

    Args:
      template: [V, 3] float.
    Returns:
      [V] int32; vertices on the plane x = 0 are their own.
    Raises:
      ValueError: the template is not its own mirror image.
    """
    other = template * _TO_OTHER_SIDE
    distances = np.linalg.norm(template[:, np.newaxis] - other[np.newaxis], axis=-1)  # [V, V]
    partner = np.argmin(distances, axis=-1)
    error = np.max(np.min(distances, axis=-1))
    if error > _TOLERANCE or np.any(partner[partner] != np.arange(len(template))):
        raise argument_error(
            "mirrored_vertices",
            "template",
            expected="a mesh whose vertices are mirrored in the plane x = 0",
            received=f"one with a vertex {error:.2g} from any mirror image",
            hint="geometry.icosphere gives such a mesh",
        )
    return partner.astype(np.int32)


def symmetric_vectors(vectors: tf.Tensor, partner: np.ndarray) -> tf.Tensor:
    """The nearest vectors that are their own mirror image.

    Args:
      vectors: [..., V, 3] float, positions or displacements.
      partner: [V] int, as `mirrored_vertices` returns it.
    Returns:
      [..., V, 3]: means of the vectors and of the mirrored ones of the other side.
    Gradients:
      Exact.
    """
    other = tf.gather(vectors, partner, axis=-2)
    return (vectors + other * tf.constant(_TO_OTHER_SIDE, vectors.dtype)) / 2


def symmetric_textures(textures: tf.Tensor) -> tf.Tensor:
    """The nearest textures that are their own mirror image.

    Args:
      textures: [B, h, w, C] float; the plane of symmetry is in the middle and at the border, as for
        `textures.spherical_uv`.
    Returns:
      [B, h, w, C].
    Gradients:
      Exact.
    """
    return (textures + textures[:, :, ::-1]) / 2
