"""Measures a method on the objects of a split: voxel IoU, F-score and colours."""

import concurrent.futures
import dataclasses
import statistics
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import tensorflow as tf

from tf_mesh_renderer import metrics
from tf_mesh_renderer.applications.reconstruction.evaluation.color_errors import (
    ColorErrors,
    color_errors,
)
from tf_mesh_renderer.applications.reconstruction.evaluation.predictions import Method, Predictions
from tf_mesh_renderer.applications.reconstruction.evaluation.scores import (
    CategoryScores,
    Measurement,
    MethodScores,
)
from tf_mesh_renderer.applications.reconstruction.evaluation.true_shapes import (
    F_SCORE_SCALE,
    TrueShapes,
)
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.datasets import NUM_VIEWS, Category, ShapeNetRenderings, every_view
from tf_mesh_renderer.optional_packages import progress_bar


@dataclasses.dataclass(frozen=True)
class EvaluationProtocol:
    """What is measured, and on which pictures.

    Attributes:
      image_size: side of the pictures that the method takes.
      viewpoints: views of each object from which it is reconstructed; the papers take all 24.
      max_objects: of each category; None for all.
      normalize: False is the protocol of N3MR and SoftRas; True scales each shape by its bounding
        box as binvox does, DIB-R's protocol, and needs meshes.
      num_points: for the F-score, DIB-R's 2500.
      tau: distance of the F-score in a frame where the largest coordinate is 0.45.
      swap_inputs: a control: every shape is compared with the next object of its category.
      batch_size: pictures at once.
      seed: of the points.
    """

    image_size: int
    viewpoints: tuple[int, ...] = tuple(range(NUM_VIEWS))
    max_objects: int | None = None
    normalize: bool = False
    num_points: int = 2500
    tau: float = 0.02
    swap_inputs: bool = False
    batch_size: int = 48
    seed: int = 0

    def measurement(self, split: str) -> Measurement:
        """What tables say of scores that are measured so.

        Args:
          split: of the data set.
        Returns:
          `Measurement`.
        """
        voxels = "binvox" if self.normalize else "n3mr"
        return Measurement(split, voxels, len(self.viewpoints), self.max_objects)


@dataclasses.dataclass(frozen=True)
class _Measured:
    """Figures of one reconstruction."""

    voxel_iou: float
    f_score: float | None
    f_score_ceiling: float | None


def evaluate(
    method: Method,
    dataset: ShapeNetRenderings,
    protocol: EvaluationProtocol,
    *,
    label: str,
    run_seed: int = 0,
    training: str = "",
    progress: bool = True,
) -> MethodScores:
    """Reconstructs every object from every view and averages what is measured.

    Args:
      method: what is measured.
      dataset: the split.
      protocol: on what, and how.
      label: name of the method in tables.
      run_seed: of the training, for tables.
      training: `fingerprint` of how the method came to be; needed to compare seeds.
      progress: show a bar; voxels of a full test split take long.
    Returns:
      The scores of each category of the data set.
    Raises:
      ValueError: inputs are to be swapped in a category of a single object.
      FileNotFoundError: the protocol needs meshes and the data set has none.
      ImportError: SciPy, or for the bar tqdm, is not installed.
    """
    check_measurable(dataset, protocol)
    rows = []
    for category in dataset.categories:
        batches = _batches(dataset, category, protocol)
        name = f"{label} on {category.name}"
        rows.append(_category(method, dataset, category, protocol, _bar(batches, name, progress)))
    measurement = protocol.measurement(dataset.split)
    return MethodScores(label, run_seed, training, measurement, tuple(rows))


