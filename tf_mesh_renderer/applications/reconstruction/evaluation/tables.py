"""Scores of several methods side by side: as text, as a plot, and with their file."""

import dataclasses
import itertools
import math
import os
import pathlib
from collections.abc import Sequence

from tf_mesh_renderer.applications.reconstruction.evaluation.score_files import write_csv
from tf_mesh_renderer.applications.reconstruction.evaluation.scores import (
    MEAN,
    MethodScores,
    Spread,
    categories_of,
    methods_of,
    over_seeds,
)
from tf_mesh_renderer.optional_packages import missing_package

SCORES_FILE, _TABLE_FILE, _PLOT_FILE = "scores.csv", "table.txt", "plot.png"
TITLES = {
    "voxel_iou": "voxel IoU (32^3)",
    "f_score": "F-score",
    "f_score_ceiling": "F-score of the true shape against itself",
    "color_error": "colour error on other views",
    "flat_color_error": "colour error of the input picture's mean colour",
    "flat_in_view_color_error": "colour error of the other view's own mean colour",
    "color_coverage": "share of the object on which colours were compared",
}
_PLOTTED = ("voxel_iou", "f_score", "color_error")
_NAME_WIDTH = 12
_PIXELS_PER_INCH = 120
# Of the plot, which has to fit into a page; of a row of categories in it, and of a bar.
_MOST_INCHES, _LEAST_INCHES = 10.0, 6.0
_ROW_INCHES, _BAR_INCHES = 2.2, 0.1
_THIN = {"color": "black", "linewidth": 1}


@dataclasses.dataclass(frozen=True)
class _Line:
    """A figure whose mean over all runs is drawn as a line beside the bars of another."""

    figure: str
    label: str
    style: str


_LINES = {
    "f_score": _Line("f_score_ceiling", "F-score of the true shape", "solid"),
    "color_error": _Line("flat_color_error", "error of the picture's mean colour", "dashed"),
}


def write_scores(directory: pathlib.Path, runs: Sequence[MethodScores]) -> str:
    """Writes scores as a file, a table and a plot.

    Args:
      directory: is there.
      runs: in the order of the columns.
    Returns:
      The table.
    Raises:
      ImportError: matplotlib is not installed.
    """
    table = text_table(runs)
    write_csv(directory / SCORES_FILE, runs)
    (directory / _TABLE_FILE).write_text(table, encoding="utf-8")
    plot(directory / _PLOT_FILE, runs)
    return table


def text_table(runs: Sequence[MethodScores]) -> str:
    """What was measured, and a block for each figure: categories down, methods across, mean last.

    Args:
      runs: in the order of the columns; runs of one method become mean +- standard deviation.
    Returns:
      Text that ends with a line break. Figures that no method has are left out.
    """
    measurements = dict.fromkeys(f"{run.measurement}\n" for run in runs)
    blocks = [_block(runs, name) for name in measured_figures(runs)]
    return "\n".join(["".join(measurements), *blocks])


def measured_figures(runs: Sequence[MethodScores]) -> list[str]:
    """The figures that at least one method has in at least one category.

    Args:
      runs: of any methods.
    Returns:
      Names of fields of `CategoryScores`.
    """
    every = [scores for run in runs for scores in run.categories]
    return [name for name in TITLES if any(getattr(s, name) is not None for s in every)]


