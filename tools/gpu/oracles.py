"""What the NumPy oracles of `tests/reference` give for a call of a kernel."""

import numpy as np

from tests.reference import softras_clip, softras_fragments
from tests.reference import texture as pictures
from tests.reference.dibr import DibrSettings, dibr_mask, dibr_mask_gradient
from tests.reference.face_texture import face_texture, face_texture_gradient
from tests.reference.interpolate import interpolate, interpolate_gradient
from tests.reference.n3mr import n3mr_gradient
from tests.reference.rasterize import Fragments, Visibility, faces_of_item, pixel_rays, rasterize
from tests.reference.rasterize_gradient import COMPLEX_STEP, rasterize_gradient
from tests.reference.rasterize_layers import rasterize_layers
from tests.reference.screen import add_corner_gradients, screen_corners


def expected(call):
    """{output: array in float64} of a `kernels.Call`; outputs that no oracle knows are missing."""
    return ORACLES[call.kernel](call)


def _mesh(call):
    return call.arrays["vertices_clip"], call.arrays["faces"]


def _image_size(call):
    return call.sizes["H"], call.sizes["W"]


def _seen(call):
    return call.arrays["face_id"], call.arrays["barycentrics"]


def _upstream(call, *names):
    return [np.asarray(call.arrays[f"grad_{name}"], np.float64) for name in names]


def _visibility(call):
    names = ("cull", "near", "far", "depth_from")
    return Visibility(**{name: call.settings[name] for name in names})


# --- hard edges -----------------------------------------------------------------------------------


def _rasterize(call):
    found = rasterize(*_mesh(call), image_size=_image_size(call), visibility=_visibility(call))
    return vars(found)


def _rasterize_gradient(call):
    upstream = _upstream(call, "barycentrics", "depth")
    gradient = rasterize_gradient(
        *_mesh(call), _seen(call)[0], upstream, visibility=_visibility(call)
    )
    return {"grad_vertices_clip": gradient}


def _rasterize_layers(call):
    layers, count = rasterize_layers(
        *_mesh(call),
        image_size=_image_size(call),
        num_layers=call.sizes["K"],
        visibility=_visibility(call),
    )
    # Where there are fewer faces than layers, the oracle leaves out those that are empty.
    stacked = {}
    for name, empty in (("face_id", -1), ("barycentrics", 0.0), ("depth", 0.0)):
        found = np.stack([getattr(layer, name) for layer in layers])
        missing = np.full((call.sizes["K"] - len(found), *found.shape[1:]), empty)
        stacked[name] = np.concatenate([found, missing])
    return stacked | {"count": count}


def _interpolate(call):
    return {"output": interpolate(call.arrays["attributes"], call.arrays["faces"], *_seen(call))}


def _interpolate_gradient(call):
    fragments = Fragments(*_seen(call), depth=None)
    to_attributes, to_barycentrics = interpolate_gradient(
        call.arrays["attributes"], call.arrays["faces"], fragments, *_upstream(call, "output")
    )
    return {"grad_attributes": to_attributes, "grad_barycentrics": to_barycentrics}


# --- textures -------------------------------------------------------------------------------------


def _face_texture(call):
    eps = call.settings["eps"]
    return {"output": face_texture(call.arrays["textures"], *_seen(call), eps=eps)}


def _face_texture_gradient(call):
    to_textures, to_barycentrics = face_texture_gradient(
        call.arrays["textures"],
        Fragments(*_seen(call), depth=None),
        *_upstream(call, "output"),
        eps=call.settings["eps"],
    )
    return {"grad_textures": to_textures, "grad_barycentrics": to_barycentrics}


def _lookup(call):
    """Positional and keyword arguments, and where pixels are read, [B, H, W, 1]."""
    names = ("texture", "uv", "uv_derivatives")
    texels, uv, derivatives = (_as_float32(call.arrays[name]) for name in names)
    covered = call.arrays["covered"]
    shown = np.ones(uv.shape[:-1], bool) if covered is None else covered
    return (texels, uv), {"uv_derivatives": derivatives, **call.settings}, shown[..., None]


def _as_float32(array):
    return None if array is None else np.asarray(array, np.float32)


def _texture(call):
    given, settings, shown = _lookup(call)
    return {"output": shown * pictures.texture(*given, **settings)}


def _texture_gradient(call):
    given, settings, shown = _lookup(call)
    upstream = shown * _upstream(call, "output")[0]
    names = ("grad_texture", "grad_uv", "grad_uv_derivatives")
    found = dict(zip(names, pictures.texture_gradient(*given, upstream, **settings)))
    return {name: array for name, array in found.items() if array is not None}


# --- soft models ----------------------------------------------------------------------------------


def _n3mr_gradient(call):
    if np.any(call.arrays["vertices_clip"][..., 3] <= 0.0):
        return {}  # Edges to such corners lead so far away that float32 loses their place.
    face_id, image = call.arrays["face_id"], call.arrays["image"]
    (upstream,) = _upstream(call, "image")
    eps = call.settings["eps"]
    return {"grad_vertices_clip": n3mr_gradient(image, *_mesh(call), face_id, upstream, eps=eps)}


