"""Sheets of pictures."""

from collections.abc import Sequence
from typing import Any

import numpy as np

_WHITE = 1.0


def sheet(rows: Sequence[Sequence[Any]], *, margin: int = 4) -> np.ndarray:
    """Pictures in rows and columns on white.

    Args:
      rows: pictures [H, W, 3 or 4] float in [0, 1], all of one size; a shorter row is filled with
        white. A fourth channel is left out.
      margin: pixels around each picture.
    Returns:
      [H', W', 3] float32.
    """
    height, width = rows[0][0].shape[:2]
    columns = max(len(row) for row in rows)
    down, right = height + margin, width + margin
    page = np.full((len(rows) * down + margin, columns * right + margin, 3), _WHITE, np.float32)
    for i, row in enumerate(rows):
        for j, picture in enumerate(row):
            top, left = margin + i * down, margin + j * right
            page[top : top + height, left : left + width] = np.asarray(picture)[..., :3]
    return page
