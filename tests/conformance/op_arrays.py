"""The arrays that the ops of the conformance cases take and return, by name."""

import dataclasses
import functools

import numpy as np

from tests.reference.dibr import DibrSettings, dibr_mask
from tests.reference.rasterize import rasterize
from tests.reference.rasterize_layers import rasterize_layers
from tests.reference.screen import Visibility
from tests.reference.softras_clip import softras_color, softras_fragments
from tests.reference.softras_fragments import SoftrasSettings
from tests.support.scenes import grid

BATCH = 2
IMAGE_SIZE = (5, 7)
CHANNELS = 3
SIDE = 2
TEXTURE_SIZE = (6, 5)

# Second axis of the arrays that have one which is no side of an image.
SECOND_AXIS = {
    "vertices_clip": "V",
    "attributes": "V",
    "colors": "V",
    "faces": "F",
    "textures": "F",
}

LAYERS = 2

# Wide enough for an image of so few pixels; exact in float32.
DIBR = {"sigma_inv": 20.0, "box_length": 0.5}

# Wide enough for an image of so few pixels; exact in float32.
SOFT_SILHOUETTE = {"sigma": 2**-6, "dist_eps": 2**-12}
SOFT = {**SOFT_SILHOUETTE, "near": 0.5, "far": 6.0}
SOFT_COLOR = {**SOFT, "gamma": 0.25, "eps": 0.0}
# Beside the strip its faces are seen at the same depth, whose order would be left to rounding.
FRAGMENTS = {"num_fragments": 3, "distance": "hard"}


@functools.cache
def array(name):
    """The array that every op takes or returns under this name; floats in float64."""
    rng = np.random.default_rng(len(name))
    name = name.removeprefix("grad_")
    if name in ("image", "output"):
        return rng.normal(size=(BATCH, *IMAGE_SIZE, CHANNELS))
    if name == "background":
        return np.zeros((BATCH, CHANNELS))  # so that empty scenes show zeros
    if name == "texture":
        return rng.normal(size=(BATCH, *TEXTURE_SIZE, CHANNELS))
    if name in ("uv", "uv_derivatives"):
        axes = (2,) if name == "uv" else (2, 2)
        return rng.normal(size=(BATCH, *IMAGE_SIZE, *axes)) * 0.4
    scene = _scene()
    if name in ("attributes", "colors"):
        return rng.normal(size=(*scene["vertices_clip"].shape[:2], CHANNELS))
    if name == "textures":
        return rng.normal(size=(*scene["faces"].shape[:2], SIDE, SIDE, SIDE, CHANNELS))
    return scene[name] if name in scene else _soft_scene()[name]


@functools.cache
def _soft_scene():
    """What SoftRas makes of the same scene."""
    scene = _scene()
    mesh = (scene["vertices_clip"], scene["faces"])
    visibility = Visibility(cull="none", near=SOFT["near"], far=SOFT["far"])
    numbers = {name: SOFT_COLOR[name] for name in ("sigma", "gamma", "eps", "dist_eps")}
    settings = SoftrasSettings(**numbers, visibility=visibility)
    rgba, aggregates = softras_color(
        (*mesh, array("colors"), array("background")), IMAGE_SIZE, settings
    )
    hard = dataclasses.replace(settings, distance=FRAGMENTS["distance"])
    fragments = softras_fragments(*mesh, IMAGE_SIZE, FRAGMENTS["num_fragments"], hard)
    names = ("soft_face_id", "soft_barycentrics", "soft_depth", "coverage", "soft_count")
    pictures = {"rgba": rgba, "aggregates": aggregates, "alpha": rgba[..., -1]}
    return {**pictures, **dict(zip(names, fragments, strict=True))}


@functools.cache
def _scene():
    """A bent strip of four faces per image, what is seen of it, and the image size.

    The outermost pixels show nothing.
    """
    vertices, faces = grid(2, 1, half_extent=0.75, dtype=np.float64)
    vertices = np.repeat(vertices, BATCH, axis=0)
    vertices[..., :2] += np.random.default_rng(0).normal(scale=0.02, size=(*vertices.shape[:2], 2))
    faces = np.repeat(faces[None], BATCH, axis=0)  # [B, F, 3]
    fragments = rasterize(vertices, faces, image_size=IMAGE_SIZE)
    layers, count = rasterize_layers(vertices, faces, image_size=IMAGE_SIZE, num_layers=LAYERS)
    return {
        "vertices_clip": vertices,
        "faces": faces,
        "image_size": np.array(IMAGE_SIZE, np.int32),
        "face_id": fragments.face_id.astype(np.int32),
        "barycentrics": fragments.barycentrics,
        "depth": fragments.depth,
        "layered_face_id": np.stack([layer.face_id for layer in layers]),
        "layered_barycentrics": np.stack([layer.barycentrics for layer in layers]),
        "layered_depth": np.stack([layer.depth for layer in layers]),
        "count": count,
        "covered": fragments.face_id >= 0,
        "mask": dibr_mask(vertices, faces, fragments.face_id, DibrSettings(**DIBR)),
        "last_face": np.full(fragments.face_id.shape, faces.shape[1], np.int32),
    }


def cast(value, dtype):
    return value.astype(dtype) if value.dtype.kind == "f" else value


def resized(name, value, sizes):
    if name == "image_size":
        return value
    if name in ("faces", "face_id") and 0 in (sizes.get("V"), sizes.get("F")):
        value = np.full_like(value, -1)  # Nothing is left that an index could name.
    if "B" in sizes:
        value = value[: sizes["B"]]
    letter = SECOND_AXIS.get(name.removeprefix("grad_"))
    return value[:, : sizes[letter]] if letter in sizes else value
