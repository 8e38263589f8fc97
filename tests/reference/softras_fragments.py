"""SoftRas' fragments: every face in reach of every pixel, in float64.

The formulas take complex corners too: the imaginary parts are then derivatives (complex steps).
Source: Liu et al., "Soft Rasterizer: A Differentiable Renderer for Image-based 3D Reasoning",
ICCV 2019, section 3.3, and the released kernels.
"""

import dataclasses

import numpy as np

from tests.reference.rasterize import Visibility, pixel_rays

# Determinants are kept this far away from 0, sums of weights this far above it.
SMALLEST_DETERMINANT = 1e-10
SMALLEST_SUM = 1e-5


@dataclasses.dataclass(frozen=True)
class SoftrasSettings:
    """Everything but the scene; names as in the library, defaults as in the released code."""

    sigma: float = 1e-5
    gamma: float = 1e-4
    eps: float = 1e-3
    dist_eps: float = 1e-4
    distance: str = "euclidean"
    aggregate_rgb: str = "softmax"
    aggregate_alpha: str = "product"
    color_source: str = "vertex"
    perspective_correct: bool = True
    visibility: Visibility = dataclasses.field(
        default_factory=lambda: Visibility(cull="none", near=1.0, far=100.0)
    )

    @property
    def reach2(self):
        """Largest squared distance outside a face: there its probability is `dist_eps`."""
        return np.log(1.0 / self.dist_eps - 1.0) * self.sigma


@dataclasses.dataclass(frozen=True)
class Shape:
    """What N faces look like from one pixel each; complex if the corners are."""

    logit: np.ndarray  # [N], of the probability; infinite where it is 1 by definition
    weights: np.ndarray  # [N, 3], barycentric, linear on the image, not clipped
    clipped: np.ndarray  # [N, 3], clipped to [0, 1] and divided by their sum
    depth: np.ndarray  # [N]
    color_weights: np.ndarray  # [N, 3], `clipped`, with perspective where asked for
    place: np.ndarray  # [N, 3], nearest boundary point as weights of the corners
    offset: np.ndarray  # [N, 2], from the pixel to that point
    inside: np.ndarray  # [N] bool, all weights in (0, 1)


def _between(value, lowest, highest):
    """Clips by the real part."""
    value = np.where(value.real < lowest, lowest, value)
    return np.where(value.real > highest, highest, value)


def determinants(corners):
    """Twice the signed areas [N], positive for counter-clockwise faces."""
    (ax, ay), (bx, by) = (np.moveaxis(corners[:, k, :2] - corners[:, 0, :2], -1, 0) for k in (1, 2))
    return ax * by - ay * bx


def safe_determinants(corners):
    """`determinants`, moved away from 0."""
    found = determinants(corners)
    tiny = np.where(found.real > 0.0, SMALLEST_DETERMINANT, -SMALLEST_DETERMINANT)
    return np.where(np.abs(found.real) < SMALLEST_DETERMINANT, tiny, found)


def _weights(corners, centres):
    x, y = np.moveaxis(corners[..., :2] - centres[:, None], -1, 0)  # [N, 3]
    after, last = [1, 2, 0], [2, 0, 1]
    areas = x[:, after] * y[:, last] - y[:, after] * x[:, last]
    weights = areas / safe_determinants(corners)[:, None]
    # A face without an area has no derivative of its weights.
    tiny = np.abs(determinants(corners).real) < SMALLEST_DETERMINANT
    return np.where(tiny[:, None], weights.real, weights)


def _nearest_on_boundary(corners, centres):
    """place [N, 3] and offset [N, 2] of the nearest boundary point; of equal edges the first."""
    count = len(corners)
    moved = corners[..., :2] - centres[:, None]  # [N, 3, 2]
    places = np.zeros((3, count, 3), corners.dtype)
    for k in range(3):
        after = (k + 1) % 3
        along = moved[:, after] - moved[:, k]
        length2 = np.sum(along * along, axis=-1)
        length2 = np.where(length2 == 0.0, 1.0, length2)  # ends coincide: any place will do
        place = _between(-np.sum(moved[:, k] * along, axis=-1) / length2, 0.0, 1.0)
        places[k, :, k], places[k, :, after] = 1.0 - place, place
    offsets = np.einsum("enk,nkx->enx", places, moved)
    edge = np.argmin(np.sum(offsets.real**2, axis=-1), axis=0)
    chosen = (edge, np.arange(count))
    return places[chosen], offsets[chosen]


