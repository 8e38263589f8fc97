"""Kind `tfmr`: Google's tf_mesh_renderer, two-sided rasterization in clip space."""

import numpy as np
import tensorflow as tf

from tf_mesh_renderer import ops
from tools.golden_runner import compare, knife_edges, screen

FACE_MAP = "triangle_ids"
# Depth range in which the library's depth is z / w.
NDC_RANGE = {"near": -1.0, "far": 1.0, "depth_from": "z"}


def _rasterize(case, vertices):
    """Fragments of the reversed face list: the original lets the later of two equals win."""
    shrink = tf.constant([1.0, 1.0, screen.INCLUSIVE_SHRINK, 1.0], vertices.dtype)
    faces = tf.constant(case["triangles"][::-1])
    size = (case.number("height"), case.number("width"))
    return ops.rasterize(vertices * shrink, faces, image_size=size, cull="none", **NDC_RANGE)


def _maps(case, fragments):
    """Rows from the bottom; an empty pixel shows triangle 0 at z = 1."""
    face_id = screen.reverse_ids(fragments.face_id.numpy(), len(case["triangles"]))
    z = fragments.depth.numpy() / screen.INCLUSIVE_SHRINK
    return {
        "barycentrics": screen.flip_rows(fragments.barycentrics.numpy()),
        FACE_MAP: screen.flip_rows(np.maximum(face_id, 0)),
        "z_buffer": screen.flip_rows(np.where(face_id >= 0, z, 1.0)),
    }


def _uncertain(case):
    """Pixels left out of the integer map, where the original kernels disagree with themselves."""
    if not knife_edges.disagreements(case, FACE_MAP):
        return {}
    corners = np.asarray(case["vertices"])[:, case["triangles"]][..., [0, 1, 3]]  # [B, F, 3, 3]
    size = (case.number("height"), case.number("width"))
    return {FACE_MAP: knife_edges.knife_edges(corners, size)}


def evaluate(case, dtype):
    """Draws and differentiates one case with the public op.

    Args:
      case: `Case` of kind tfmr.
      dtype: tf.float32 or tf.float64.
    Returns:
      List of `Check`.
    """
    vertices = tf.constant(case["vertices"], dtype)
    upstream = tf.reverse(tf.constant(case["grad_barycentrics"], dtype), [1])
    with tf.GradientTape() as tape:
        tape.watch(vertices)
        fragments = _rasterize(case, vertices)
        loss = tf.reduce_sum(fragments.barycentrics * upstream)
    outputs = _maps(case, fragments)
    outputs["grad_vertices"] = tape.gradient(loss, vertices).numpy()
    return compare.check_arrays(case, outputs, uncertain=_uncertain(case))
