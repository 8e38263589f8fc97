"""Cubes of texels into one picture with texture coordinates, for formats without cubes."""

import itertools
import math

import numpy as np

from tf_mesh_renderer.arguments import argument_error

# Enough pixels for the usual cubes of side 2 to 4, and N3MR's own choice for its files.
_USUAL_TILE = 16
# Viewers and GPUs take pictures up to this side.
_LARGEST_PICTURE = 8192


def cubes_to_atlas(cubes: np.ndarray, *, tile: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Lays every face as a right triangle into its own square tile of a picture.

    The corners of a face lie on pixel centres, so a lookup on the face never mixes in a
    neighbouring tile. Bilinear lookups reproduce what a renderer shows of the cubes: exactly at the
    pixel centres, which include all texels on the plane of the face if `tile - 1` is a multiple of
    T - 1, and up to the curvature of the trilinear blend over one pixel between them.

    Args:
      cubes: [F, T, T, T, C] float.
      tile: side of a tile in pixels, at least 2; None: the smallest from 16 up that meets the
        texels on the plane, or the smallest at all if the picture would exceed 8192 pixels.
    Returns:
      Picture [H, W, C] in the dtype of `cubes`, row 0 on top, 0 where no tile is, and
      [F, 3, 2] float64 texture coordinates of the corners (v up).
    Raises:
      ValueError: `cubes` has another shape, or `tile` is less than 2.
    """
    cubes = np.asarray(cubes)
    _check_cubes(cubes)
    num_faces, side, channels = len(cubes), cubes.shape[1], cubes.shape[-1]
    columns = max(1, math.isqrt(max(num_faces - 1, 0)) + 1)
    tile = _aligned_tile(side, columns) if tile is None else tile
    if tile < 2:
        raise argument_error(
            "cubes_to_atlas", "tile", expected="an integer >= 2", received=tile, hint="try 16"
        )
    rows = max(1, -(-num_faces // columns))
    tiles = np.zeros((rows * columns, tile, tile, channels), cubes.dtype)
    tiles[:num_faces] = _draw_tiles(cubes, tile)
    image = tiles.reshape(rows, columns, tile, tile, channels).swapaxes(1, 2)
    image = image.reshape(rows * tile, columns * tile, channels)
    return image, _corner_coordinates(num_faces, columns, tile, image.shape[:2])


def _aligned_tile(side, columns):
    steps = max(side - 1, 1)
    tile = steps * -(-(_USUAL_TILE - 1) // steps) + 1
    return tile if columns * tile <= _LARGEST_PICTURE else steps + 1


def _draw_tiles(cubes, tile):
    """Pictures [F, tile, tile, C]: column is the weight of corner 1, row that of corner 2."""
    ticks = np.arange(tile) / (tile - 1)
    second, first = np.meshgrid(ticks, ticks, indexing="ij")
    weights = np.stack([1.0 - first - second, first, second], axis=-1)
    drawn = _read_plane(cubes, np.maximum(weights, 0.0))
    # A lookup on the diagonal edge also touches the pixels just beyond it. Continuing the plane
    # through the three pixels inside makes that lookup linear along the edge.
    row = np.arange(1, tile)
    column = tile - row
    inner = drawn[:, row - 1, column - 1]
    drawn[:, row, column] = drawn[:, row - 1, column] + drawn[:, row, column - 1] - inner
    return drawn


def _read_plane(cubes, weights):
    """What a renderer shows at barycentrics [..., 3] of every face: a trilinear blend."""
    side = cubes.shape[1]
    position = np.minimum(weights * (side - 1), side - 1)
    low = np.clip(np.floor(position).astype(np.int64), 0, max(side - 2, 0))
    fraction = position - low
    shown = np.zeros((len(cubes), *weights.shape[:-1], cubes.shape[-1]), cubes.dtype)
    for corner in itertools.product((0, 1), repeat=3):
        share = np.prod(np.where(corner, fraction, 1.0 - fraction), axis=-1)
        i, j, k = np.moveaxis(np.minimum(low + corner, side - 1), -1, 0)
        shown += cubes[:, i, j, k] * share[..., None].astype(cubes.dtype)
    return shown


def _corner_coordinates(num_faces, columns, tile, image_size):
    row, column = np.divmod(np.arange(num_faces), columns)
    corner_x = np.array([0, tile - 1, 0])
    corner_y = np.array([0, 0, tile - 1])
    x = column[:, None] * tile + corner_x + 0.5
    y = row[:, None] * tile + corner_y + 0.5
    return np.stack([x / image_size[1], 1.0 - y / image_size[0]], axis=-1)


def _check_cubes(cubes):
    if cubes.ndim != 5 or len(set(cubes.shape[1:4])) != 1 or cubes.shape[1] < 1:
        raise argument_error(
            "cubes_to_atlas",
            "cubes",
            expected="shape [F, T, T, T, C]",
            received=f"shape {cubes.shape}",
            hint="take one item of a batch",
        )
