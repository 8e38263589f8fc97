"""How the figures of the test objects went during a training."""

import os
from collections.abc import Mapping, Sequence

from tf_mesh_renderer.optional_packages import missing_package

# Columns of the log, and what stands at their axes.
_PANELS = {
    "val_light_angle": "light angle (degrees)",
    "val_texture_light_l1": "texture + light L1",
    "val_texture_l1": "texture L1",
    "val_shading_rmse": "shading RMSE",
}
_PANEL_INCHES = (3.2, 2.6)
_PIXELS_PER_INCH = 90


def plot_curves(
    path: str | os.PathLike,
    log: Sequence[Mapping[str, float]],
    *,
    start: Mapping[str, float],
    steps_per_epoch: int,
) -> None:
    """Draws the figures over the steps.

    Args:
      path: the picture; the extension says the format.
      log: of the training, a dict for each epoch, with the figures as "val_...".
      start: the same figures before the training, without "val_".
      steps_per_epoch: between two lines of the log.
    Raises:
      ImportError: matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise missing_package("the plot of a training", "matplotlib") from error
    width, height = _PANEL_INCHES
    picture = Figure((width * len(_PANELS), height), layout="constrained")
    FigureCanvasAgg(picture)
    steps = [0, *((row["epoch"] + 1) * steps_per_epoch for row in log)]
    for axes, (name, title) in zip(picture.subplots(1, len(_PANELS)), _PANELS.items()):
        axes.plot(steps, [start[name.removeprefix("val_")], *(row[name] for row in log)], ".-")
        axes.set(title=title, xlabel="step", ylim=(0, None))
    picture.savefig(path, dpi=_PIXELS_PER_INCH)


def has_curves(log: Sequence[Mapping[str, float]]) -> bool:
    """Whether the test objects were measured in every epoch.

    Args:
      log: of the training.
    Returns:
      False for a training without validation.
    """
    return bool(log) and all(name in row for row in log for name in _PANELS)