def _dibr_settings(call):
    chosen = call.settings
    return DibrSettings(
        sigma_inv=chosen["sigma_inv"],
        box_length=chosen["box_length"],
        k_faces=chosen["k_faces"] or None,
        falloff=chosen["falloff"],
        eps_miss=chosen["eps"],
    )


def _dibr_mask(call):
    return {"mask": dibr_mask(*_mesh(call), call.arrays["face_id"], _dibr_settings(call))}


def _dibr_mask_gradient(call):
    (upstream,) = _upstream(call, "mask")
    gradient = dibr_mask_gradient(
        *_mesh(call), call.arrays["face_id"], upstream, _dibr_settings(call)
    )
    return {"grad_vertices_clip": gradient}


def _soft_settings(call):
    renamed = {"rgb": "aggregate_rgb", "alpha": "aggregate_alpha", "aggregation": "aggregate_alpha"}
    names = ("sigma", "dist_eps", "distance", "gamma", "eps", "perspective_correct", *renamed)
    chosen = {renamed.get(n, n): call.settings[n] for n in names if n in call.settings}
    if "cull" in call.settings:
        chosen["visibility"] = _visibility(call)
    source = "surface" if "S" in call.all_sizes() else "vertex"
    return softras_fragments.SoftrasSettings(color_source=source, **chosen)


def _silhouette(call):
    settings = _soft_settings(call)
    return {"alpha": softras_clip.softras_silhouette(*_mesh(call), _image_size(call), settings)}


def _silhouette_gradient(call):
    (upstream,) = _upstream(call, "alpha")
    settings = _soft_settings(call)
    gradient = softras_clip.softras_silhouette_gradient(*_mesh(call), upstream, settings)
    return {"grad_vertices_clip": gradient}


def _soft_scene(call):
    return (*_mesh(call), call.arrays["colors"], call.arrays["background"])


def _soft_color(call):
    settings = _soft_settings(call)
    image, aggregates = softras_clip.softras_color(_soft_scene(call), _image_size(call), settings)
    return {"color_image": image, "aggregates": aggregates}


def _soft_color_gradient(call):
    (upstream,) = _upstream(call, "image")
    settings = _soft_settings(call)
    original = call.settings.get("original_gradient", False)
    found = softras_clip.softras_color_gradient(
        _soft_scene(call), upstream, settings, original=original
    )
    return dict(zip(("grad_vertices_clip", "grad_colors", "grad_background"), found))


def _soft_fragments(call):
    found = softras_clip.softras_fragments(
        *_mesh(call), _image_size(call), call.sizes["K"], _soft_settings(call)
    )
    return dict(zip(("face_id", "barycentrics", "depth", "coverage", "count"), found))


def _soft_fragments_gradient(call):
    """Complex steps at the fragments that are there."""
    settings = _soft_settings(call)
    vertices, faces = _mesh(call)
    face_id = call.arrays["face_id"]
    upstream = _upstream(call, "barycentrics", "depth", "coverage")
    gradient = np.zeros(vertices.shape)
    for item in range(len(vertices)):
        indices = faces_of_item(faces, item)
        corners = screen_corners(vertices[item], indices, settings.visibility)
        grad_corners = np.zeros(corners.shape)
        place = np.nonzero(face_id[item] >= 0)
        face = face_id[item][place]
        centres = pixel_rays(face_id.shape[1:3])[(*place[:2],)][:, :2]
        to_fragments = [array[item][place] for array in upstream]
        for corner, axis in np.ndindex(3, 3):
            moved = corners[face].astype(complex)
            moved[:, corner, axis] += 1j * COMPLEX_STEP
            change = _fragment_change(moved, centres, settings, to_fragments)
            np.add.at(grad_corners, (face, corner, axis), change)
        gradient[item] = add_corner_gradients(
            vertices[item], indices, grad_corners, settings.visibility
        )
    return {"grad_vertices_clip": gradient}


def _fragment_change(moved, centres, settings, upstream):
    """Derivative [N] of sum(upstream * fragment) along an imaginary step of the corners."""
    shape = softras_fragments.shape_at(moved, centres, settings)
    to_barycentrics, to_depth, to_coverage = upstream
    change = np.sum(shape.color_weights.imag * to_barycentrics, axis=-1)
    change += shape.depth.imag * to_depth
    if settings.distance != "hard":
        coverage = softras_fragments.sigmoid(shape.logit.real)
        change += coverage * (1.0 - coverage) * shape.logit.imag * to_coverage
    return change / COMPLEX_STEP


ORACLES = {
    "Rasterize": _rasterize,
    "RasterizeGrad": _rasterize_gradient,
    "RasterizeLayers": _rasterize_layers,
    "Interpolate": _interpolate,
    "InterpolateGrad": _interpolate_gradient,
    "FaceTexture": _face_texture,
    "FaceTextureGrad": _face_texture_gradient,
    "Texture": _texture,
    "TextureGrad": _texture_gradient,
    "N3mrGrad": _n3mr_gradient,
    "DibrMask": _dibr_mask,
    "DibrMaskGrad": _dibr_mask_gradient,
    "SoftrasSilhouette": _silhouette,
    "SoftrasSilhouetteGrad": _silhouette_gradient,
    "SoftrasColor": _soft_color,
    "SoftrasColorGrad": _soft_color_gradient,
    "SoftrasFragments": _soft_fragments,
    "SoftrasFragmentsGrad": _soft_fragments_gradient,
}
