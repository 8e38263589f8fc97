"""Interpolation: from values at vertices to values at pixels."""

import tensorflow as tf

from tf_mesh_renderer.arguments import to_indices
from tf_mesh_renderer.ops._arguments import to_float
from tf_mesh_renderer.ops._library import library
from tf_mesh_renderer.ops._second_derivatives import refuse_second_derivatives


def interpolate(attributes, faces, fragments):
    """Blends the attributes of a face's three vertices by the barycentrics of every pixel.

    Attributes are anything that lives at vertices: colours, texture coordinates, normals.

    Args:
      attributes: [B, V, D] floats in the dtype of `fragments.barycentrics`, any D. Arrays and lists
        are cast to it; float16 and bfloat16 are computed, and returned, in float32.
      faces: [F, 3] or [B, F, 3] integers, the faces that were rasterized. Not differentiable.
      fragments: `Fragments` [B, H, W] of the same faces.
    Returns:
      [B, H, W, D] in the dtype of the barycentrics; 0 where no face is seen.
    Gradients:
      To `attributes` and `fragments.barycentrics`, both exact. No second derivatives.
    Raises:
      TypeError: a dtype is wrong.
      ValueError: a shape is wrong while tracing.
      tf.errors.InvalidArgumentError: a shape is wrong, or a face index or face id is out of range.
    """
    barycentrics = to_float("interpolate", "fragments.barycentrics", fragments.barycentrics)
    like = ("fragments.barycentrics", barycentrics)
    return library().mesh_renderer_interpolate(
        attributes=to_float("interpolate", "attributes", attributes, like=like),
        faces=to_indices("interpolate", "faces", faces),
        face_id=to_indices("interpolate", "fragments.face_id", fragments.face_id),
        barycentrics=barycentrics,
    )


@tf.RegisterGradient("MeshRenderer>Interpolate")
def _interpolate_gradient(op, grad_output):
    attributes, faces, face_id, barycentrics = op.inputs
    grad_attributes, grad_barycentrics = library().mesh_renderer_interpolate_grad(
        attributes=attributes,
        faces=faces,
        face_id=face_id,
        barycentrics=barycentrics,
        grad_output=grad_output,
    )
    return grad_attributes, None, None, grad_barycentrics


tf.RegisterGradient("MeshRenderer>InterpolateGrad")(refuse_second_derivatives)
