"""Kind `dibr`: DIB-R's rasterization, soft mask and their gradients, as in kaolin's kernels."""

import numpy as np
import tensorflow as tf

from tf_mesh_renderer import ops
from tools.golden_runner import compare, dibr_case, knife_edges, screen

FACE_MAP = "face_idx"


def _clip(corners, depth):
    """Vertices [B, 3 F, 4] with w = 1 of corners [B, F, 3, 2] on the image."""
    x, y = tf.unstack(tf.reshape(corners, [corners.shape[0], -1, 2]), axis=-1)
    return tf.stack([x, y, depth, tf.ones_like(x)], axis=-1)


def with_area_eps(fragments, corners, eps):
    """Fragments of the same values whose gradient is the kernels'.

    With k_1 and k_2 the areas that the pixel spans with the corners of a face and A that of the
    face, the kernels differentiate k_1 / (A + eps), eps with the sign of A, instead of k_1 / A.

    Args:
      fragments: `Fragments` [B, H, W] with barycentrics linear on the image.
      corners: [B, F, 3, 2], y up.
      eps: number.
    Returns:
      `Fragments`.
    """
    first, second = corners[:, :, 1] - corners[:, :, 0], corners[:, :, 2] - corners[:, :, 0]
    area = first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]  # [B, F]
    area = tf.gather(area, tf.maximum(fragments.face_id, 0), batch_dims=1)  # [B, H, W]
    shrink = area / (area + eps * tf.sign(area))
    shrunk = fragments.barycentrics[..., 1:] * shrink[..., None]
    moved = tf.concat([1.0 - tf.reduce_sum(shrunk, -1, keepdims=True), shrunk], axis=-1)
    moved = tf.where(fragments.face_id[..., None] >= 0, moved, fragments.barycentrics)
    values = moved + tf.stop_gradient(fragments.barycentrics - moved)
    return fragments._replace(barycentrics=values)


def _interpolated(case, features, fragments, faces):
    attributes = tf.reshape(features, [features.shape[0], -1, features.shape[-1]])
    return ops.interpolate(attributes, faces, fragments)


def _mask(case, clip, face_id):
    return ops.dibr_mask(
        clip,
        tf.constant(screen.separate_faces(case["face_vertices_z"].shape[1])),
        face_id,
        sigma_inv=case.number("sigmainv"),
        box_length=case.number("boxlen"),
        k_faces=case.number("knum"),
        eps=dibr_case.MISS_EPS,
    )


def _uncertain(case, size):
    """Pixels left out of the integer map, where the original kernels disagree with themselves."""
    if not knife_edges.disagreements(case, FACE_MAP):
        return {}
    corners = np.asarray(case["face_vertices_image"], np.float64)
    corners = np.concatenate([corners, np.ones_like(corners[..., :1])], axis=-1)
    return {FACE_MAP: screen.flip_rows(knife_edges.knife_edges(corners, size))}


def evaluate(case, dtype):
    """Draws and differentiates one case with the public ops.

    Args:
      case: `Case` of kind dibr.
      dtype: tf.float32 or tf.float64.
    Returns:
      List of `Check`.
    """
    size = (case.number("height"), case.number("width"))
    corners = tf.constant(case["face_vertices_image"], dtype)
    features = tf.constant(case["face_features"], dtype)
    depth = tf.constant(dibr_case.clip_depth(case["face_vertices_z"]), dtype)
    faces = tf.constant(dibr_case.faces_to_draw(case))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([corners, features])
        clip = _clip(corners, depth)
        fragments = ops.rasterize(
            clip, faces, image_size=size, cull="none", **dibr_case.DEPTH_RANGE
        )
        blended = with_area_eps(fragments, corners, case.number("eps"))
        image = _interpolated(case, features, blended, faces)
        mask = _mask(case, clip, fragments.face_id)
        upstream = tf.constant(case["grad_interpolated_features"], dtype)
        image_loss = tf.reduce_sum(image * upstream)
        mask_loss = tf.reduce_sum(mask * tf.constant(case["grad_soft_mask"], dtype))
    to_corners, to_features = tape.gradient(image_loss, [corners, features])
    outputs = {
        FACE_MAP: fragments.face_id,
        "output_weights": fragments.barycentrics,
        "interpolated_features": image,
        "soft_mask": mask,
        "grad_face_vertices_image_rast": to_corners,
        "grad_face_vertices_image_mask": tape.gradient(mask_loss, corners),
        "grad_face_features": to_features,
    }
    arrays = {name: tensor.numpy() for name, tensor in outputs.items()}
    return compare.check_arrays(case, arrays, uncertain=_uncertain(case, size))
