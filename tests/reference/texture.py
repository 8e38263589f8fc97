"""Texture lookup by texture coordinates, with mip levels, and its gradients, in float64."""

import itertools

import numpy as np

from tests.reference.rasterize_gradient import COMPLEX_STEP


def halving(size):
    """Matrix [size // 2, size] that averages texels over equal lengths of the axis."""
    coarse = max(size // 2, 1)
    length = size / coarse
    start = np.arange(coarse)[:, None] * length
    texel = np.arange(size)
    common = np.minimum(start + length, texel + 1) - np.maximum(start, texel)
    return np.maximum(common, 0.0) / length


def pyramid(texture):
    """Levels [N, h, w, C] of a texture, halved until both sides are 1."""
    levels = [np.asarray(texture, np.float64)]
    while max(levels[-1].shape[1:3]) > 1:
        fine = levels[-1]
        down, across = halving(fine.shape[1]), halving(fine.shape[2])
        levels.append(np.einsum("ij,kl,njlc->nikc", down, across, fine))
    return levels


def pyramid_gradient(gradients):
    """Gradient to the picture of what has been added up in every level."""
    total = gradients[-1]
    for finer in reversed(gradients[:-1]):
        down, across = halving(finer.shape[1]), halving(finer.shape[2])
        total = finer + np.einsum("ij,kl,nikc->njlc", down, across, total)
    return total


def _wrapped(index, size, wrap):
    if wrap == "repeat":
        return np.mod(index, size)
    if wrap == "clamp":
        return np.clip(index, 0, size - 1)
    period = np.mod(index, 2 * size)
    return np.minimum(period, 2 * size - 1 - period)


def _axis_corners(coordinate, size, filter, wrap):
    """Two pairs (texel index, weight) along one axis; weights are complex if the coordinate is."""
    if filter == "nearest":
        place = np.floor(coordinate.real * size)
        if wrap == "clamp":
            place = np.clip(place, 0, size - 1)
        return [(_wrapped(place.astype(int), size, wrap), np.ones_like(coordinate))]
    position = coordinate * size - 0.5
    if wrap == "clamp":  # no gradient from outside
        inside = (coordinate.real >= 0.0) & (coordinate.real <= 1.0)
        position = np.where(inside, position, position.real)
    low = np.floor(position.real).astype(int)
    fraction = position - low
    return [
        (_wrapped(low, size, wrap), 1.0 - fraction),
        (_wrapped(low + 1, size, wrap), fraction),
    ]


def _corners(uv, shape, filter, wrap):
    """Yields row, column and weight of the texels that pixels with coordinates [..., 2] read."""
    across = _axis_corners(uv[..., 0], shape[2], filter, wrap)
    up = _axis_corners(uv[..., 1], shape[1], filter, wrap)
    for (column, across_weight), (from_bottom, up_weight) in itertools.product(across, up):
        yield shape[1] - 1 - from_bottom, column, across_weight * up_weight


def _items(texture, uv):
    item = np.arange(uv.shape[0]) % texture.shape[0]
    return np.broadcast_to(item[:, None, None], uv.shape[:-1])


def _read(level, uv, filter, wrap):
    """[B, H, W, C] lookup in one level."""
    item = _items(level, uv)
    corners = _corners(uv, level.shape, filter, wrap)
    return sum(weight[..., None] * level[item, row, column] for row, column, weight in corners)


def level_of_detail(uv_derivatives, size):
    """[B, H, W] log2 of the longest axis of a pixel's footprint; size is (height, width)."""
    footprint = np.asarray(uv_derivatives, np.float64) * np.array(size[::-1])[:, None]
    with np.errstate(divide="ignore"):
        return np.log2(np.linalg.svd(footprint, compute_uv=False)[..., 0])


def _level_shares(uv_derivatives, levels, filter):
    """For each level its share [B, H, W] in every pixel."""
    if filter != "trilinear":
        return [1.0]
    lod = level_of_detail(uv_derivatives, levels[0].shape[1:3])
    lod = np.clip(lod, 0, len(levels) - 1)
    return [np.maximum(0.0, 1.0 - np.abs(lod - k)) for k in range(len(levels))]


def texture(texture, uv, *, uv_derivatives=None, filter="bilinear", wrap="repeat"):
    """[B, H, W, C] values of a texture [B or 1, h, w, C] at uv [B, H, W, 2]."""
    levels = pyramid(texture) if filter == "trilinear" else [np.asarray(texture, np.float64)]
    uv = np.asarray(uv, np.float64)
    shares = _level_shares(uv_derivatives, levels, filter)
    values = (_read(level, uv, filter, wrap) for level in levels)
    return sum(
        np.asarray(share)[..., None] * value for share, value in zip(shares, values, strict=True)
    )


def texture_gradient(
    texture, uv, upstream, *, uv_derivatives=None, filter="bilinear", wrap="repeat"
):
    """Gradients to texture, uv and uv_derivatives (None without), each by its own means."""
    levels = pyramid(texture) if filter == "trilinear" else [np.asarray(texture, np.float64)]
    uv = np.asarray(uv, np.float64)
    shares = _level_shares(uv_derivatives, levels, filter)
    scaled = [np.asarray(share)[..., None] * upstream for share in shares]
    grad_levels = [np.zeros_like(level) for level in levels]
    for grad, share in zip(grad_levels, scaled, strict=True):
        for row, column, weight in _corners(uv, grad.shape, filter, wrap):
            np.add.at(grad, (_items(grad, uv), row, column), weight[..., None] * share)
    grad_uv = np.zeros(uv.shape)
    for axis in range(2):
        moved = uv + 1j * COMPLEX_STEP * np.eye(2)[axis]
        for level, share in zip(levels, scaled, strict=True):
            change = _read(level, moved, filter, wrap).imag / COMPLEX_STEP
            grad_uv[..., axis] += np.sum(change * share, axis=-1)
    grad_derivatives = None
    if filter == "trilinear":
        values = [np.sum(_read(level, uv, filter, wrap) * upstream, axis=-1) for level in levels]
        grad_derivatives = _derivatives_gradient(uv_derivatives, values, levels[0].shape[1:3])
    return pyramid_gradient(grad_levels), grad_uv, grad_derivatives


def _derivatives_gradient(uv_derivatives, values, size):
    """From upstream-weighted values of all levels, which the level of detail blends linearly."""
    lod = level_of_detail(uv_derivatives, size)
    last = len(values) - 1
    low = np.clip(np.floor(lod), 0, max(last - 1, 0)).astype(int)
    values = np.stack(values)
    slope = np.take_along_axis(values, np.minimum(low + 1, last)[None], 0)
    slope = (slope - np.take_along_axis(values, low[None], 0))[0]
    slope = np.where((lod > 0) & (lod < last), slope, 0.0)
    gradient = np.zeros(np.shape(uv_derivatives))
    for index in itertools.product(range(2), repeat=2):
        footprint = np.array(uv_derivatives, complex)
        footprint[(..., *index)] += 1j * COMPLEX_STEP
        footprint = footprint * np.array(size[::-1])[:, None]
        gradient[(..., *index)] = slope * _complex_lod(footprint).imag / COMPLEX_STEP
    return gradient


def _complex_lod(footprint):
    """level_of_detail from the larger root of the characteristic polynomial of J J^T."""
    product = footprint @ np.swapaxes(footprint, -1, -2)
    half_trace = (product[..., 0, 0] + product[..., 1, 1]) / 2
    determinant = product[..., 0, 0] * product[..., 1, 1] - product[..., 0, 1] ** 2
    return np.log2(half_trace + np.sqrt(half_trace**2 - determinant)) / 2
