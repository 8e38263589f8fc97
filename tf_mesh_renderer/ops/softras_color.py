"""SoftRas' image: the colours of all faces that blur over a pixel, mixed by depth."""

import dataclasses

import tensorflow as tf

from tf_mesh_renderer.arguments import to_indices
from tf_mesh_renderer.ops._arguments import to_float
from tf_mesh_renderer.ops._library import library
from tf_mesh_renderer.ops._second_derivatives import refuse_second_derivatives
from tf_mesh_renderer.ops.softras_settings import DEFAULT_SETTINGS, SoftrasSettings, op_attributes

_ATTRIBUTES = tuple(field.name for field in dataclasses.fields(SoftrasSettings))


def softras_color(
    vertices_clip, faces, colors, background, *, image_size, settings=DEFAULT_SETTINGS
):
    """Colour and alpha of SoftRas, in one pass over the faces.

    Face j covers a pixel to the part D_j, as in `softras_silhouette`, and shows it its colour C_j
    at the nearness n_j = (far - depth_j) / (far - near). With `aggregate_rgb` = "softmax" colours
    mix with the weights D_j exp(n_j / gamma); the background takes part with the weight
    exp(2 eps / gamma). Pixels beside a face see its colour and depth at the barycentrics clipped to
    [0, 1] and divided by their sum. Memory beyond the outputs is proportional to faces plus rows of
    32 pixels, backward to faces plus pixels.

    Args:
      vertices_clip: [B, V, 4] floats, clip space (x, y, z, w). A face with a corner that is not in
        front of the camera (w <= 0), or beyond 1e4 NDC (float64: 1e6), takes no part.
      faces: [F, 3] or [B, F, 3] integers in [0, V); rows of -1 are padding. Not differentiable.
      colors: floats in the dtype of the vertices, any C: [B, V, C] colours of the vertices, or
        [B, F, R R, C] of the faces (or [1, F, R R, C] for the whole batch): R x R cells of equal
        colour. The face is cut along its edges from corner 2, of length 1: the point at b0 towards
        corner 0 and b1 towards corner 1 has the cell (trunc(b1 R), trunc(b0 R)), row-major; the
        upper half of a cell, beyond its diagonal, is cell (R - 1 - row, R - 1 - column).
      background: [B, C] floats in the dtype of the vertices.
      image_size: (height, width) in pixels, 1 to 32768 each: two ints (the output shape is then
        static) or an integer tensor of shape [2].
      settings: `SoftrasSettings`.
    Returns:
      [B, H, W, C + 1] in the dtype of the vertices: C colours, already mixed with the background,
      and alpha. (The raw op `MeshRenderer>SoftrasColor` returns what the gradient needs, too.)
    Gradients:
      To `vertices_clip`, `colors` and `background`: the exact derivative of the image, what is left
      out being constant, or the released program's: see `SoftrasSettings.original_gradient`. Faces
      without an area (determinant below 1e-10 NDC^2) get none through their barycentrics. No second
      derivatives.
    Raises:
      TypeError: a dtype is wrong.
      ValueError: a shape or the image size is wrong while tracing.
      tf.errors.InvalidArgumentError: a shape is wrong, a vertex is not finite, a face index is out
        of range, the image size or a number of the settings is illegal.
    Source:
      Liu, Li, Chen, Li, "Soft Rasterizer: A Differentiable Renderer for Image-based 3D Reasoning",
      ICCV 2019, equations 1 to 4, and its released program.
    """
    vertices_clip = to_float("softras_color", "vertices_clip", vertices_clip)
    like = ("vertices_clip", vertices_clip)
    return library().mesh_renderer_softras_color(
        vertices_clip=vertices_clip,
        faces=to_indices("softras_color", "faces", faces),
        colors=to_float("softras_color", "colors", colors, like=like),
        background=to_float("softras_color", "background", background, like=like),
        image_size=to_indices("softras_color", "image_size", image_size),
        **op_attributes("softras_color", settings, _ATTRIBUTES),
    )[0]


@tf.RegisterGradient("MeshRenderer>SoftrasColor")
def _softras_color_gradient(op, grad_image, grad_aggregates):
    del grad_aggregates  # not part of the public result
    vertices_clip, faces, colors, _, _ = op.inputs
    image, aggregates = op.outputs
    grad_vertices_clip, grad_colors, grad_background = library().mesh_renderer_softras_color_grad(
        vertices_clip=vertices_clip,
        faces=faces,
        colors=colors,
        image=image,
        aggregates=aggregates,
        grad_image=grad_image,
        **{name: op.get_attr(name) for name in _ATTRIBUTES},
    )
    return grad_vertices_clip, None, grad_colors, grad_background, None


tf.RegisterGradient("MeshRenderer>SoftrasColorGrad")(refuse_second_derivatives)
