"""DIB-R's soft silhouette: the probability that a pixel near the mesh belongs to it."""

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, check_choice, to_count, to_indices, to_number
from tf_mesh_renderer.ops._arguments import to_float
from tf_mesh_renderer.ops._library import library
from tf_mesh_renderer.ops._second_derivatives import refuse_second_derivatives

FALLOFFS = ("squared", "linear")
_ATTRIBUTES = ("sigma_inv", "box_length", "k_faces", "falloff", "eps")


def dibr_mask(
    vertices_clip,
    faces,
    face_id,
    *,
    sigma_inv=7000.0,
    box_length=0.02,
    k_faces=None,
    falloff="squared",
    eps=0.0,
):
    """Returns 1 where a face is seen, elsewhere the probability that some face reaches the pixel.

    A face j at the distance d_j of a pixel centre (to the boundary of its triangle on the image, in
    NDC) holds it with probability A_j = exp(-sigma_inv d_j^2); the mask is 1 - prod_j (1 - A_j).
    For example, a pixel of a 64 x 64 image lies 2 / 64 NDC from its neighbour: at half a pixel from
    one face, A = exp(-7000 / 64^2) = 0.18.

    Args:
      vertices_clip: [B, V, 4] floats, the vertices that were rasterized. A face with a corner that
        is not in front of the camera (w <= 0), or beyond 1e4 NDC (float64: 1e6), takes no part.
      faces: [F, 3] or [B, F, 3] integers, -1 rows are padding. All count, whichever way they face
        and whatever hides them. Not differentiable.
      face_id: [B, H, W] int32, `Fragments.face_id`. Not differentiable.
      sigma_inv: number >= 0, the decay 1 / delta; the paper's range is 1 / 3e-4 to 1 / 3e-5.
        Kept in float32.
      box_length: number >= 0, NDC by which the bounding box of a face is enlarged on each side; a
        face counts for the pixels in its box. At exp(-sigma_inv box_length^2) the probability is
        cut off: 0.06 with the defaults, which are the released code's. Kept in float32.
      k_faces: None: all faces count. A positive integer: of the faces whose box holds a pixel only
        the first so many in index order, the released code's limit (30 there).
      falloff: "squared": exp(-sigma_inv d^2), as in the released code; "linear": exp(-sigma_inv d),
        as printed in the paper.
      eps: number >= 0, added to 1 - A_j where the gradient divides by it. 0 is exact; the released
        code has 1e-7. Kept in float32.
    Returns:
      [B, H, W] in [0, 1], dtype of `vertices_clip`.
    Gradients:
      Exact to `vertices_clip` (x, y and w) from pixels without a face, none from the others; what
      the boxes cut off counts as constant. No second derivatives.
    Raises:
      TypeError: a dtype is wrong, or `k_faces` is no int.
      ValueError: a shape is wrong while tracing, `falloff` is unknown, or `k_faces` is less than 1.
      tf.errors.InvalidArgumentError: a shape is wrong, a vertex is not finite, a face index or face
        id is out of range, or a number is negative.
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer", NeurIPS 2019, equations 5 and 6.
    """
    check_choice("dibr_mask", "falloff", value=falloff, choices=FALLOFFS)
    return library().mesh_renderer_dibr_mask(
        vertices_clip=to_float("dibr_mask", "vertices_clip", vertices_clip),
        faces=to_indices("dibr_mask", "faces", faces),
        face_id=to_indices("dibr_mask", "face_id", face_id),
        sigma_inv=to_number("dibr_mask", "sigma_inv", sigma_inv),
        box_length=to_number("dibr_mask", "box_length", box_length),
        k_faces=limit_of_faces("dibr_mask", k_faces),
        falloff=falloff,
        eps=to_number("dibr_mask", "eps", eps),
    )[0]


def limit_of_faces(function, k_faces):
    """The attribute `k_faces` of the raw op: 0 counts all faces.

    Args:
      function: calling function or class, for errors.
      k_faces: as in `dibr_mask`.
    Raises:
      TypeError: it is no int.
      ValueError: it is out of range.
    """
    if k_faces is None:
        return 0
    count = to_count(function, "k_faces", k_faces)
    if not 1 <= count <= tf.int32.max:
        raise argument_error(
            function,
            "k_faces",
            expected="None or an integer >= 1 that int32 can hold",
            received=count,
            hint="None counts all faces",
        )
    return count


@tf.RegisterGradient("MeshRenderer>DibrMask")
def _dibr_mask_gradient(op, grad_mask, grad_last_face):
    del grad_last_face  # face indices have none
    vertices_clip, faces, face_id = op.inputs
    mask, last_face = op.outputs
    grad_vertices_clip = library().mesh_renderer_dibr_mask_grad(
        vertices_clip=vertices_clip,
        faces=faces,
        face_id=face_id,
        mask=mask,
        last_face=last_face,
        grad_mask=grad_mask,
        **{name: op.get_attr(name) for name in _ATTRIBUTES},
    )
    return grad_vertices_clip, None, None


tf.RegisterGradient("MeshRenderer>DibrMaskGrad")(refuse_second_derivatives)
