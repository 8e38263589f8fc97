"""Hypothesis strategies for meshes with everything that goes wrong in practice."""

import dataclasses

import hypothesis.strategies as st
import numpy as np

from tests.support.scenes import screen_to_clip


@dataclasses.dataclass(frozen=True)
class Soup:
    """vertices_clip [1, V, 4] float32, faces [F, 3] int32, image_size (height, width)."""

    vertices_clip: np.ndarray
    faces: np.ndarray
    image_size: tuple


def _plain(rng):
    corners = rng.uniform(-0.7, 0.7, [1, 2]) + rng.normal(size=[3, 2]) * rng.uniform(0.2, 2.0)
    return screen_to_clip(np.concatenate([corners, rng.uniform(0.5, 3.9, [3, 1])], axis=-1))


def _same_corner(rng):
    face = _plain(rng)
    face[2] = face[rng.integers(2)]
    return face


def _on_a_line(rng):
    face = _plain(rng)
    face[2] = 0.25 * face[0] + 0.75 * face[1]
    return face


def _edge_on(rng):
    """The plane of the face contains the camera: it is a line on the screen."""
    face = _plain(rng)
    face[2] = 2.0 * face[0] - 0.5 * face[1]
    return face


def _behind(rng):
    return -_plain(rng)


def _crossing(rng):
    """One or two corners behind the camera, or in its plane."""
    face = _plain(rng)
    face[: rng.integers(1, 3), 2:] *= rng.choice([-1.0, 0.0])
    return face


def _huge(rng):
    return _plain(rng) * np.array([1e6, 1e6, 1.0, 1.0])


def _tiny(rng):
    face = _plain(rng)
    return face[:1] + (face - face[:1]) * 1e-6


def _aligned(rng):
    """Corners on multiples of 1/8, where edges and diagonals run through pixel centres."""
    corners = rng.integers(-8, 9, [3, 2]) / 8.0
    return screen_to_clip(np.concatenate([corners, np.full([3, 1], 2.0)], axis=-1))


IN_GENERAL_POSITION = (_plain, _crossing)
REGULAR = (*IN_GENERAL_POSITION, _aligned)
IRREGULAR = (*REGULAR, _same_corner, _on_a_line, _edge_on, _behind, _huge, _tiny)
# Mostly sides that are no multiple of the rasterizer's blocks, some larger than one of its tiles.
IMAGE_SIDES = st.one_of(st.integers(1, 24), st.integers(60, 70))


@st.composite
def soups(draw, kinds=IRREGULAR, min_faces=0, max_faces=10):
    """Faces of the given kinds with vertices of their own, some of them twice."""
    num_faces = draw(st.integers(min_faces, max_faces))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    # Half of the faces are regular, or most images would stay empty.
    chosen = [
        kinds[rng.integers(len(kinds))] if i % 2 else REGULAR[i // 2 % len(REGULAR)]
        for i in range(num_faces)
    ]
    corners = [kind(rng) for kind in chosen]
    faces = np.arange(3 * len(corners), dtype=np.int32).reshape(-1, 3)
    if draw(st.booleans()) and kinds is IRREGULAR:
        faces = np.concatenate([faces, faces[:2], faces[:1, ::-1]])
    vertices = np.concatenate([np.zeros([0, 4]), *corners]).astype(np.float32)
    return Soup(vertices[None], faces, (draw(IMAGE_SIDES), draw(IMAGE_SIDES)))
