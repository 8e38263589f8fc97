"""N3MR's textures: a small cube of texels per face."""

import tensorflow as tf

from tf_mesh_renderer.arguments import to_indices, to_number
from tf_mesh_renderer.ops._arguments import to_float
from tf_mesh_renderer.ops._library import library
from tf_mesh_renderer.ops._second_derivatives import refuse_second_derivatives


def face_texture(textures, fragments, *, eps=1e-3, barycentrics_gradient=False):
    """Reads a T x T x T cube of texels per face; axis k of the cube belongs to vertex k.

    The barycentrics times T - 1 are a position in the cube, which is read trilinearly. Barycentrics
    sum to 1, so for T > 2 most of a cube is never read.

    Args:
      textures: [B, F, T, T, T, C] floats in the dtype of `fragments.barycentrics`, or
        [1, F, T, T, T, C] for the whole batch; any T >= 1 and C. Arrays and lists are cast to it;
        float16 and bfloat16 are computed, and returned, in float32.
      fragments: `Fragments` [B, H, W].
      eps: number >= 0; positions are clamped to [0, T - 1 - eps]. Kept in float32.
      barycentrics_gradient: whether the gradient reaches the barycentrics. N3MR's does not, because
        its vertices move by another gradient.
    Returns:
      [B, H, W, C] in the dtype of the barycentrics; 0 where no face is seen.
    Gradients:
      To `textures`, exact. To `fragments.barycentrics` if `barycentrics_gradient`, exact inside the
      clamp and between texel planes; else 0. No second derivatives.
    Raises:
      TypeError: a dtype is wrong.
      ValueError: a shape is wrong while tracing.
      tf.errors.InvalidArgumentError: a shape is wrong, a face id is out of range, or `eps` is
        negative.
    Source:
      Kato, Ushiku, Harada, "Neural 3D Mesh Renderer", CVPR 2018, and its published program.
    """
    barycentrics = to_float("face_texture", "fragments.barycentrics", fragments.barycentrics)
    like = ("fragments.barycentrics", barycentrics)
    return library().mesh_renderer_face_texture(
        textures=to_float("face_texture", "textures", textures, like=like),
        face_id=to_indices("face_texture", "fragments.face_id", fragments.face_id),
        barycentrics=barycentrics,
        eps=to_number("face_texture", "eps", eps),
        barycentrics_gradient=barycentrics_gradient,
    )


@tf.RegisterGradient("MeshRenderer>FaceTexture")
def _face_texture_gradient(op, grad_output):
    textures, face_id, barycentrics = op.inputs
    reaches_barycentrics = op.get_attr("barycentrics_gradient")
    grad_textures, grad_barycentrics = library().mesh_renderer_face_texture_grad(
        textures=textures,
        face_id=face_id,
        barycentrics=barycentrics,
        grad_output=grad_output,
        eps=op.get_attr("eps"),
        barycentrics_gradient=reaches_barycentrics,
    )
    return grad_textures, None, grad_barycentrics if reaches_barycentrics else None


tf.RegisterGradient("MeshRenderer>FaceTextureGrad")(refuse_second_derivatives)
