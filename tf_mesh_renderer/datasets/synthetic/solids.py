"""Closed surfaces from which objects are put together: y is up, sizes are whole widths.

Every solid is a stack of rings, closed at both ends: one topology, which is watertight by
construction.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np

Vector = Sequence[float]

_AXES = "xyz"
_SEGMENTS = 20
_CORNERS = ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))


@dataclasses.dataclass(frozen=True, eq=False)
class Solid:
    """A closed surface, counter-clockwise seen from outside.

    Attributes:
      vertices: [V, 3] float.
      faces: [F, 3] int.
    """

    vertices: np.ndarray
    faces: np.ndarray

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> "Solid":
        """The same solid elsewhere.

        Args:
          x: to the right.
          y: up.
          z: to the front.
        Returns:
          A new solid.
        """
        return Solid(self.vertices + np.array([x, y, z]), self.faces)

    def turned(self, axis: str, degrees: float) -> "Solid":
        """The solid turned about an axis through the origin.

        Args:
          axis: "x", "y" or "z".
          degrees: counter-clockwise for one at whom the axis points.
        Returns:
          A new solid.
        """
        a, b = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
        cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        vertices = self.vertices.copy()
        vertices[:, a] = cosine * self.vertices[:, a] - sine * self.vertices[:, b]
        vertices[:, b] = sine * self.vertices[:, a] + cosine * self.vertices[:, b]
        return Solid(vertices, self.faces)

    def with_mirror_image(self, axis: str = "x") -> tuple["Solid", "Solid"]:
        """The solid and its reflection in a plane through the origin.

        Args:
          axis: across the plane.
        Returns:
          Both, facing outwards.
        """
        signs = np.ones(3)
        signs[_AXES.index(axis)] = -1
        return self, Solid(self.vertices * signs, self.faces[:, ::-1])


def loft(rings: np.ndarray) -> Solid:
    """A surface through rings of points, closed by fans at the first and the last ring.

    Args:
      rings: [R, S, 3] float; the outermost rings are star-shaped seen from their means. Either
        sense of rotation.
    Returns:
      A solid with R * S + 2 vertices and 2 * R * S faces.
    """
    rings = np.asarray(rings, np.float64)
    num_rings, size = rings.shape[:2]
    vertices = np.concatenate([rings.reshape(-1, 3), rings[[0, -1]].mean(axis=1)])
    faces = _ring_faces(num_rings, size)
    corners = vertices[faces]
    volume = np.sum(corners[:, 0] * np.cross(corners[:, 1], corners[:, 2]))
    return Solid(vertices, faces if volume > 0 else faces[:, ::-1])


def box(size: Vector, center: Vector = (0.0, 0.0, 0.0)) -> Solid:
    """A box.

    Args:
      size: width, height, depth.
      center: of the box.
    Returns:
      The solid.
    """
    return frustum(size, (size[0], size[2]), center)


def frustum(
    size: Vector, top: Vector, center: Vector = (0.0, 0.0, 0.0), *, shift: Vector = (0.0, 0.0)
) -> Solid:
    """A box whose upper side has another size and place.

    Args:
      size: width, height, depth; the first and last at the bottom.
      top: width and depth at the top.
      center: of the bottom in x and z, of the height in y.
      shift: of the top in x and z.
    Returns:
      The solid.
    """
    width, height, depth = size
    rings = np.zeros([2, 4, 3])
    rings[..., 1] = np.array([[-0.5], [0.5]]) * height
    rings[0][:, [0, 2]] = np.multiply(_CORNERS, (width, depth))
    rings[1][:, [0, 2]] = np.multiply(_CORNERS, top) + shift
    return loft(rings + center)


def revolved(
    profile: Sequence[Vector],
    center: Vector = (0.0, 0.0, 0.0),
    *,
    axis: str = "y",
    flatten: float = 1.0,
    segments: int = _SEGMENTS,
) -> Solid:
    """A turned piece.

    Args:
      profile: pairs of radius and height along the axis, in order.
      center: where the axis has the height 0.
      axis: "x", "y" or "z".
      flatten: factor on one of the two directions across the axis; other than 1 gives ellipses.
      segments: corners of the circle.
    Returns:
      The solid.
    """
    radius, height = np.asarray(profile, np.float64).T
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    x = radius[:, None] * np.cos(angle)
    z = flatten * radius[:, None] * np.sin(angle)
    rings = np.stack([x, np.broadcast_to(height[:, None], x.shape), z], axis=-1)
    # From the y axis on to the wanted one, in steps of one axis.
    return loft(np.roll(rings, _AXES.index(axis) - 1, axis=-1) + center)


def cylinder(
    radius: float,
    height: float,
    center: Vector = (0.0, 0.0, 0.0),
    *,
    axis: str = "y",
    top: float | None = None,
    flatten: float = 1.0,
) -> Solid:
    """A cylinder or the stump of a cone.

    Args:
      radius: at the lower end of the axis.
      height: along the axis.
      center: of the solid.
      axis: "x", "y" or "z".
      top: radius at the upper end; None for the same.
      flatten: as in `revolved`.
    Returns:
      The solid.
    """
    profile = [(radius, -height / 2), (radius if top is None else top, height / 2)]
    return revolved(profile, center, axis=axis, flatten=flatten)


def superquadric(
    size: Vector, center: Vector = (0.0, 0.0, 0.0), *, around: float = 1.0, along: float = 1.0
) -> Solid:
    """A solid between box (exponents near 0), ellipsoid (1) and double pyramid (2).

    Args:
      size: width, height, depth.
      center: of the solid.
      around: exponent of the level outlines.
      along: exponent of the upright outlines.
    Returns:
      The solid.
    Source:
      Barr, "Superquadrics and Angle-Preserving Transformations", IEEE Computer Graphics and
      Applications 1981.
    """
    latitude = np.linspace(-0.5, 0.5, 13)[1:-1, None] * np.pi
    longitude = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    level = _power(np.cos(latitude), along)
    x = level * _power(np.cos(longitude), around)
    y = np.broadcast_to(_power(np.sin(latitude), along), x.shape)
    z = level * _power(np.sin(longitude), around)
    return loft(np.stack([x, y, z], axis=-1) * np.divide(size, 2) + center)


def prism(outline: Sequence[Vector], depth: float, center: Vector = (0.0, 0.0, 0.0)) -> Solid:
    """A plate with any outline.

    Args:
      outline: points (z, y) seen from the side, either way around; star-shaped from their mean.
      depth: thickness in x.
      center: where the point (0, 0) of the outline lies.
    Returns:
      The solid.
    """
    z, y = np.asarray(outline, np.float64).T
    rings = [np.stack([np.full_like(z, x), y, z], axis=-1) for x in (-depth / 2, depth / 2)]
    return loft(np.stack(rings) + center)


def bar(start: Vector, end: Vector, width: float, *, round_section: bool = False) -> Solid:
    """A straight bar.

    Args:
      start: point in the middle of one end.
      end: point in the middle of the other.
      width: across.
      round_section: a circle instead of a square.
    Returns:
      The solid.
    """
    return tube([start, end], width, round_section=round_section)


def tube(points: Sequence[Vector], width: float, *, round_section: bool = True) -> Solid:
    """A bent bar.

    Args:
      points: at least two, along its middle, which does not turn back.
      width: across.
      round_section: a circle instead of a square.
    Returns:
      The solid.
    """
    points = np.asarray(points, np.float64)
    along = np.gradient(points, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    # Any direction that no part of the line follows gives rings without twist.
    reference = np.eye(3)[np.argmin(np.abs(along).max(axis=0))]
    side = np.cross(along, reference)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    other = np.cross(along, side)
    count = 10 if round_section else 4
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False) + np.pi / count
    radius = width / 2 if round_section else width / np.sqrt(2)
    circle = radius * np.stack([np.cos(angle), np.sin(angle)], axis=-1)  # [S, 2]
    frame = np.stack([side, other], axis=1)  # [R, 2, 3]
    return loft(points[:, None] + circle @ frame)


def _power(base: np.ndarray, exponent: float) -> np.ndarray:
    return np.sign(base) * np.abs(base) ** exponent


def _ring_faces(num_rings: int, size: int) -> np.ndarray:
    """[2 R S, 3]: two triangles between neighbours on two rings, and a fan at either end."""
    index = np.arange(num_rings * size).reshape(num_rings, size)
    following = np.roll(index, -1, axis=1)
    a, b, c, d = index[:-1], following[:-1], following[1:], index[1:]
    sides = [np.stack([a, c, b], axis=-1), np.stack([a, d, c], axis=-1)]
    first, last = np.full(size, index.size), np.full(size, index.size + 1)
    ends = [
        np.stack([first, index[0], following[0]], axis=-1),
        np.stack([last, following[-1], index[-1]], axis=-1),
    ]
    return np.concatenate([faces.reshape(-1, 3) for faces in sides + ends])
