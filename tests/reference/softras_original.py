"""The gradient that the released SoftRas kernels give, which is not quite that of their image.

They give nothing to fragments outside the depth range, leave out how colour and depth move with the
corners' x and y, and treat hard alpha as a sum. In float64.
"""

import numpy as np

from tests.reference.softras import Gradients, color_gain, table_gradient
from tests.reference.softras_fragments import safe_determinants, sigmoid

# The released code keeps the probability of a miss above this before it divides.
SMALLEST_MISS = 1e-6


def _grad_probability(picture, grad_image, settings):
    """What flows to the probability of every fragment from alpha and from colour, [N]."""
    fragments = picture.fragments
    grad_alpha = grad_image[fragments.pixel, -1]
    if settings.aggregate_alpha == "product":
        others = (1.0 - picture.image[fragments.pixel, -1]) / np.maximum(
            sigmoid(-fragments.shape.logit), SMALLEST_MISS
        )
        grad_alpha = grad_alpha * others
    elif settings.aggregate_alpha == "sum":
        grad_alpha = grad_alpha / max(picture.num_faces, 1)
    if settings.aggregate_rgb == "hard":
        return grad_alpha
    return grad_alpha + color_gain(picture, grad_image) / fragments.probability


def _to_lowest_weight(fragments, grad_distance2):
    """Gradient [N, 3, 2] through the square of the lowest barycentric weight."""
    weights, corners = fragments.shape.weights, fragments.corners
    lowest = np.argmin(weights, axis=-1)
    rows = np.arange(len(lowest))
    first, second = corners[rows, (lowest + 1) % 3], corners[rows, (lowest + 2) % 3]
    slope = np.stack([first[:, 1] - second[:, 1], second[:, 0] - first[:, 0]], axis=-1)
    slope /= safe_determinants(corners)[:, None]  # [N, 2], of the lowest weight on the image
    amount = grad_distance2 * 2.0 * np.abs(weights[rows, lowest])
    return -slope[:, None] * weights[..., None] * amount[:, None, None]


def _grad_xy(fragments, grad_probability, settings):
    if settings.distance == "hard":
        return np.zeros((len(fragments.face), 3, 2))
    logit = fragments.shape.logit
    amount = grad_probability * sigmoid(logit) * sigmoid(-logit) / settings.sigma
    if settings.distance == "barycentric":
        return _to_lowest_weight(fragments, amount)
    signed = 2.0 * np.where(fragments.shape.inside, amount, -amount)
    return (
        signed[:, None, None] * fragments.shape.place[..., None] * fragments.shape.offset[:, None]
    )


def draw_gradient(picture, grad_image, settings):
    """The released gradient; arguments and result as `softras.draw_gradient`."""
    fragments, near, far = picture.fragments, settings.visibility.near, settings.visibility.far
    shape = fragments.shape
    in_range = (shape.depth >= near) & (shape.depth <= far)
    grad_probability = np.where(in_range, _grad_probability(picture, grad_image, settings), 0.0)
    gradient = np.zeros((len(picture.table), 3, 3))
    np.add.at(gradient[..., :2], fragments.face, _grad_xy(fragments, grad_probability, settings))
    if settings.aggregate_rgb == "softmax":
        grad_depth = color_gain(picture, grad_image) / settings.gamma / (near - far)
        spread = shape.clipped * (shape.depth[:, None] / fragments.corners[..., 2]) ** 2
        np.add.at(gradient[..., 2], fragments.face, grad_depth[:, None] * spread)
    background = picture.background_share @ grad_image[:, :-1]
    return Gradients(gradient, table_gradient(picture, grad_image), background)
