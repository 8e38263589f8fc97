"""Figures of a network on the objects of the test set, and their table."""

import csv
import pathlib
from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf

from tf_mesh_renderer.applications.texture_light.experiment import TextureLightExperiment
from tf_mesh_renderer.datasets.textured import textured_test_batches
from tf_mesh_renderer.models.texture_light import TextureLightTrainer

TEST_OBJECTS = 24
_BATCH = 8
_VALIDATION = "val_"


class TestObjects:
    """The fixed test set of an experiment, and what is measured on it.

    Args:
      experiment: says how its objects are lit and drawn.
      objects: how many; rounded up to whole batches of 8.
    """

    def __init__(self, experiment: TextureLightExperiment, objects: int = TEST_OBJECTS):
        size = min(_BATCH, objects)
        count = -(-objects // size) * size
        batches = textured_test_batches(count=count, batch_size=size, style=experiment.style)
        self._batches = list(batches)
        self._step = None

    @property
    def first(self) -> dict[str, tf.Tensor]:
        """The first batch, for pictures."""
        return self._batches[0]

    def measure(self, trainer: TextureLightTrainer) -> dict[str, float]:
        """Means over all pictures of `TextureLightTrainer.figures_of`.

        Args:
          trainer: called as it is at the time of the call, so that it may be in training; always
            the same one.
        Returns:
          The figures by name.
        """
        if self._step is None:
            self._step = tf.function(trainer.figures_of, autograph=False)
        found = [self._step(batch) for batch in self._batches]
        return {name: sum(float(f[name]) for f in found) / len(found) for name in found[0]}


class Validation(keras.callbacks.Callback):
    """Adds the figures of the test objects to the log of each epoch, as "val_...".

    Args:
      objects: what they are measured on.
    """

    def __init__(self, objects: TestObjects):
        super().__init__()
        self._objects = objects

    def on_epoch_end(self, epoch, logs=None):
        """Callbacks after this one see the figures."""
        for name, value in self._objects.measure(self.model).items():
            logs[_VALIDATION + name] = value


def write_figures(directory: pathlib.Path, rows: Sequence[tuple[str, Mapping[str, float]]]) -> str:
    """Writes figures as figures.csv and table.txt.

    Args:
      directory: made if it is not there.
      rows: a label and figures each.
    Returns:
      The text of the table.
    """
    directory.mkdir(parents=True, exist_ok=True)
    names = list(dict.fromkeys(name for _, figures in rows for name in figures))
    with (directory / "figures.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["", *names])
        for label, figures in rows:
            writer.writerow([label, *(figures.get(name, "") for name in names)])
    cells = [["", *names]]
    cells += [[label, *(_shown(figures.get(name)) for name in names)] for label, figures in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(names) + 1)]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
        for row in cells
    ]
    text = "\n".join(lines) + "\n"
    (directory / "table.txt").write_text(text, encoding="utf-8")
    return text


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
