"""Golden cases of the soft models computed by the NumPy oracles instead of the library.

Whatever has functions of the same names and arguments can take the place of DIB-R's oracles.
"""

import types
from dataclasses import fields

import numpy as np

from tests.reference import softras, softras_original
from tests.reference.dibr import (
    DibrSettings,
    dibr_mask,
    dibr_mask_gradient,
    faces_in_reach,
)
from tests.reference.dibr_features import features_gradient
from tests.reference.interpolate import interpolate, interpolate_gradient
from tests.reference.rasterize import Visibility, rasterize
from tests.reference.softras_fragments import SoftrasSettings
from tools.golden_runner import dibr_case, softras_case
from tools.golden_runner.screen import separate_faces

ORACLES = types.SimpleNamespace(
    rasterize=rasterize,
    interpolate=interpolate,
    interpolate_gradient=interpolate_gradient,
    dibr_mask=dibr_mask,
    dibr_mask_gradient=dibr_mask_gradient,
)


def dibr_settings(case):
    """The released kernels' mask, with what they add to denominators."""
    eps_length2 = dibr_case.MISS_EPS / case.number("multiplier") ** 2
    return DibrSettings(
        sigma_inv=case.number("sigmainv"),
        box_length=case.number("boxlen"),
        k_faces=case.number("knum"),
        eps_length2=eps_length2,
        eps_miss=dibr_case.MISS_EPS,
    )


def _dibr_clip(case):
    """[B, 3 F, 4] with w = 1."""
    corners = case["face_vertices_image"].astype(np.float64)
    corners = corners.reshape(len(corners), -1, 2)
    depth = dibr_case.clip_depth(case["face_vertices_z"].astype(np.float64))[..., None]
    return np.concatenate([corners, depth, np.ones_like(depth)], axis=-1)


def _dibr_features(case, faces, fragments, functions):
    """The arrays of a case of kind dibr that have to do with features: {name: array}."""
    features = case["face_features"].astype(np.float64)
    attributes = features.reshape(len(features), -1, features.shape[-1])
    upstream = case["grad_interpolated_features"].astype(np.float64)
    to_attributes, _ = functions.interpolate_gradient(attributes, faces, fragments, upstream)
    corners = case["face_vertices_image"].astype(np.float64)
    face_id = fragments.face_id
    image = functions.interpolate(attributes, faces, face_id, fragments.barycentrics)
    return {
        "interpolated_features": image,
        "grad_face_features": to_attributes.reshape(features.shape),
        "grad_face_vertices_image_rast": features_gradient(
            corners, features, face_id, upstream, eps=case.number("eps")
        ),
    }


def _dibr_mask(case, clip, face_id, functions):
    """The mask and its gradient: {name: array}."""
    faces, settings = separate_faces(case["face_features"].shape[1]), dibr_settings(case)
    upstream = case["grad_soft_mask"].astype(np.float64)
    gradient = functions.dibr_mask_gradient(clip, faces, face_id, upstream, settings)[..., :2]
    return {
        "soft_mask": functions.dibr_mask(clip, faces, face_id, settings),
        "grad_face_vertices_image_mask": gradient.reshape(case["face_vertices_image"].shape),
    }


def dibr_outputs(case, functions=ORACLES):
    """The arrays of a case of kind dibr that the library has ops for: {name: array}."""
    clip, faces = _dibr_clip(case), dibr_case.faces_to_draw(case)
    visibility = Visibility("none", **dibr_case.DEPTH_RANGE)
    size = (case.number("height"), case.number("width"))
    fragments = functions.rasterize(clip, faces, image_size=size, visibility=visibility)
    maps = {"face_idx": fragments.face_id, "output_weights": fragments.barycentrics}
    features = _dibr_features(case, faces, fragments, functions)
    return maps | features | _dibr_mask(case, clip, fragments.face_id, functions)


def dibr_close_faces(case):
    """The kernels' notes on faces near each pixel: close_face_idx, _prob and _dist_type."""
    face_id, settings = case["face_idx"], dibr_settings(case)
    shape = (len(face_id), face_id[0].size, settings.k_faces)
    index, feature, probability = np.full(shape, -1), np.zeros(shape, int), np.zeros(shape)
    for item, corners in enumerate(case["face_vertices_image"].astype(np.float64)):
        reach = faces_in_reach(corners, face_id[item] >= 0, settings)
        place = (item, reach.pixel, reach.rank)
        index[place], feature[place] = reach.face, reach.feature + 1
        probability[place] = reach.probability
    names = ("close_face_idx", "close_face_dist_type", "close_face_prob")
    arrays = (index, feature, probability)
    return {
        name: array.reshape(*face_id.shape, -1) for name, array in zip(names, arrays, strict=True)
    }


def softras_settings(case):
    """`SoftrasSettings` of a case."""
    settings = softras_case.color_settings(case)
    visibility = Visibility(**{f.name: settings.pop(f.name) for f in fields(Visibility)})
    source = "surface" if softras_case.has_surface(case) else "vertex"
    return SoftrasSettings(visibility=visibility, color_source=source, **settings)


def softras_outputs(case):
    """All arrays of a case of kind softras: {name: array}, of the released gradient."""
    settings = softras_settings(case)
    size = case.number("image_size")
    behind = softras_case.background(case).astype(np.float64)
    found = {name: [] for name in ("rgba", "aggrs_info", "grad_face_vertices", "grad_textures")}
    for item, corners in enumerate(case["face_vertices"].astype(np.float64)):
        table = case["textures"][item].astype(np.float64)
        picture = softras.draw(corners, table, behind[item], (size, size), settings)
        upstream = case["grad_rgba"][item].astype(np.float64).reshape(4, -1).T
        gradients = softras_original.draw_gradient(picture, upstream, settings)
        found["rgba"].append(picture.image.T.reshape(4, size, size))
        found["aggrs_info"].append(picture.aggregates.T.reshape(2, size, size))
        found["grad_face_vertices"].append(gradients.corners)
        found["grad_textures"].append(gradients.table)
    return {name: np.stack(arrays) for name, arrays in found.items()}
