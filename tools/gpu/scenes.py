"""Meshes in clip space that the kernels are checked on."""

import dataclasses

import numpy as np

from tests.support.scenes import grid, triangle_soup


@dataclasses.dataclass(frozen=True)
class Scene:
    """vertices_clip [B, V, 4], faces [F, 3] or [B, F, 3], image_size (height, width)."""

    name: str
    vertices_clip: np.ndarray
    faces: np.ndarray
    image_size: tuple


def soup(name="soup", image_size=(9, 16), *, num_faces=10, size=1.2):
    """Triangles of either winding with vertices of their own; z unlike w."""
    vertices, faces = triangle_soup(11, num_faces, batch=2, size=size)
    vertices[..., 2] *= np.random.default_rng(8).uniform(-0.9, 0.9, vertices.shape[:2])
    return Scene(name, vertices, faces, image_size)


def padded():
    """Other faces for every image, with rows of padding."""
    scene = soup("padded", (16, 9))
    faces = np.stack([scene.faces, scene.faces[::-1]])
    faces[0, 3] = faces[1, :2] = -1
    return dataclasses.replace(scene, faces=faces)


def shared_vertices():
    """A wavy sheet whose vertices belong to six faces each."""
    vertices, faces = grid(5, 4, half_extent=0.83, dtype=np.float64)
    rng = np.random.default_rng(7)
    vertices = np.repeat(vertices, 2, axis=0)
    vertices[..., :2] += rng.normal(size=vertices[..., :2].shape) * 0.08
    vertices *= rng.uniform(0.7, 1.4, [*vertices.shape[:2], 1])
    vertices[..., 2] *= rng.uniform(-0.9, 0.9, vertices.shape[:2])
    return Scene("shared vertices", vertices.astype(np.float32), faces, (21, 17))


def partly_behind():
    """Every second face has a corner behind the camera, one has a corner in its plane."""
    scene = soup("partly behind", (10, 13))
    vertices = scene.vertices_clip.copy()
    vertices[:, ::6, 3] *= -1.0
    vertices[:, 3, 3] = 0.0
    return dataclasses.replace(scene, vertices_clip=vertices)


def degenerate():
    """Faces that are a point, a line, seen edge-on, huge or tiny among some that are none of it."""
    scene = soup("degenerate", (24, 24), num_faces=12)
    vertices = scene.vertices_clip.copy().reshape(2, 12, 3, 4)
    vertices[:, 0] = vertices[:, 0, :1]
    vertices[:, 1, 2] = vertices[:, 1, 1]
    vertices[:, 2, 2] = 0.25 * vertices[:, 2, 0] + 0.75 * vertices[:, 2, 1]
    vertices[:, 3, 2] = 2.0 * vertices[:, 3, 0] - 0.5 * vertices[:, 3, 1]
    vertices[:, 4, :, :2] *= 1e6
    vertices[:, 5] = vertices[:, 5, :1] + 1e-6 * (vertices[:, 5] - vertices[:, 5, :1])
    vertices[:, 6] *= -1.0
    return dataclasses.replace(scene, vertices_clip=vertices.reshape(2, -1, 4))


def crowd():
    """Many small faces in one another's way, some large ones, more than one tile of pixels."""
    small = soup(num_faces=1000, size=0.1)
    large = soup(num_faces=40, size=2.0)
    vertices = np.concatenate([small.vertices_clip, large.vertices_clip], axis=1)
    faces = np.arange(vertices.shape[1], dtype=np.int32).reshape(-1, 3)
    return Scene("crowd", vertices, faces, (100, 150))


def empty(name, *, batch=2, num_vertices=6, num_faces=2, image_size=(5, 7)):
    """The first items of a soup, perhaps none at all."""
    scene = soup()
    vertices = scene.vertices_clip[:batch, :num_vertices]
    return Scene(name, vertices, scene.faces[:num_faces], image_size)


def in_general_position():
    """Scenes of which the oracles draw the same picture as float32 does."""
    return [soup(), padded(), shared_vertices(), partly_behind()]


def at_the_limits():
    """Scenes that are hard, large, or lack something."""
    return [
        degenerate(),
        crowd(),
        soup("one pixel", (1, 1)),
        soup("one row", (1, 40)),
        soup("one column", (40, 1)),
        empty("no images", batch=0),
        empty("no faces", num_faces=0),
        empty("no vertices", num_vertices=0, num_faces=0),
    ]
