"""Rasterization: from vertices in clip space to the face seen by every pixel."""

import math

import tensorflow as tf

from tf_mesh_renderer.arguments import check_choice, to_indices, to_number
from tf_mesh_renderer.ops._arguments import to_float
from tf_mesh_renderer.ops._library import library
from tf_mesh_renderer.ops._second_derivatives import refuse_second_derivatives
from tf_mesh_renderer.ops.fragments import Fragments

CULL_MODES = ("back", "front", "none")
DEPTH_SOURCES = ("w", "z")


def rasterize(
    vertices_clip, faces, *, image_size, cull="back", near=0.0, far=math.inf, depth_from="w"
):
    """Finds the nearest face, its barycentrics and its depth at every pixel.

    The centre of pixel (row r, column c) lies at x = (2c + 1 - W) / W, y = (H - 2r - 1) / H of the
    normalized device coordinates. A face covers a pixel if the centre lies inside it or on its
    edge, as computed: rounding decides for a vertex or an edge right on a centre, unless its
    coordinates are multiples of small powers of two, which are computed exactly. The nearest face
    wins, equal depths go to the lowest row of `faces`. Faces that cross the camera plane are drawn
    exactly, without clipping. The result is the same for any number of threads.

    Args:
      vertices_clip: [B, V, 4] float32 or float64, clip space (x, y, z, w) before the divide: x
        right, y up. w is camera depth under perspective and 1 under orthographic projection.
        Finite, magnitudes up to 1e37 (float64: 1e100). Lists become float32; float16 and bfloat16
        are computed, and returned, in float32.
      faces: [F, 3] for the whole batch or [B, F, 3], integers in [0, V), counter-clockwise seen
        from the front. Rows of -1 are padding and never drawn. Not differentiable.
      image_size: (height, width) in pixels, 1 to 32768 each: two ints (the output shape is then
        static) or an integer tensor of shape [2].
      cull: which side of a face is not drawn: "back", "front" or "none".
      near: number; only near < depth < far is drawn. Kept in float32.
      far: number above `near`. Kept in float32.
      depth_from: "w" takes w as depth (perspective cameras); "z" takes
        near + (z / w + 1) / 2 * (far - near) (orthographic cameras; finite `near` and `far`).
    Returns:
      `Fragments` of shape [B, H, W], in the dtype of the vertices.
    Gradients:
      To all of x, y, z, w of `vertices_clip` through barycentrics and depth, exact with visibility
      held fixed. None through visibility itself: see `tf_mesh_renderer.gradients`. No second
      derivatives.
    Raises:
      TypeError: a dtype is wrong.
      ValueError: `cull` or `depth_from` is unknown, or a shape or the image size is
        wrong while tracing.
      tf.errors.InvalidArgumentError: a shape is wrong, a vertex is not finite, a face index is out
        of range, the image size or the depth range is illegal.
    Source:
      Olano & Greer, "Triangle Scan Conversion using 2D Homogeneous Coordinates", HWWS 1997.
    """
    raw = raw_arguments(
        "rasterize",
        vertices_clip,
        faces,
        image_size=image_size,
        cull=cull,
        near=near,
        far=far,
        depth_from=depth_from,
    )
    return Fragments(*library().mesh_renderer_rasterize(**raw))


def raw_arguments(
    function,
    vertices_clip,
    faces,
    *,
    image_size,
    cull="back",
    near=0.0,
    far=math.inf,
    depth_from="w",
):
    """Arguments of the raw ops that draw hard-edged faces, from what a user passes.

    Args:
      function: name of the calling function, for errors.
      vertices_clip, faces, image_size, cull, near, far, depth_from: as those of `rasterize`.
    Returns:
      A dict by the names of the raw op.
    Raises:
      TypeError, ValueError: as `rasterize`.
    """
    check_choice(function, "cull", value=cull, choices=CULL_MODES)
    check_choice(function, "depth_from", value=depth_from, choices=DEPTH_SOURCES)
    return {
        "vertices_clip": to_float(function, "vertices_clip", vertices_clip),
        "faces": to_indices(function, "faces", faces),
        "image_size": to_indices(function, "image_size", image_size),
        "cull": cull,
        "near": to_number(function, "near", near),
        "far": to_number(function, "far", far),
        "depth_from": depth_from,
    }


@tf.RegisterGradient("MeshRenderer>Rasterize")
def _rasterize_gradient(op, _, grad_barycentrics, grad_depth):
    face_id, barycentrics, _ = op.outputs
    gradient = gradient_of_fragments(
        op,
        face_id=face_id,
        barycentrics=barycentrics,
        grad_barycentrics=grad_barycentrics,
        grad_depth=grad_depth,
    )
    return gradient, None, None


def gradient_of_fragments(op, **fragments):
    """Gradient to the vertices through one [B, H, W] set of fragments that an op returned.

    Args:
      op: `MeshRenderer>Rasterize`, or an op with the same inputs and attributes.
      **fragments: face_id, barycentrics, grad_barycentrics and grad_depth.
    Returns:
      [B, V, 4] in the dtype of the vertices.
    """
    vertices_clip, faces, _ = op.inputs
    settings = {name: op.get_attr(name) for name in ("near", "far", "depth_from")}
    return library().mesh_renderer_rasterize_grad(
        vertices_clip=vertices_clip, faces=faces, **fragments, **settings
    )


tf.RegisterGradient("MeshRenderer>RasterizeGrad")(refuse_second_derivatives)
