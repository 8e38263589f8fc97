"""Golden cases computed by the NumPy oracles instead of the library: both must meet the numbers.

Whatever has functions of the same names and arguments can take the oracles' place.
"""

import types

import numpy as np

from tests.reference.face_texture import face_texture, face_texture_gradient
from tests.reference.n3mr import n3mr_gradient
from tests.reference.rasterize import Visibility, rasterize
from tests.reference.rasterize_gradient import rasterize_gradient
from tests.support.scenes import screen_to_clip
from tools.golden_runner.screen import (
    INCLUSIVE_SHRINK,
    flip_rows,
    linear_weights,
    reverse_ids,
    separate_faces,
)

ORACLES = types.SimpleNamespace(
    rasterize=rasterize,
    rasterize_gradient=rasterize_gradient,
    face_texture=face_texture,
    face_texture_gradient=face_texture_gradient,
    n3mr_gradient=n3mr_gradient,
)


def _clip(faces):
    """[B, 3 F, 4] of N3MR's [B, F, 3, (x, y, z)]."""
    return screen_to_clip(faces).reshape(len(faces), -1, 4)


def _grad_screen(grad_clip, faces):
    """Chain rule of `_clip`."""
    x, y, z = np.moveaxis(faces, -1, 0)
    gx, gy, gz, gw = np.moveaxis(grad_clip.reshape(*faces.shape[:3], 4), -1, 0)
    return np.stack([gx * z, gy * z, gx * x + gy * y + gz + gw], axis=-1)


def _upstream(case, name):
    return flip_rows(case[name]).astype(np.float64)


def _image(case, fragments, functions):
    """The enabled channels [B, S, S, C] and the gradient to them; colour first."""
    mask = fragments.face_id[..., None] >= 0
    channels, upstream = [], []
    if case.flag("return_rgb"):
        background = np.reshape(case["background_color"], [-1, 1, 1, 3])
        colors = functions.face_texture(
            case["textures"], fragments.face_id, fragments.barycentrics, eps=case.number("eps")
        )
        channels.append(np.where(mask, colors, background))
        upstream.append(_upstream(case, "grad_rgb"))
    if case.flag("return_alpha"):
        channels.append(mask.astype(np.float64))
        upstream.append(_upstream(case, "grad_alpha")[..., None])
    if not channels:
        return np.zeros([*mask.shape[:-1], 0]), np.zeros([*mask.shape[:-1], 0])
    return np.concatenate(channels, axis=-1), np.concatenate(upstream, axis=-1)


def _n3mr_maps(case, faces, fragments, image):
    items = np.arange(len(faces))[:, None, None]
    corner_depths = faces[items, np.maximum(fragments.face_id, 0), :, 2]
    empty = fragments.face_id < 0
    maps = {
        "face_index_map": fragments.face_id,
        "weight_map": linear_weights(fragments.barycentrics, corner_depths),
        "depth_map": np.where(empty, case.number("far"), fragments.depth),
    }
    if case.flag("return_rgb"):
        maps["rgb_map"] = image[..., :3]
    if case.flag("return_alpha"):
        maps["alpha_map"] = image[..., -1]
    return {name: flip_rows(array) for name, array in maps.items()}


def n3mr_outputs(case, functions=ORACLES):
    """All arrays of a case of kind n3mr: {name: array}."""
    faces = case["faces"].astype(np.float64)  # [B, F, 3, 3]
    clip, indices = _clip(faces), separate_faces(faces.shape[1])
    size = case.number("image_size")
    visibility = Visibility(near=case.number("near"), far=case.number("far"))
    fragments = functions.rasterize(clip, indices, image_size=(size, size), visibility=visibility)
    image, upstream = _image(case, fragments, functions)
    outputs = _n3mr_maps(case, faces, fragments, image)
    eps = case.number("eps")
    gradient = functions.n3mr_gradient(image, clip, indices, fragments.face_id, upstream, eps=eps)
    if case.flag("return_depth"):
        to_depth = np.zeros(fragments.barycentrics.shape), _upstream(case, "grad_depth")
        gradient += functions.rasterize_gradient(
            clip, indices, fragments.face_id, to_depth, visibility=visibility
        )
    outputs["grad_faces"] = _grad_screen(gradient, faces)
    if case.flag("return_rgb"):
        outputs["grad_textures"] = functions.face_texture_gradient(
            case["textures"], fragments, upstream[..., :3], eps=eps
        )[0]
    return outputs


def tfmr_outputs(case, functions=ORACLES):
    """All arrays of a case of kind tfmr: {name: array}."""
    vertices = case["vertices"] * np.array([1.0, 1.0, INCLUSIVE_SHRINK, 1.0])
    faces = case["triangles"][::-1]
    visibility = Visibility("none", near=-1.0, far=1.0, depth_from="z")
    size = (case.number("height"), case.number("width"))
    fragments = functions.rasterize(vertices, faces, image_size=size, visibility=visibility)
    face_id = reverse_ids(fragments.face_id, len(faces))
    z = np.where(face_id >= 0, fragments.depth / INCLUSIVE_SHRINK, 1.0)
    upstream = _upstream(case, "grad_barycentrics"), np.zeros(z.shape)
    return {
        "barycentrics": flip_rows(fragments.barycentrics),
        "triangle_ids": flip_rows(np.maximum(face_id, 0)),
        "z_buffer": flip_rows(z),
        "grad_vertices": functions.rasterize_gradient(
            vertices, faces, fragments.face_id, upstream, visibility=visibility
        ),
    }
