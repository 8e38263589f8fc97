"""Kind `n3mr`: maps and gradients of the Neural 3D Mesh Renderer's kernels, one call each."""

import dataclasses

import numpy as np
import tensorflow as tf

from tf_mesh_renderer import ops
from tools.golden_runner import compare, knife_edges, screen

FACE_MAP = "face_index_map"


@dataclasses.dataclass(frozen=True)
class _Pictures:
    """What one call draws, rows from the top: the library's fragments and the enabled outputs."""

    fragments: object
    outputs: dict
    loss: tf.Tensor


def clip_from_screen(faces):
    """Clip-space vertices [B, 3 F, 4] of N3MR's faces [B, F, 3, (x, y, z)]; z is camera depth."""
    x, y, z = tf.unstack(faces, axis=-1)
    clip = tf.stack([x * z, y * z, z, z], axis=-1)  # [B, F, 3, 4]
    return tf.reshape(clip, [faces.shape[0], -1, 4])


def _tensor(case, name, dtype):
    return tf.constant(case[name], dtype)


def _upstream(case, name, dtype):
    """Gradient that the file prescribes for an output, rows from the top."""
    return tf.reverse(_tensor(case, name, dtype), [1])


def _rgb(case, textures, fragments):
    background = tf.constant(case["background_color"], textures.dtype)  # [3] or [B, 3]
    background = tf.reshape(background, [-1, 1, 1, 3])
    colors = ops.face_texture(textures, fragments, eps=case.number("eps"))
    return tf.where(fragments.face_id[..., None] >= 0, colors, background)


def _channels(case, textures, fragments):
    """The enabled ones of rgb [B, S, S, 3] and alpha [B, S, S, 1], by name."""
    channels = {}
    if case.flag("return_rgb"):
        channels["rgb"] = _rgb(case, textures, fragments)
    if case.flag("return_alpha"):
        channels["alpha"] = tf.cast(fragments.face_id[..., None] >= 0, fragments.depth.dtype)
    return channels


def _image_loss(case, channels, clip, indices, face_id):
    """sum(upstream * channel), with N3MR's gradient to the vertices."""
    if not channels:
        return tf.zeros([], clip.dtype)
    image = tf.concat(list(channels.values()), axis=-1)
    image = ops.n3mr(image, clip, indices, face_id, eps=case.number("eps"))
    upstream = [
        tf.reshape(_upstream(case, f"grad_{name}", clip.dtype), tf.shape(channel))
        for name, channel in channels.items()
    ]
    return tf.reduce_sum(image * tf.concat(upstream, axis=-1))


def _draw(case, faces, textures):
    size = case.number("image_size")
    clip = clip_from_screen(faces)
    indices = tf.constant(screen.separate_faces(faces.shape[1]))
    near, far = case.number("near"), case.number("far")
    fragments = ops.rasterize(clip, indices, image_size=(size, size), near=near, far=far)
    channels = _channels(case, textures, fragments)
    loss = _image_loss(case, channels, clip, indices, fragments.face_id)
    if case.flag("return_depth"):
        loss += tf.reduce_sum(fragments.depth * _upstream(case, "grad_depth", clip.dtype))
    return _Pictures(fragments, channels, loss)


def _maps(case, fragments):
    """The three maps that every file holds, rows from the bottom."""
    face_id = fragments.face_id.numpy()
    items = np.arange(face_id.shape[0])[:, None, None]
    corner_depths = np.asarray(case["faces"])[items, np.maximum(face_id, 0), :, 2]  # [B, S, S, 3]
    depth = np.where(face_id >= 0, fragments.depth.numpy(), case.number("far"))
    weights = screen.linear_weights(fragments.barycentrics.numpy(), corner_depths)
    return {
        FACE_MAP: screen.flip_rows(face_id),
        "weight_map": screen.flip_rows(weights),
        "depth_map": screen.flip_rows(depth),
    }


def _uncertain(case):
    """Pixels left out of the integer map, where the original kernels disagree with themselves."""
    if not knife_edges.disagreements(case, FACE_MAP):
        return {}
    faces = np.asarray(case["faces"], np.float64)
    corners = np.stack([*np.moveaxis(faces[..., :2] * faces[..., 2:], -1, 0), faces[..., 2]], -1)
    size = case.number("image_size")
    return {FACE_MAP: knife_edges.knife_edges(corners, (size, size))}


def evaluate(case, dtype):
    """Draws and differentiates one case with the public ops.

    Args:
      case: `Case` of kind n3mr.
      dtype: tf.float32 or tf.float64.
    Returns:
      List of `Check`.
    """
    faces = _tensor(case, "faces", dtype)
    has_textures = case.flag("return_rgb")
    textures = _tensor(case, "textures", dtype) if has_textures else tf.zeros([], dtype)
    with tf.GradientTape() as tape:
        tape.watch([faces, textures])
        pictures = _draw(case, faces, textures)
    grad_faces, grad_textures = tape.gradient(
        pictures.loss, [faces, textures], unconnected_gradients="zero"
    )
    outputs = _maps(case, pictures.fragments)
    for name, channel in pictures.outputs.items():
        values = screen.flip_rows(channel.numpy())
        outputs[f"{name}_map"] = values[..., 0] if name == "alpha" else values
    outputs["grad_faces"] = grad_faces.numpy()
    if has_textures:
        outputs["grad_textures"] = grad_textures.numpy()
    return compare.check_arrays(case, outputs, uncertain=_uncertain(case))