def check_measurable(dataset: ShapeNetRenderings, protocol: EvaluationProtocol) -> None:
    """Says before long work whether the data set has what a measurement needs.

    Args:
      dataset: the split.
      protocol: on what, and how.
    Raises:
      ValueError: inputs are to be swapped in a category of a single object.
      FileNotFoundError: the protocol needs meshes and the data set has none.
    """
    if protocol.normalize:
        dataset.check_meshes()
    for category in dataset.categories:
        if protocol.swap_inputs and len(dataset.images(category)) < 2:
            raise argument_error(
                "evaluate",
                "swap_inputs",
                expected="at least two objects in each category",
                received=f"one {category.name}",
                hint="there is no other object to compare with; leave the category out",
            )


def _batches(dataset: ShapeNetRenderings, category: Category, protocol) -> tf.data.Dataset:
    pictures = every_view(
        dataset,
        category,
        batch_size=protocol.batch_size,
        image_size=protocol.image_size,
        viewpoints=protocol.viewpoints,
    )
    if protocol.max_objects is None:
        return pictures
    number = min(protocol.max_objects, len(dataset.images(category))) * len(protocol.viewpoints)
    return pictures.unbatch().take(number).batch(protocol.batch_size)


def _bar(batches: tf.data.Dataset, label: str, progress: bool) -> Iterable:
    if not progress:
        return batches
    known = max(batches.cardinality().numpy(), 0)  # less than 0 if it is not
    return progress_bar(batches, description=label, unit="batch", total=known or None)


def _category(method, dataset, category, protocol, batches) -> CategoryScores:
    truth = TrueShapes(
        dataset,
        category,
        normalize=protocol.normalize,
        num_points=protocol.num_points,
        seed=protocol.seed,
    )
    measured: list[_Measured] = []
    colors: list[ColorErrors] = []
    # Voxels are NumPy's work, which leaves the other threads free most of the time.
    with concurrent.futures.ThreadPoolExecutor() as pool:
        for batch in batches:
            predictions = method(batch["images"].numpy(), category.name)
            measured.extend(_measure(pool, predictions, batch["objects"].numpy(), truth, protocol))
            if predictions.colors is not None and not protocol.swap_inputs:
                colors.extend(color_errors(predictions, dataset, category, batch))
    shown = [c for c in colors if c.covered > 0]
    return CategoryScores(
        category.name,
        dataset.checksums[dataset.categories.index(category)],
        len(measured),
        voxel_iou=statistics.fmean(m.voxel_iou for m in measured),
        f_score=_mean(m.f_score for m in measured),
        f_score_ceiling=_mean(m.f_score_ceiling for m in measured),
        color_error=_mean(c.predicted for c in shown),
        flat_color_error=_mean(c.flat for c in shown),
        flat_in_view_color_error=_mean(c.flat_in_view for c in shown),
        color_coverage=_mean(c.covered for c in colors),
    )


def _measure(
    pool, predictions: Predictions, objects: np.ndarray, truth: TrueShapes, protocol
) -> Iterator[_Measured]:
    def measure(item):
        wanted = (int(objects[item]) + protocol.swap_inputs) % len(truth)
        predicted = predictions.voxels(item, normalize=protocol.normalize)
        iou = float(metrics.voxel_iou(truth.voxels(wanted), predicted))
        return _Measured(iou, *_f_score(predictions, item, truth, wanted, protocol))

    return pool.map(measure, range(len(objects)))


def _f_score(predictions, item: int, truth: TrueShapes, wanted: int, protocol) -> tuple[Any, Any]:
    """F-score and its ceiling; None where there is no mesh."""
    if not truth.have_meshes:
        return None, None
    ceiling = metrics.f_score_ceiling(truth.area(wanted), protocol.num_points, tau=protocol.tau)
    # Another seed than the truth's: the same points of the same mesh would score 1.
    points = predictions.points(item, protocol.num_points, seed=protocol.seed + 1)
    if points is None:
        return None, ceiling
    pair = (np.asarray(p, np.float32) * F_SCORE_SCALE for p in (truth.points(wanted), points))
    return float(metrics.f_score(*pair, tau=protocol.tau)), ceiling


def _mean(values: Iterable[float | None]) -> float | None:
    values = list(values)
    return None if not values or None in values else statistics.fmean(values)
