"""Captioned sheets of pictures, and plots of losses."""

import pathlib
from collections.abc import Mapping, Sequence

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

matplotlib.use("Agg")  # before pyplot is imported
from matplotlib import font_manager, pyplot

_FONT_SIZE = 13
_MARGIN = 4
_LINE = 18
_PAPER, _INK = (255, 255, 255), (30, 30, 30)
_SMOOTHING = 15


def sheet(
    rows: Sequence[Sequence[np.ndarray]],
    *,
    column_titles: Sequence[str],
    row_titles: Sequence[str],
    captions: Sequence[Sequence[str]] | None = None,
    footer: str = "",
) -> np.ndarray:
    """Pictures in rows and columns with text around them.

    Args:
      rows: pictures of one size, [H, W, 3] in [0, 1].
      column_titles: a line above each column.
      row_titles: a line above each row.
      captions: a line below each picture.
      footer: a line at the end.
    Returns:
      [H, W, 3] float32 in [0, 1].
    """
    height, width = rows[0][0].shape[:2]
    caption_height = _LINE if captions else 0
    row_height = _LINE + height + caption_height + _MARGIN
    size = (
        len(rows[0]) * (width + _MARGIN) + _MARGIN,
        _LINE + len(rows) * row_height + (_LINE if footer else 0) + _MARGIN,
    )
    page = Image.new("RGB", size, _PAPER)
    write = _writer(page)
    for column, title in enumerate(column_titles):
        write(_MARGIN + column * (width + _MARGIN) + width // 2, 0, title, centered=True)
    for row, pictures in enumerate(rows):
        top = _LINE + row * row_height
        write(_MARGIN, top, row_titles[row])
        for column, picture in enumerate(pictures):
            left = _MARGIN + column * (width + _MARGIN)
            page.paste(_image(picture), (left, top + _LINE))
            if captions:
                caption = captions[row][column]
                write(left + width // 2, top + _LINE + height, caption, centered=True)
    write(_MARGIN, size[1] - _LINE - _MARGIN // 2, footer)
    return np.asarray(page, np.float32) / 255


def plot_losses(path: pathlib.Path, panels: Mapping[str, Mapping[str, Sequence[float]]]) -> None:
    """Losses over iterations, a panel for each {title: {curve: losses}}."""
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    figure, axes = pyplot.subplots(
        rows, columns, figsize=(4.2 * columns, 3.2 * rows), squeeze=False, layout="constrained"
    )
    for axis, (title, curves) in zip(axes.flat, panels.items()):
        for (name, losses), style in zip(curves.items(), ("-", "--", "-.", ":")):
            axis.plot(_smooth(losses), style, label=name, linewidth=1.4)
        axis.set(title=title, xlabel="iteration", ylabel="loss", yscale="log")
        axis.grid(alpha=0.3)
        axis.legend()
    for axis in axes.flat[len(panels) :]:
        axis.remove()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def _smooth(losses):
    """Mean of the last few values: a step sees some of the views only."""
    sums = np.cumsum(np.concatenate([[0.0], losses]))
    ends = np.arange(1, len(sums))
    starts = np.maximum(ends - _SMOOTHING, 0)
    return (sums[ends] - sums[starts]) / (ends - starts)


def _writer(page):
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(font_manager.findfont("DejaVu Sans"), _FONT_SIZE)

    def write(x, y, text, *, centered=False):
        draw.text((x, y + 1), text, fill=_INK, font=font, anchor="ma" if centered else "la")

    return write


def _image(picture):
    return Image.fromarray(np.round(np.clip(picture[..., :3], 0, 1) * 255).astype(np.uint8))
