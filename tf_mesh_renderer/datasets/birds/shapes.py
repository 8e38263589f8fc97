"""Random shapes and colours of birds on the vertices of a sphere.

World space has x to the left of the bird, y up and z forward; x = 0 is its plane of symmetry.
"""

import dataclasses

import numpy as np

from tf_mesh_renderer.datasets.cub import KEYPOINTS
from tf_mesh_renderer.geometry.primitives import icosphere

_SPHERE = icosphere(3)
DIRECTIONS = np.asarray(_SPHERE.vertices, np.float64)
FACES = np.asarray(_SPHERE.faces)

# Half axes of the body: across, up, along.
_BODY = np.array([0.30, 0.34, 0.55])
_BODY_SPREAD = 0.15
# What stands out of it: direction, sharpness (of the exponential of the cosine), lowest and highest
# factor on the radius. A direction with x != 0 is there on both sides.
_PARTS = (
    ((0.0, 0.55, 0.85), 12.0, 0.35, 0.60),  # head
    ((0.0, 0.42, 1.0), 250.0, 0.20, 0.55),  # beak
    ((0.0, 0.15, -1.0), 40.0, 0.50, 1.30),  # tail
    ((1.0, 0.15, -0.25), 14.0, 0.20, 0.90),  # wings
    ((0.30, -1.0, 0.0), 60.0, 0.15, 0.35),  # legs
)
# Where keypoints are; those on the left also stand for the right.
_PLACES = {
    "back": (0.0, 0.8, -0.5),
    "beak": (0.0, 0.42, 1.0),
    "belly": (0.0, -1.0, -0.1),
    "breast": (0.0, -0.5, 0.8),
    "crown": (0.0, 0.95, 0.75),
    "forehead": (0.0, 0.75, 0.95),
    "left eye": (0.35, 0.62, 0.85),
    "left leg": (0.30, -1.0, 0.0),
    "left wing": (1.0, 0.15, -0.25),
    "nape": (0.0, 0.9, 0.25),
    "tail": (0.0, 0.15, -1.0),
    "throat": (0.0, 0.05, 0.9),
}
_ON_PLANE = 1e-6
_OTHER_SIDE = np.array([-1.0, 1.0, 1.0])


@dataclasses.dataclass(frozen=True, eq=False)
class BirdShape:
    """One bird.

    Attributes:
      vertices: [642, 3] float32, world space; its faces are those of `icosphere(3)`.
      colors: [642, 3] float32 in [0, 1].
    """

    vertices: np.ndarray
    colors: np.ndarray

    @property
    def keypoints(self) -> np.ndarray:
        """[15, 3] float32: the vertices that are CUB's keypoints."""
        return self.vertices[keypoint_vertices()]


def draw_bird_shape(rng: np.random.Generator) -> BirdShape:
    """Draws one.

    Args:
      rng: source of randomness.
    Returns:
      A bird that is its own mirror image, about 1.5 long.
    """
    axes = _BODY * rng.uniform(1 - _BODY_SPREAD, 1 + _BODY_SPREAD, 3)
    radius = 1 / np.linalg.norm(DIRECTIONS / axes, axis=-1)
    for direction, sharpness, low, high in _PARTS:
        radius = radius * (1 + rng.uniform(low, high) * _near(direction, sharpness))
    vertices = radius[:, np.newaxis] * DIRECTIONS
    return BirdShape(vertices.astype(np.float32), _colors(rng).astype(np.float32))


def keypoint_vertices() -> np.ndarray:
    """Which vertices are the keypoints.

    Returns:
      [15] int, in the order of `cub.KEYPOINTS`.
    """
    places = []
    for name in KEYPOINTS:
        side, _, part = name.partition(" ")
        place = np.array(_PLACES[f"left {part}" if side == "right" else name])
        places.append(place * _OTHER_SIDE if side == "right" else place)
    places = np.array(places)
    # Keypoints of the middle stay on the plane of symmetry.
    aside = (places[:, :1] == 0) & (np.abs(DIRECTIONS[:, 0]) > _ON_PLANE)
    return np.argmax(_unit(places) @ DIRECTIONS.T - aside, axis=-1)


def _near(direction, sharpness):
    """1 in a direction and its mirror image, falling to 0 away from both; [642]."""
    direction = _unit(np.array(direction))
    cosine = np.maximum(DIRECTIONS @ direction, DIRECTIONS @ (direction * _OTHER_SIDE))
    return np.exp(sharpness * (cosine - 1))


def _colors(rng):
    """A back that turns into a belly, then crown, wings and beak of their own colour; [642, 3]."""
    back, belly, crown, wing, beak = rng.uniform(0.05, 0.95, [5, 3])
    upper = 1 / (1 + np.exp(-8 * DIRECTIONS[:, 1:2]))
    colors = upper * back + (1 - upper) * belly
    parts = ((crown, (0.0, 0.9, 0.7), 12.0), (wing, (1.0, 0.15, -0.25), 8.0))
    for color, direction, sharpness in (*parts, (beak, (0.0, 0.42, 1.0), 150.0)):
        share = _near(direction, sharpness)[:, np.newaxis]
        colors = share * color + (1 - share) * colors
    return colors


def _unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
