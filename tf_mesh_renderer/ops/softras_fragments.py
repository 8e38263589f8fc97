"""SoftRas' fragments: the nearest faces that blur over each pixel, for shading of any kind."""

from typing import NamedTuple

import tensorflow as tf

from tf_mesh_renderer.arguments import check_choice, to_count, to_indices
from tf_mesh_renderer.ops._arguments import to_float
from tf_mesh_renderer.ops._library import library
from tf_mesh_renderer.ops._second_derivatives import refuse_second_derivatives
from tf_mesh_renderer.ops.rasterize_layers import OVERFLOW_MODES
from tf_mesh_renderer.ops.softras_settings import DEFAULT_SETTINGS, op_attributes

_ATTRIBUTES = (
    "sigma",
    "dist_eps",
    "distance",
    "near",
    "far",
    "depth_from",
    "cull",
    "perspective_correct",
)


class SoftFragments(NamedTuple):
    """The K nearest faces in reach of every pixel, nearest first; row 0 is the top of the image.

    Attributes:
      face_id: [B, H, W, K] int32 row of `faces`; -1 where there is no further face.
      barycentrics: [B, H, W, K, 3] floats in [0, 1], weights of the face's vertices; they sum to 1.
        Beside a face they are clipped. 0 where there is no face.
      depth: [B, H, W, K] floats, camera depth, larger is farther; 0 where there is no face.
      coverage: [B, H, W, K] floats in [0, 1], the part D to which the face covers the pixel; 0
        where there is no face.
      count: [B, H, W] int32, how many faces are in reach, kept or not.
    """

    face_id: tf.Tensor
    barycentrics: tf.Tensor
    depth: tf.Tensor
    coverage: tf.Tensor
    count: tf.Tensor


def softras_fragments(
    vertices_clip,
    faces,
    *,
    image_size,
    num_fragments,
    on_overflow="truncate",
    settings=DEFAULT_SETTINGS,
):
    """The `num_fragments` nearest faces of those that give colour to a pixel in `softras_color`.

    That is: those that cover it to `dist_eps` at least, within `near` and `far`, and not culled.
    Equal depths go to the lowest row of `faces` first. `count` tells where there were more. From
    the result any shading can be computed per fragment and then be mixed as in `softras_color`.

    Args:
      vertices_clip: [B, V, 4] floats, clip space (x, y, z, w). A face with a corner that is not in
        front of the camera (w <= 0), or beyond 1e4 NDC (float64: 1e6), takes no part.
      faces: [F, 3] or [B, F, 3] integers in [0, V); rows of -1 are padding. Not differentiable.
      image_size: (height, width) in pixels, 1 to 32768 each: two ints (the output shape is then
        static) or an integer tensor of shape [2].
      num_fragments: K, an int from 1 to 1024.
      on_overflow: what happens where more than `num_fragments` faces are in reach: "error", or
        "truncate", which drops the farthest. `count` tells where that was.
      settings: `SoftrasSettings`; what concerns the aggregation, and `original_gradient`, are not
        used here.
    Returns:
      `SoftFragments` in the dtype of the vertices.
    Gradients:
      To `vertices_clip` through barycentrics, depth and coverage, exact with the choice of the
      faces held fixed. Faces without an area (determinant below 1e-10 NDC^2) get none through their
      barycentrics. No second derivatives.
    Raises:
      TypeError: a dtype is wrong, or `num_fragments` is no int.
      ValueError: `on_overflow` is unknown, or a shape or the image size is wrong while tracing.
      tf.errors.InvalidArgumentError: a shape is wrong, a vertex is not finite, a face index is out
        of range, the image size, `num_fragments` or a number of the settings is illegal, or more
        faces reach a pixel than `num_fragments` (the message says how many).
    Source:
      Liu, Li, Chen, Li, "Soft Rasterizer: A Differentiable Renderer for Image-based 3D Reasoning",
      ICCV 2019, equation 1.
    """
    check_choice("softras_fragments", "on_overflow", value=on_overflow, choices=OVERFLOW_MODES)
    fragments = library().mesh_renderer_softras_fragments(
        vertices_clip=to_float("softras_fragments", "vertices_clip", vertices_clip),
        faces=to_indices("softras_fragments", "faces", faces),
        image_size=to_indices("softras_fragments", "image_size", image_size),
        num_fragments=to_count("softras_fragments", "num_fragments", num_fragments),
        on_overflow=on_overflow,
        **op_attributes("softras_fragments", settings, _ATTRIBUTES),
    )
    return SoftFragments(*fragments)


@tf.RegisterGradient("MeshRenderer>SoftrasFragments")
def _softras_fragments_gradient(op, _, grad_barycentrics, grad_depth, grad_coverage, __):
    vertices_clip, faces, _ = op.inputs
    grad_vertices_clip = library().mesh_renderer_softras_fragments_grad(
        vertices_clip=vertices_clip,
        faces=faces,
        face_id=op.outputs[0],
        grad_barycentrics=grad_barycentrics,
        grad_depth=grad_depth,
        grad_coverage=grad_coverage,
        **{name: op.get_attr(name) for name in _ATTRIBUTES},
    )
    return grad_vertices_clip, None, None


tf.RegisterGradient("MeshRenderer>SoftrasFragmentsGrad")(refuse_second_derivatives)
