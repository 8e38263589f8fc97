"""Rasterization in layers: not only the nearest face of every pixel, but those behind it too."""

import math
from typing import NamedTuple

import tensorflow as tf

from tf_mesh_renderer.arguments import check_choice, to_count
from tf_mesh_renderer.ops._library import library
from tf_mesh_renderer.ops.fragments import Fragments
from tf_mesh_renderer.ops.rasterize import gradient_of_fragments, raw_arguments

OVERFLOW_MODES = ("error", "truncate")


class LayeredFragments(NamedTuple):
    """What is seen at every pixel, and what would be seen if that were taken away.

    Attributes:
      layers: tuple of K `Fragments` [B, H, W], nearest first. The first is what `rasterize`
        returns. A pixel that is empty in one layer is empty in all that follow.
      count: [B, H, W] int32, how many fragments the pixel has, whether a layer holds them or not.
    """

    layers: tuple[Fragments, ...]
    count: tf.Tensor


def rasterize_layers(
    vertices_clip,
    faces,
    *,
    image_size,
    num_layers,
    on_overflow="error",
    cull="back",
    near=0.0,
    far=math.inf,
    depth_from="w",
):
    """Finds the `num_layers` nearest faces, their barycentrics and depths at every pixel.

    Layer k holds, at every pixel, the fragment that k others cover: layers are sorted from near to
    far, equal depths by the row of `faces`, so that two copies of a face are two layers. Which
    faces cover a pixel is decided as in `rasterize`, and the first layer is its result bit for bit.
    Faces are drawn once, whatever the number of layers, and layers that no face reaches cost no
    more than writing them. The result is the same for any number of threads.

    Args:
      vertices_clip: [B, V, 4] float32 or float64, as for `rasterize`.
      faces: [F, 3] or [B, F, 3] integers in [0, V), as for `rasterize`. Not differentiable.
      image_size: (height, width) in pixels, as for `rasterize`.
      num_layers: K, an int from 1 to 1024, known when the graph is built.
      on_overflow: what happens if more than `num_layers` faces overlap in some pixel: "error", or
        "truncate", which drops the farthest. `count` tells where that was.
      cull: "back", "front" or "none", as for `rasterize`.
      near: number, as for `rasterize`.
      far: number above `near`, as for `rasterize`.
      depth_from: "w" or "z", as for `rasterize`.
    Returns:
      `LayeredFragments`: K `Fragments` of shape [B, H, W], in the dtype of the vertices, and the
      number of fragments of each pixel.
    Gradients:
      To all of x, y, z, w of `vertices_clip` through barycentrics and depth of all layers, exact
      with visibility held fixed. None through visibility itself or `count`. No second derivatives.
    Raises:
      TypeError: a dtype is wrong, or `num_layers` is no int.
      ValueError: `on_overflow`, `cull` or `depth_from` is unknown, or a shape or the image size is
        wrong while tracing.
      tf.errors.InvalidArgumentError: more faces overlap than `num_layers` (the message says how
        many), or an argument is illegal as for `rasterize`.
    Source:
      The result is that of depth peeling: Everitt, "Interactive Order-Independent Transparency",
      NVIDIA 2001.
    """
    check_choice("rasterize_layers", "on_overflow", value=on_overflow, choices=OVERFLOW_MODES)
    raw = raw_arguments(
        "rasterize_layers",
        vertices_clip,
        faces,
        image_size=image_size,
        cull=cull,
        near=near,
        far=far,
        depth_from=depth_from,
    )
    num_layers = to_count("rasterize_layers", "num_layers", num_layers)
    *fields, count = library().mesh_renderer_rasterize_layers(
        **raw, num_layers=num_layers, on_overflow=on_overflow
    )
    return LayeredFragments(tuple(map(Fragments, *_by_layer(fields, num_layers))), count)


def _by_layer(tensors, num_layers):
    """For each tensor [K, ...] its K parts."""
    return [tf.unstack(tensor, num_layers) for tensor in tensors]


@tf.RegisterGradient("MeshRenderer>RasterizeLayers")
def _rasterize_layers_gradient(op, _, grad_barycentrics, grad_depth, __):
    face_id, barycentrics, _, _ = op.outputs
    layers = _by_layer(
        [face_id, barycentrics, grad_barycentrics, grad_depth], op.get_attr("num_layers")
    )
    names = ("face_id", "barycentrics", "grad_barycentrics", "grad_depth")
    gradients = [
        gradient_of_fragments(op, **dict(zip(names, layer, strict=True)))
        for layer in zip(*layers, strict=True)
    ]
    return tf.add_n(gradients), None, None
