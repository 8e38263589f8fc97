"""DIB-R's soft mask and its gradient, every face against every pixel in its box, in float64.

Source: Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
Renderer", NeurIPS 2019, section 3.2, and the released kernels.
"""

import dataclasses

import numpy as np

from tests.reference.rasterize import faces_of_item, pixel_rays
from tests.reference.screen import add_corner_gradients, screen_corners

CORNERS = 3


@dataclasses.dataclass(frozen=True)
class DibrSettings:
    """Falloff of the mask; the last two are 0 for the exact gradient.

    The released kernels add 1e-7 in two places to stay clear of divisions by zero:
    `eps_length2` (1e-7 / multiplier^2, NDC) to squared lengths of edges, `eps_miss` (1e-7) to the
    probability that a face misses the pixel, in the gradient only.
    """

    sigma_inv: float = 7000.0
    box_length: float = 0.02
    k_faces: int | None = None
    falloff: str = "squared"
    eps_length2: float = 0.0
    eps_miss: float = 0.0


@dataclasses.dataclass(frozen=True)
class Reach:
    """N pairs of a face and an uncovered pixel in its box, ordered by face."""

    face: np.ndarray  # [N]
    pixel: np.ndarray  # [N], row W + column
    rank: np.ndarray  # [N], how many faces before it have the pixel in reach
    feature: np.ndarray  # [N], nearest: edges 0 to 2 (k to k + 1), corners 3 to 5
    distance2: np.ndarray  # [N], squared, NDC
    grad_distance2: np.ndarray  # [N, 3, 2], to the corners
    probability: np.ndarray  # [N]


def _pairs(corners, covered, settings):
    """(face, row, column, rank) of all faces that take part at a pixel."""
    rays = pixel_rays(covered.shape)
    x, y = rays[0, :, 0], rays[:, 0, 1]
    lowest = np.min(corners, axis=1) - settings.box_length  # [F, 2]
    highest = np.max(corners, axis=1) + settings.box_length
    in_columns = (lowest[:, :1] <= x) & (x < highest[:, :1])  # [F, W]
    in_rows = (lowest[:, 1:] <= y) & (y < highest[:, 1:])  # [F, H]
    near = in_rows[:, :, None] & in_columns[:, None, :] & ~covered  # [F, H, W]
    rank = np.cumsum(near, axis=0, dtype=np.int32) - 1
    if settings.k_faces is not None:
        near &= rank < settings.k_faces
    pairs = np.nonzero(near)
    return *pairs, rank[pairs]


def _edge_distances(moved, eps):
    """Squared distance of the origin to one edge of triangles, infinite beyond its ends.

    Args:
      moved: [N, 2, 2], the two ends.
      eps: added to the squared length.
    Returns:
      [N], and its gradient to the ends [N, 2, 2].
    """
    a, b = moved[:, 0], moved[:, 1]
    along = b - a
    length2 = np.sum(along * along, axis=-1) + eps
    area = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]  # twice that of the origin and the edge
    with np.errstate(divide="ignore", invalid="ignore"):
        distance2 = area * area / length2
        d_area = np.stack([[b[:, 1], -b[:, 0]], [-a[:, 1], a[:, 0]]])  # [end, xy, N]
        d_length2 = 2.0 * np.stack([-along, along]).transpose(0, 2, 1)
        gradient = (2.0 * area * d_area - distance2 * d_length2) / length2
    # The foot lies between the ends if the edge is seen under an acute angle from both.
    between = (np.sum(a * along, axis=-1) <= 0.0) & (np.sum(b * along, axis=-1) >= 0.0)
    between &= length2 > 0.0
    return np.where(between, distance2, np.inf), gradient.transpose(2, 0, 1)


def nearest_features(moved, eps=0.0):
    """Nearest edge or corner of triangles to the origin; of equals the first, edges first.

    Args:
      moved: [N, 3, 2], corners relative to the pixel.
      eps: added to squared lengths of edges.
    Returns:
      feature [N], squared distance [N], and its gradient to the corners [N, 3, 2].
    """
    count = len(moved)
    candidates = np.empty((2 * CORNERS, count))
    gradients = np.zeros((2 * CORNERS, count, CORNERS, 2))
    for k in range(CORNERS):
        ends = [k, (k + 1) % CORNERS]
        candidates[k], gradients[k][:, ends] = _edge_distances(moved[:, ends], eps)
        candidates[CORNERS + k] = np.sum(moved[:, k] ** 2, axis=-1)
        gradients[CORNERS + k][:, k] = 2.0 * moved[:, k]
    feature = np.argmin(candidates, axis=0)
    chosen = (feature, np.arange(count))
    return feature, candidates[chosen], gradients[chosen]


