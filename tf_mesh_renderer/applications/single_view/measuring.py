"""The rows of the paper's table: texture, silhouettes, keypoints."""

import csv
import dataclasses
import pathlib
from collections.abc import Sequence

import keras
import numpy as np

from tf_mesh_renderer import metrics
from tf_mesh_renderer.datasets import AnnotatedPictures, every_picture
from tf_mesh_renderer.models.single_view import SingleViewTrainer
from tf_mesh_renderer.models.single_view.trainer import over_black, project
from tf_mesh_renderer.optional_packages import progress_bar

TABLE, FIGURES = "table.txt", "figures.csv"
_RGB, _COVERED = 3, 0.5
_TITLES = {
    "texture_l1": "texture L1",
    "iou_loss": "2D IoU loss",
    "keypoints": "keypoints within 0.1",
}
_NAME_WIDTH = 22


@dataclasses.dataclass(frozen=True)
class SingleViewScores:
    """What was measured of one network.

    Attributes:
      texture_l1: mean absolute difference of colours over black, over all pixels, means over
        pictures.
      iou_loss: one minus the intersection over union of silhouettes cut at one half, mean over
        pictures.
      keypoints: share of pictures, of those that show it, where a keypoint is within 0.1 of the
        longest side of the box; mean over keypoints.
      pictures: how many there were.
    Source:
      Chen et al. (DIB-R), NeurIPS 2019, Table 3; the mean over keypoints is that of Kanazawa et al.
      (CMR), ECCV 2018.
    """

    texture_l1: float
    iou_loss: float
    keypoints: float
    pictures: int


def measure(
    trainer: SingleViewTrainer, dataset: AnnotatedPictures, *, batch_size: int, image_size: int
) -> SingleViewScores:
    """Measures a network on all pictures of a split, without jitter.

    Args:
      trainer: of the network.
      dataset: the split.
      batch_size: pictures at once.
      image_size: as in training.
    Returns:
      The scores.
    Raises:
      ImportError: tqdm is not installed.
    """
    colors, overlaps, correct, visible = [], [], [], []
    batches = every_picture(dataset, batch_size=batch_size, image_size=image_size)
    for batch in progress_bar(batches, description="measure", unit="batch"):
        images = over_black(batch["images"])
        predicted = trainer(images, training=False)
        drawn = trainer.draw(batch, predicted)
        colors.append(metrics.color_l1(images[..., :_RGB], drawn[..., :_RGB]))
        masks = (image[..., _RGB] > _COVERED for image in (images, drawn))
        overlaps.append(metrics.silhouette_iou(*masks))
        found = project(predicted["keypoints"], batch["poses"])
        side = {"object_side": trainer.object_side}
        correct.append(metrics.keypoints_within(batch["keypoints"], found, **side))
        visible.append(batch["keypoints"][..., 2] > 0)
    hits, shown = (np.concatenate(values).sum(axis=0) for values in (correct, visible))
    return SingleViewScores(
        float(np.mean(np.concatenate(colors))),
        float(1 - np.mean(np.concatenate(overlaps))),
        float(np.mean(hits[shown > 0] / shown[shown > 0])) if np.any(shown) else float("nan"),
        len(dataset),
    )


class Validation(keras.callbacks.Callback):
    """Adds the figures of a split that is not trained on to the log of each epoch.

    Args:
      dataset: the split.
      batch_size: pictures at once.
      image_size: as in training.
    """

    def __init__(self, dataset: AnnotatedPictures, *, batch_size: int, image_size: int):
        super().__init__()
        self._batches = every_picture(dataset, batch_size=batch_size, image_size=image_size)

    def on_epoch_end(self, epoch, logs=None):
        """Callbacks after this one see the figures."""
        totals, count = {}, 0
        for batch in self._batches:
            size = len(batch["indices"])
            for name, value in self.model.figures_of(batch).items():
                totals[name] = totals.get(name, 0.0) + size * float(value)
            count += size
        logs.update({f"val_{name}": total / count for name, total in totals.items()})


def write_scores(directory: pathlib.Path, rows: Sequence[tuple[str, SingleViewScores]]) -> str:
    """Writes a table as text and as CSV.

    Args:
      directory: of both files; made if it is not there.
      rows: names of networks, and their scores.
    Returns:
      The text.
    Raises:
      OSError: a file cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    width = max(12, *(len(name) + 2 for name, _ in rows))
    pictures = rows[0][1].pictures
    lines = [f"{f'{pictures} pictures':{_NAME_WIDTH}}" + "".join(f"{n:>{width}}" for n, _ in rows)]
    for field, title in _TITLES.items():
        cells = (f"{getattr(scores, field):>{width}.4f}" for _, scores in rows)
        lines.append(f"{title:{_NAME_WIDTH}}" + "".join(cells))
    text = "\n".join(lines) + "\n"
    (directory / TABLE).write_text(text, encoding="utf-8")
    with (directory / FIGURES).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["network", *_TITLES, "pictures"])
        for name, scores in rows:
            writer.writerow([name, *dataclasses.astuple(scores)])
    return text
