"""SoftRas' silhouette: how much of every pixel the faces cover, blurred."""

import tensorflow as tf

from tf_mesh_renderer.arguments import check_choice, to_indices, to_number
from tf_mesh_renderer.ops._arguments import to_float
from tf_mesh_renderer.ops._library import library
from tf_mesh_renderer.ops._second_derivatives import refuse_second_derivatives
from tf_mesh_renderer.ops.softras_settings import ALPHA_AGGREGATIONS, DISTANCES

_ATTRIBUTES = ("sigma", "dist_eps", "distance", "aggregate")


def softras_silhouette(
    vertices_clip,
    faces,
    *,
    image_size,
    sigma=1e-5,
    dist_eps=1e-4,
    distance="euclidean",
    aggregate="product",
):
    """Alpha of SoftRas: every face covers the pixels around it, more or less.

    A face j whose boundary on the image lies at the distance d_j (NDC) from a pixel centre covers
    it to the part D_j = 1 / (1 + exp(d_j^2 / sigma)) from outside, 1 - that from inside. On the
    boundary it is 1/2. With `aggregate` = "product", alpha is 1 - prod_j (1 - D_j). Memory
    beyond the output is proportional to faces plus rows of 32 pixels.

    Args:
      vertices_clip: [B, V, 4] floats, clip space (x, y, z, w). A face with a corner that is not in
        front of the camera (w <= 0), or beyond 1e4 NDC (float64: 1e6), takes no part. z is not
        used.
      faces: [F, 3] or [B, F, 3] integers in [0, V); rows of -1 are padding. All count, whichever
        way they face. Not differentiable.
      image_size: (height, width) in pixels, 1 to 32768 each: two ints (the output shape is then
        static) or an integer tensor of shape [2].
      sigma: number > 0, squared NDC: how far a face blurs. Kept in float32.
      dist_eps: number in (0, 0.5]: where D_j is less the face is left out. Kept in float32.
      distance: "euclidean", as above; "barycentric": D_j from the square of the lowest barycentric
        in place of d_j^2; "hard": 1 on the face, 0 elsewhere, without a gradient.
      aggregate: "product", as above; "sum": sum_j D_j over the number of faces (rows of -1 are
        none); "hard": 1 where some D_j > 0.5, without a gradient.
    Returns:
      [B, H, W] in [0, 1], dtype of `vertices_clip`.
    Gradients:
      Exact to `vertices_clip` (x, y and w; none to z), what is left out being constant. Faces
      without an area (determinant below 1e-10 NDC^2) get none through their barycentrics. No second
      derivatives.
    Raises:
      TypeError: a dtype is wrong.
      ValueError: a choice is unknown, or a shape or the image size is wrong while tracing.
      tf.errors.InvalidArgumentError: a shape is wrong, a vertex is not finite, a face index is out
        of range, the image size or a number is illegal.
    Source:
      Liu, Li, Chen, Li, "Soft Rasterizer: A Differentiable Renderer for Image-based 3D Reasoning",
      ICCV 2019, equations 1 and 4.
    """
    check_choice("softras_silhouette", "distance", value=distance, choices=DISTANCES)
    check_choice("softras_silhouette", "aggregate", value=aggregate, choices=ALPHA_AGGREGATIONS)
    return library().mesh_renderer_softras_silhouette(
        vertices_clip=to_float("softras_silhouette", "vertices_clip", vertices_clip),
        faces=to_indices("softras_silhouette", "faces", faces),
        image_size=to_indices("softras_silhouette", "image_size", image_size),
        sigma=to_number("softras_silhouette", "sigma", sigma),
        dist_eps=to_number("softras_silhouette", "dist_eps", dist_eps),
        distance=distance,
        aggregate=aggregate,
    )


@tf.RegisterGradient("MeshRenderer>SoftrasSilhouette")
def _softras_silhouette_gradient(op, grad_alpha):
    vertices_clip, faces, _ = op.inputs
    grad_vertices_clip = library().mesh_renderer_softras_silhouette_grad(
        vertices_clip=vertices_clip,
        faces=faces,
        alpha=op.outputs[0],
        grad_alpha=grad_alpha,
        **{name: op.get_attr(name) for name in _ATTRIBUTES},
    )
    return grad_vertices_clip, None, None


tf.RegisterGradient("MeshRenderer>SoftrasSilhouetteGrad")(refuse_second_derivatives)