def _exponent(distance2, settings):
    """What falls off exponentially with the distance."""
    distance = distance2 if settings.falloff == "squared" else np.sqrt(distance2)
    return settings.sigma_inv * distance


def faces_in_reach(corners, covered, settings):
    """All pairs of a face and a pixel that make up the mask of one image.

    Args:
      corners: [F, 3, 2], NDC; NaN for faces that take no part.
      covered: [H, W] bool.
      settings: `DibrSettings`.
    Returns:
      `Reach`.
    """
    face, row, column, rank = _pairs(corners, covered, settings)
    centres = pixel_rays(covered.shape)[row, column, :2]
    moved = corners[face] - centres[:, None, :]
    feature, distance2, gradient = nearest_features(moved, settings.eps_length2)
    probability = np.exp(-_exponent(distance2, settings))
    pixel = row * covered.shape[1] + column
    return Reach(face, pixel, rank, feature, distance2, gradient, probability)


def _misses(reach, settings):
    """Probability [N] that a face does not show at its pixel, without cancellation."""
    return -np.expm1(-_exponent(reach.distance2, settings))


def _mask(reach, covered, settings):
    empty = np.ones(covered.size)
    np.multiply.at(empty, reach.pixel, _misses(reach, settings))
    return np.where(covered, 1.0, 1.0 - empty.reshape(covered.shape))


def screen_mask(corners, covered, settings):
    """Mask [H, W] of one image; 1 where covered. Arguments as `faces_in_reach`."""
    return _mask(faces_in_reach(corners, covered, settings), covered, settings)


def _grad_probability(reach, size, settings):
    """d(mask of the pixel) / d(probability of the pair), [N]: the others all miss."""
    misses = _misses(reach, settings)
    if settings.eps_miss > 0.0:
        empty = np.ones(size)
        np.multiply.at(empty, reach.pixel, misses)
        return empty[reach.pixel] / (misses + settings.eps_miss)
    certain = misses == 0.0
    others = np.ones(size)
    np.multiply.at(others, reach.pixel, np.where(certain, 1.0, misses))
    hits = np.bincount(reach.pixel, certain, minlength=size)
    # A face that hits for sure leaves nothing to the others.
    with np.errstate(divide="ignore"):
        alone = others[reach.pixel] / np.where(certain, 1.0, misses)
    return np.where(hits[reach.pixel] - certain > 0, 0.0, alone)


def _d_exponent(distance2, settings):
    """Derivative of `_exponent`; 0 at the kink of the linear falloff."""
    if settings.falloff == "squared":
        return np.full_like(distance2, settings.sigma_inv)
    distance = np.sqrt(distance2)
    return settings.sigma_inv / np.where(distance > 0.0, 2.0 * distance, np.inf)


def screen_mask_gradient(corners, covered, grad_mask, settings):
    """Gradient [F, 3, 2] of sum(mask * grad_mask) to the corners; see `faces_in_reach`."""
    reach = faces_in_reach(corners, covered, settings)
    slope = -reach.probability * _d_exponent(reach.distance2, settings)
    slope *= _grad_probability(reach, covered.size, settings) * grad_mask.reshape(-1)[reach.pixel]
    gradient = np.zeros_like(corners)
    np.add.at(gradient, reach.face, slope[:, None, None] * reach.grad_distance2)
    return gradient


def dibr_mask(vertices_clip, faces, face_id, settings):
    """Mask [B, H, W] for vertices in clip space.

    Args:
      vertices_clip: [B, V, 4].
      faces: [F, 3] or [B, F, 3]; rows of -1 are padding.
      face_id: [B, H, W]; -1 where no face is seen.
      settings: `DibrSettings`.
    """
    items = []
    for item, vertices in enumerate(np.asarray(vertices_clip, np.float64)):
        corners = screen_corners(vertices, faces_of_item(np.asarray(faces), item))
        items.append(screen_mask(corners[..., :2], face_id[item] >= 0, settings))
    return np.stack(items)


def dibr_mask_gradient(vertices_clip, faces, face_id, grad_mask, settings):
    """Gradient [B, V, 4] of sum(mask * grad_mask); arguments as `dibr_mask`."""
    vertices_clip = np.asarray(vertices_clip, np.float64)
    gradient = np.zeros_like(vertices_clip)
    for item, vertices in enumerate(vertices_clip):
        indices = faces_of_item(np.asarray(faces), item)
        corners = screen_corners(vertices, indices)
        covered = face_id[item] >= 0
        grad_xy = screen_mask_gradient(corners[..., :2], covered, grad_mask[item], settings)
        grad_corners = np.concatenate([grad_xy, np.zeros_like(grad_xy[..., :1])], axis=-1)
        gradient[item] = add_corner_gradients(vertices, indices, grad_corners)
    return gradient
