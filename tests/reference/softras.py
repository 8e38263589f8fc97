"""SoftRas' image and the exact derivative of it, in float64.

Fragments come from `softras_fragments`. Source: Liu et al., "Soft Rasterizer: A Differentiable
Renderer for Image-based 3D Reasoning", ICCV 2019, equations 2 to 7, and the released kernels.
"""

import dataclasses

import numpy as np

from tests.reference.rasterize_gradient import COMPLEX_STEP
from tests.reference.softras_fragments import fragments_of, shape_at, sigmoid

# Depth where a hard aggregation finds no face.
NO_DEPTH = 1e7


@dataclasses.dataclass(frozen=True)
class Picture:
    """One image with what its gradient needs; colours of `fragments` are read from `table`."""

    fragments: object
    texel: np.ndarray | None  # [N], the texel read; None for colours of the corners
    table: np.ndarray  # [F, 3, C] per corner, or [F, R R, C]
    background: np.ndarray  # [C]
    image: np.ndarray  # [H W, C + 1]
    aggregates: np.ndarray  # [H W, 2], softmax: (sum, largest); hard: (depth, face id or -1)
    share: np.ndarray  # [N], of each fragment in the colour of its pixel
    background_share: np.ndarray  # [H W]
    num_faces: int  # for the sum of alpha


@dataclasses.dataclass(frozen=True)
class Gradients:
    """To corners [F, 3, 3], colours (like `Picture.table`) and background [C]."""

    corners: np.ndarray
    table: np.ndarray
    background: np.ndarray


def _sum_by(pixel, values, size):
    """Sums [N] or [N, C] values per pixel."""
    total = np.zeros((size, *values.shape[1:]))
    np.add.at(total, pixel, values)
    return total


def _texels(weights, side):
    """Index of the nearest texel [N] of a face's R x R colours; the last row is never left."""
    first, second = (np.minimum(np.trunc(weights[:, k] * side), side - 1) for k in (0, 1))
    lower = (weights[:, 0] + weights[:, 1]) * side - first - second <= 1.0
    # Cells along the third edge have no upper half on the face; the sum may say so by rounding.
    lower |= first + second >= side - 1
    upper_texel = (side - 1 - second) * side + (side - 1 - first)
    return np.where(lower, second * side + first, upper_texel).astype(int)


def _read(table, face, texel, weights):
    """Colours [N, C]; complex if the weights are."""
    if texel is None:
        return np.einsum("nk,nkc->nc", weights, table[face])
    return table[face, texel]


def _alpha(fragments, size, num_faces, settings):
    if settings.aggregate_alpha == "product":
        # log(1 - sigmoid(x)) = -log(1 + exp(x))
        miss = np.logaddexp(0.0, fragments.shape.logit)
        return -np.expm1(-_sum_by(fragments.pixel, miss, size))
    if settings.aggregate_alpha == "sum":
        return _sum_by(fragments.pixel, fragments.probability, size) / max(num_faces, 1)
    return (_sum_by(fragments.pixel, fragments.probability > 0.5, size) > 0).astype(float)


def _softmax_shares(fragments, size, settings):
    """Share of every fragment and of the background, and the aggregates (sum, largest)."""
    near, far = settings.visibility.near, settings.visibility.far
    nearness = (far - fragments.shape.depth) / (far - near)
    pixel, colors = fragments.pixel, fragments.colors
    largest = np.full(size, settings.eps)
    np.maximum.at(largest, pixel[colors], nearness[colors])
    power = np.where(colors, (nearness - largest[pixel]) / settings.gamma, -np.inf)
    amount = np.exp(power) * fragments.probability
    # The released code counts the background exp(eps / gamma) times.
    behind = np.exp((2.0 * settings.eps - largest) / settings.gamma)
    total = behind + _sum_by(pixel, amount, size)
    return amount / total[pixel], behind / total, np.stack([total, largest], axis=-1)


def _hard_shares(fragments, size):
    """Like `_softmax_shares` with the nearest covering face alone; of equals the first."""
    candidates = np.nonzero(fragments.colors & fragments.covers)[0]
    order = np.lexsort((candidates, fragments.shape.depth[candidates]))
    pixel, first = np.unique(fragments.pixel[candidates[order]], return_index=True)
    winners = candidates[order][first]
    share = np.zeros(len(fragments.pixel))
    share[winners] = 1.0
    aggregates = np.tile([NO_DEPTH, -1.0], (size, 1))
    aggregates[pixel] = np.stack([fragments.shape.depth[winners], fragments.face[winners]], axis=-1)
    return share, (aggregates[:, 1] < 0.0).astype(float), aggregates


