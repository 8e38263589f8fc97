"""N3MR's approximate gradient of an image with respect to the vertices, as an identity op."""

import tensorflow as tf

from tf_mesh_renderer.arguments import to_indices, to_number
from tf_mesh_renderer.ops._arguments import to_float
from tf_mesh_renderer.ops._library import library
from tf_mesh_renderer.ops._second_derivatives import refuse_second_derivatives

_VERTICES_CLIP_INPUT = 1


def n3mr(image, vertices_clip, faces, face_id, *, eps=1e-3):
    """Returns the image unchanged and lets its gradient move the vertices.

    The backward pass sweeps every row and column: where moving an edge of a face would change
    pixels so that the loss falls, the edge's vertices get a gradient. It works on the finished
    image, with whatever textures, lights and shading made it, and passes the image's gradient on.

    Args:
      image: [B, H, W, C] floats, any C; colour over background and alpha at the size rasterized
        (before a reduction for anti-aliasing). Arrays and lists are cast to the dtype of the
        vertices; float16 and bfloat16 are returned in float32.
      vertices_clip: [B, V, 4] floats, the vertices that were rasterized.
      faces: [F, 3] or [B, F, 3] integers, the faces that were rasterized. Not differentiable.
      face_id: [B, H, W] int32, `Fragments.face_id`. Not differentiable.
      eps: number > 0, added to the distance that a vertex must move, in normalized device
        coordinates; bounds the gradient. Kept in float32.
    Returns:
      The image.
    Gradients:
      To `image`: the upstream gradient unchanged. To `vertices_clip`: the approximate gradient of
      section 3 of the paper, through x and y on screen; it is no derivative and there is none to z.
      No second derivatives.
    Raises:
      TypeError: a dtype is wrong.
      ValueError: a shape is wrong while tracing.
      tf.errors.InvalidArgumentError: a shape is wrong, a vertex is not finite, a face index or face
        id is out of range, or `eps` is not positive.
    Source:
      Kato, Ushiku, Harada, "Neural 3D Mesh Renderer", CVPR 2018, section 3.
    """
    vertices_clip = to_float("n3mr", "vertices_clip", vertices_clip)
    return library().mesh_renderer_n3mr(
        image=to_float("n3mr", "image", image, like=("vertices_clip", vertices_clip)),
        vertices_clip=vertices_clip,
        faces=to_indices("n3mr", "faces", faces),
        face_id=to_indices("n3mr", "face_id", face_id),
        eps=to_number("n3mr", "eps", eps),
    )


@tf.RegisterGradient("MeshRenderer>N3mr")
def _n3mr_gradient(op, grad_image):
    # Fixed vertices, as when a texture is fitted, save the sweep: eager mode tells so. In a graph
    # an unused sweep is pruned.
    if _VERTICES_CLIP_INPUT in (getattr(op, "skip_input_indices", None) or ()):
        return grad_image, None, None, None
    image, vertices_clip, faces, face_id = op.inputs
    grad_vertices_clip = library().mesh_renderer_n3mr_grad(
        image=image,
        vertices_clip=vertices_clip,
        faces=faces,
        face_id=face_id,
        grad_image=grad_image,
        eps=op.get_attr("eps"),
    )
    return grad_image, grad_vertices_clip, None, None


tf.RegisterGradient("MeshRenderer>N3mrGrad")(refuse_second_derivatives)