def plot(path: str | os.PathLike, runs: Sequence[MethodScores]) -> None:
    """Draws bars of voxel IoU, F-score and colour error, for every category and the mean.

    A line stands above the F-scores where that of the true shape is, and above the colour errors
    where that of the input picture's mean colour is.

    Many categories stand in several rows, so that the plot fits into a page.

    Args:
      path: the picture; the extension says the format.
      runs: in the order of the bars; runs of one method become one bar with its standard deviation.
    Raises:
      ImportError: matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.lines import Line2D
        from matplotlib.patches import Patch
    except ImportError as error:
        raise missing_package("the plot of scores", "matplotlib") from error
    figures = [name for name in measured_figures(runs) if name in _PLOTTED]
    methods = list(methods_of(runs))
    place_inches = _BAR_INCHES * (len(methods) + 1)
    rows = _rows([*categories_of(runs), MEAN], int(_MOST_INCHES / place_inches))
    width = min(max(_LEAST_INCHES, place_inches * len(rows[0])), _MOST_INCHES)
    picture = Figure((width, _ROW_INCHES * len(rows) * len(figures)), layout="constrained")
    FigureCanvasAgg(picture)
    grid = picture.subplots(len(figures) * len(rows), squeeze=False)[:, 0]
    for axes, (name, places) in zip(grid, itertools.product(figures, rows)):
        _bars(axes, runs, name, places)
    entries = [Patch(color=_color(methods, method), label=method) for method in methods]
    for line in (_LINES[name] for name in figures if name in _LINES):
        if _runs_with(runs, line):
            entries.append(Line2D([], [], label=line.label, linestyle=line.style, **_THIN))
    picture.legend(handles=entries, loc="outside upper center", ncols=4, fontsize="small")
    picture.savefig(path, dpi=_PIXELS_PER_INCH)


def _rows(places: list[str], most: int) -> list[list[str]]:
    """The places in as few rows as hold them, all but the last of equal length."""
    length = math.ceil(len(places) / math.ceil(len(places) / max(most, 1)))
    return [places[i : i + length] for i in range(0, len(places), length)]


def _color(methods: Sequence[str], method: str):
    """The colour of a method's bars: of a palette of ten, or of twenty if need be."""
    from matplotlib import colormaps

    palette = colormaps["tab10" if len(methods) <= 10 else "tab20"]
    return palette(list(methods).index(method) % palette.N)


def _block(runs, name):
    methods = methods_of(runs)
    width = max(16, *(len(method) + 2 for method in methods))
    lines = [f"{TITLES[name]:{_NAME_WIDTH}}", f"{'':{_NAME_WIDTH}}"]
    lines[1] += "".join(f"{method:>{width}}" for method in methods)
    for category in [*categories_of(runs), MEAN]:
        cells = [_cell(over_seeds(group, name, category)) for group in methods.values()]
        lines.append(f"{category:{_NAME_WIDTH}}" + "".join(f"{cell:>{width}}" for cell in cells))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _cell(spread: Spread | None) -> str:
    if spread is None:
        return "-"
    text = f"{spread.mean:.4f}"
    return text if spread.deviation is None else f"{text} +-{spread.deviation:.4f}"


def _bars(axes, runs, name, places):
    methods = methods_of(runs)
    width = 0.8 / len(methods)
    for i, (method, group) in enumerate(methods.items()):
        spreads = [over_seeds(group, name, place) for place in places]
        drawn = [(x, spread) for x, spread in enumerate(spreads) if spread is not None]
        axes.bar(
            [x + (i - (len(methods) - 1) / 2) * width for x, _ in drawn],
            [spread.mean for _, spread in drawn],
            width,
            yerr=[spread.deviation or 0.0 for _, spread in drawn],
            color=_color(list(methods), method),
        )
    if name in _LINES:
        _draw_line(axes, runs, _LINES[name], places)
    axes.set_xticks(range(len(places)), places)
    axes.set(ylabel=TITLES[name], xlim=(-0.6, len(places) - 0.4))
    axes.set_ylim(0, None if name == "color_error" else 1)
    axes.grid(axis="y", alpha=0.3)


def _runs_with(runs, line):
    return [run for run in runs if run.value(line.figure) is not None]


def _draw_line(axes, runs, line, places):
    """A piece above the bars of each category, at the mean of all runs that have it."""
    measured = _runs_with(runs, line)
    for x, place in enumerate(places if measured else ()):
        height = over_seeds(measured, line.figure, place).mean
        axes.plot([x - 0.45, x + 0.45], [height, height], linestyle=line.style, **_THIN)
