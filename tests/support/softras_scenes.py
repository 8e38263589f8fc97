"""Scenes and settings for the tests of SoftRas' ops."""

import dataclasses

import numpy as np

from tests.reference.rasterize import Visibility
from tests.reference.softras_fragments import SoftrasSettings as ReferenceSettings
from tests.support import soft_scenes
from tests.support.scenes import triangle_soup
from tf_mesh_renderer.ops import SoftrasSettings

IMAGE_SIZE = (7, 9)
NUM_FACES = 6
# Faces blur over more than a pixel of IMAGE_SIZE, and mix with those behind.
SOFT = SoftrasSettings(sigma=1e-2, gamma=0.1, eps=0.1, dist_eps=1e-3, near=1.25, far=3.75)

_NUMBERS = ("sigma", "gamma", "eps", "dist_eps")


def reference_settings(settings, color_source="vertex"):
    """The oracle's settings; numbers rounded to float32, as the ops keep them."""
    numbers = {name: float(np.float32(getattr(settings, name))) for name in _NUMBERS}
    visibility = Visibility(
        cull=settings.cull,
        near=float(np.float32(settings.near)),
        far=float(np.float32(settings.far)),
        depth_from=settings.depth_from,
    )
    return ReferenceSettings(
        **numbers,
        distance=settings.distance,
        aggregate_rgb=settings.aggregate_rgb,
        aggregate_alpha=settings.aggregate_alpha,
        color_source=color_source,
        perspective_correct=settings.perspective_correct,
        visibility=visibility,
    )


def soup(dtype=np.float64):
    """Triangles of either winding at depths around [near, far] of `SOFT`; z unlike w."""
    vertices, faces = triangle_soup(3, NUM_FACES, batch=2, dtype=np.float64)
    vertices[..., 2] *= np.random.default_rng(2).uniform(-0.9, 0.9, vertices.shape[:2])
    return vertices.astype(dtype), faces


def padded_soup(dtype=np.float64):
    return soft_scenes.with_padding(*soup(dtype))


def shared_vertices(dtype=np.float64):
    """A bent sheet; z unlike w."""
    vertices, faces, rng = soft_scenes.bent_sheet(0.8, 1.6)
    vertices[..., 2] *= rng.uniform(-0.9, 0.9, vertices.shape[:2])
    return vertices.astype(dtype), faces


def partly_behind(dtype=np.float64):
    return soft_scenes.partly_behind(*soup(dtype))


SCENES = {
    "soup": soup,
    "padded": padded_soup,
    "shared": shared_vertices,
    "behind": partly_behind,
}


def colors_for(vertices, faces, num_channels=3, *, side=0, items=2):
    """Random colours of the vertices, or of side x side texels per face."""
    shape = (*vertices.shape[:2], num_channels)
    if side > 0:
        shape = (items, faces.shape[-2], side * side, num_channels)
    return np.random.default_rng(5).uniform(size=shape).astype(vertices.dtype)


def background_for(vertices, num_channels=3):
    """A colour per image."""
    shape = (vertices.shape[0], num_channels)
    return np.random.default_rng(6).uniform(size=shape).astype(vertices.dtype)


def variants(**choices):
    """`SOFT` with every combination of the values listed per field."""
    found = [SOFT]
    for name, values in choices.items():
        found = [dataclasses.replace(s, **{name: value}) for s in found for value in values]
    return found


def name_of(settings):
    """What differs from `SOFT`, for the names of tests."""
    fields = dataclasses.asdict(settings)
    usual = dataclasses.asdict(SOFT)
    return "-".join(f"{value}" for name, value in fields.items() if value != usual[name]) or "soft"