def draw(corners, table, background, image_size, settings, *, num_faces=None):
    """Draws one image.

    Args:
      corners: [F, 3, (x, y, depth)], NDC; NaN for faces that take no part.
      table: [F, 3, C] colours of the corners, or [F, R R, C] of the surface.
      background: [C].
      image_size: (height, width).
      settings: `SoftrasSettings`.
      num_faces: that a sum for alpha is divided by; None: all F.
    Returns:
      `Picture`.
    """
    size = image_size[0] * image_size[1]
    fragments = fragments_of(corners, image_size, settings)
    num_faces = len(corners) if num_faces is None else num_faces
    texel = None
    if settings.color_source == "surface":
        texel = _texels(fragments.shape.color_weights, round(np.sqrt(table.shape[1])))
    if settings.aggregate_rgb == "softmax":
        share, background_share, aggregates = _softmax_shares(fragments, size, settings)
    else:
        share, background_share, aggregates = _hard_shares(fragments, size)
    colors = _read(table, fragments.face, texel, fragments.shape.color_weights)
    rgb = _sum_by(fragments.pixel, share[:, None] * colors, size)
    rgb += background_share[:, None] * background
    alpha = _alpha(fragments, size, num_faces, settings)
    image = np.concatenate([rgb, alpha[:, None]], axis=-1)
    return Picture(
        fragments, texel, table, background, image, aggregates, share, background_share, num_faces
    )


def table_gradient(picture, grad_image):
    """Gradient to the colours, like `Picture.table`."""
    fragments = picture.fragments
    to_color = picture.share[:, None] * grad_image[fragments.pixel, :-1]  # [N, C]
    gradient = np.zeros_like(picture.table)
    if picture.texel is None:
        spread = fragments.shape.color_weights[..., None] * to_color[:, None]  # [N, 3, C]
        np.add.at(gradient, fragments.face, spread)
    else:
        np.add.at(gradient, (fragments.face, picture.texel), to_color)
    return gradient


def color_gain(picture, grad_image):
    """How much the loss grows with the logarithm of each fragment's amount of colour, [N]."""
    fragments = picture.fragments
    colors = _read(picture.table, fragments.face, picture.texel, fragments.shape.color_weights)
    difference = colors - picture.image[fragments.pixel, :-1]
    gain = np.sum(difference * grad_image[fragments.pixel, :-1], axis=-1)
    return picture.share * gain


def _grad_logit(picture, grad_image, settings):
    fragments = picture.fragments
    grad_alpha = grad_image[fragments.pixel, -1]
    hit, miss = fragments.probability, sigmoid(-fragments.shape.logit)
    if settings.aggregate_alpha == "product":
        gradient = grad_alpha * (1.0 - picture.image[fragments.pixel, -1]) * hit
    elif settings.aggregate_alpha == "sum":
        gradient = grad_alpha * hit * miss / max(picture.num_faces, 1)
    else:
        gradient = np.zeros(len(hit))
    if settings.aggregate_rgb == "softmax":
        gradient = gradient + color_gain(picture, grad_image) * miss
    return gradient


def _corner_gradient(picture, grad_image, settings):
    """Exact, by complex steps of `shape_at` with every choice held fixed."""
    fragments, near, far = picture.fragments, settings.visibility.near, settings.visibility.far
    grad_logit = _grad_logit(picture, grad_image, settings)
    grad_color = picture.share[:, None] * grad_image[fragments.pixel, :-1]
    grad_depth = np.zeros(len(grad_logit))
    if settings.aggregate_rgb == "softmax":
        grad_depth = color_gain(picture, grad_image) / settings.gamma / (near - far)
    gradient = np.zeros((len(picture.table), 3, 3))
    for corner, axis in np.ndindex(3, 3):
        moved = fragments.corners.astype(complex)
        moved[:, corner, axis] += 1j * COMPLEX_STEP
        shape = shape_at(moved, fragments.centres, settings)
        color = _read(picture.table, fragments.face, picture.texel, shape.color_weights)
        change = np.sum(grad_color * color.imag, axis=-1) + grad_depth * shape.depth.imag
        change = change + grad_logit * shape.logit.imag
        np.add.at(gradient[:, corner, axis], fragments.face, change / COMPLEX_STEP)
    return gradient


def draw_gradient(picture, grad_image, settings):
    """Exact gradient of sum(image * grad_image) of one image.

    Args:
      picture: `Picture` of `draw`.
      grad_image: [H W, C + 1].
      settings: `SoftrasSettings`.
    Returns:
      `Gradients`.
    """
    return Gradients(
        _corner_gradient(picture, grad_image, settings),
        table_gradient(picture, grad_image),
        picture.background_share @ grad_image[:, :-1],
    )