def _logit(distance, weights, inside, offset, sigma):
    if distance == "hard":
        return np.full(len(weights), np.inf)
    if distance == "barycentric":
        lowest = np.take_along_axis(weights, np.argmin(weights.real, -1)[:, None], -1)[:, 0]
        return np.where(lowest.real > 0.0, 1.0, -1.0) * lowest * lowest / sigma
    return np.where(inside, 1.0, -1.0) * np.sum(offset * offset, axis=-1) / sigma


def shape_at(corners, centres, settings):
    """`Shape` of faces with corners [N, 3, (x, y, depth)] seen from points [N, 2]."""
    weights = _weights(corners, centres)
    place, offset = _nearest_on_boundary(corners, centres)
    inside = np.all((weights.real > 0.0) & (weights.real < 1.0), axis=-1)
    logit = _logit(settings.distance, weights, inside, offset, settings.sigma)
    clipped = _between(weights, 0.0, 1.0)
    total = np.sum(clipped, axis=-1, keepdims=True)
    clipped = clipped / np.where(total.real < SMALLEST_SUM, SMALLEST_SUM, total)
    depth, color_weights = _depth_and_color_weights(clipped, corners[..., 2], settings)
    return Shape(logit, weights, clipped, depth, color_weights, place, offset, inside)


def _depth_and_color_weights(clipped, depths, settings):
    """Depth [N] and [N, 3]; a camera that takes depth from z has no perspective."""
    if settings.visibility.depth_from == "z":
        return np.sum(clipped * depths, axis=-1), clipped
    depth = 1.0 / np.sum(clipped / depths, axis=-1)
    if settings.perspective_correct:
        return depth, clipped / depths * depth[:, None]
    return depth, clipped


def _pairs(corners, image_size, reach):
    """(face, row, column) of all pixels in the enlarged boxes of the faces, faces in order."""
    rays = pixel_rays(image_size)
    x, y = rays[0, :, 0], rays[:, 0, 1]
    lowest = np.min(corners[..., :2], axis=1) - reach
    highest = np.max(corners[..., :2], axis=1) + reach
    in_columns = (lowest[:, :1] <= x) & (x <= highest[:, :1])  # [F, W]
    in_rows = (lowest[:, 1:] <= y) & (y <= highest[:, 1:])  # [F, H]
    return np.nonzero(in_rows[:, :, None] & in_columns[:, None, :])


def _takes_part(shape, settings):
    if settings.distance == "hard":
        return np.all((shape.weights >= 0.0) & (shape.weights <= 1.0), axis=-1)
    # Inside, a probability is at least a half.
    return -shape.logit * settings.sigma < settings.reach2


@dataclasses.dataclass(frozen=True)
class Fragments:
    """N pairs of a face and a pixel where it has a probability, faces in order."""

    face: np.ndarray  # [N]
    pixel: np.ndarray  # [N], row W + column
    centres: np.ndarray  # [N, 2]
    corners: np.ndarray  # [N, 3, 3]
    shape: Shape
    colors: np.ndarray  # [N] bool, whether it takes part in the colour

    @property
    def probability(self):
        """[N], that the pixel belongs to the face."""
        return sigmoid(self.shape.logit)

    @property
    def covers(self):
        """[N] bool, whether the pixel lies on the face."""
        return np.all((self.shape.weights >= 0.0) & (self.shape.weights <= 1.0), axis=-1)


def sigmoid(x):
    """1 / (1 + exp(-x)) without overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0.0, 1.0, small) / (1.0 + small)


def _colors(corners, depth, visibility):
    facing = determinants(corners)
    shown = np.ones(len(corners), bool)
    if visibility.cull == "back":
        shown = facing > 0.0
    elif visibility.cull == "front":
        shown = facing < 0.0
    return shown & (depth >= visibility.near) & (depth <= visibility.far)


def fragments_of(corners, image_size, settings):
    """`Fragments` of one image.

    Args:
      corners: [F, 3, (x, y, depth)], NDC; NaN for faces that take no part.
      image_size: (height, width).
      settings: `SoftrasSettings`.
    """
    face, row, column = _pairs(corners, image_size, np.sqrt(settings.reach2))
    centres = pixel_rays(image_size)[row, column, :2]
    shape = shape_at(corners[face], centres, settings)
    kept = _takes_part(shape, settings)
    face, row, column, centres = face[kept], row[kept], column[kept], centres[kept]
    shape = Shape(**{f.name: getattr(shape, f.name)[kept] for f in dataclasses.fields(Shape)})
    colors = _colors(corners[face], shape.depth, settings.visibility)
    return Fragments(face, row * image_size[1] + column, centres, corners[face], shape, colors)
