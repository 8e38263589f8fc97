"""Scores of reconstruction methods, per category and averaged."""

import dataclasses
import statistics
from collections.abc import Iterable

MEAN = "mean"


@dataclasses.dataclass(frozen=True)
class CategoryScores:
    """What a method reached on the objects of one category; None where it was not measured.

    Attributes:
      category: name of the category.
      checksum: of the pictures that the data set has of it; others have another.
      inputs: number of reconstructions that were averaged, one for each input picture.
      voxel_iou: mean intersection over union of 32^3 voxels, in [0, 1].
      f_score: mean F-score of sampled points, in [0, 1].
      f_score_ceiling: what the true shape would score against itself with as many points.
      color_error: mean absolute colour error on views that were no input, in [0, 1].
      flat_color_error: the same of reconstructions in the mean colour of their input picture.
      flat_in_view_color_error: the same of reconstructions in the mean colour of the other view.
      color_coverage: mean share of the objects on which colours could be compared. Pictures where
        it is 0 are left out of the errors.
    """

    category: str
    checksum: str
    inputs: int
    voxel_iou: float
    f_score: float | None = None
    f_score_ceiling: float | None = None
    color_error: float | None = None
    flat_color_error: float | None = None
    flat_in_view_color_error: float | None = None
    color_coverage: float | None = None


@dataclasses.dataclass(frozen=True)
class Measurement:
    """On what scores were measured, and how: only scores with equal ones can be compared.

    Attributes:
      split: "train", "val" or "test".
      protocol: of the voxels, "n3mr" or "binvox".
      views: number of pictures of each object.
      max_objects: of each category; None for all.
    """

    split: str
    protocol: str
    views: int
    max_objects: int | None = None

    def __str__(self):
        objects = "all" if self.max_objects is None else f"at most {self.max_objects}"
        return (
            f"{self.split} split, {objects} objects of each category, {self.views} views of each, "
            f"{self.protocol} protocol"
        )


@dataclasses.dataclass(frozen=True)
class MethodScores:
    """One run of a method: its scores in every category.

    Attributes:
      method: what tables call it. Runs of one name are seeds of the same method.
      seed: of the run.
      training: `fingerprint` of how the method came to be.
      measurement: on what it was measured.
      categories: the scores, in the order of the tables.
    """

    method: str
    seed: int
    training: str
    measurement: Measurement
    categories: tuple[CategoryScores, ...]

    def value(self, name: str, category: str = MEAN) -> float | None:
        """One value of this run.

        Args:
          name: a field of `CategoryScores`.
          category: name of a category; "mean" is the unweighted mean over all of them, as in the
            tables of the papers.
        Returns:
          The value, or None where it was not measured.
        """
        chosen = [s for s in self.categories if category in (MEAN, s.category)]
        values = [getattr(scores, name) for scores in chosen]
        return None if not values or None in values else statistics.fmean(values)


@dataclasses.dataclass(frozen=True)
class Spread:
    """A figure over the seeds of a method.

    Attributes:
      mean: over seeds.
      deviation: sample standard deviation; None of a single seed.
    """

    mean: float
    deviation: float | None = None


def over_seeds(runs: Iterable[MethodScores], name: str, category: str = MEAN) -> Spread | None:
    """Mean and spread of a figure over the runs of one method.

    Args:
      runs: the runs.
      name: a field of `CategoryScores`.
      category: name of a category or "mean".
    Returns:
      `Spread`, or None if a run has no such figure.
    """
    values = [run.value(name, category) for run in runs]
    if not values or None in values:
        return None
    return Spread(statistics.fmean(values), statistics.stdev(values) if len(values) > 1 else None)


def methods_of(runs: Iterable[MethodScores]) -> dict[str, list[MethodScores]]:
    """Groups runs by method.

    Args:
      runs: in the order in which tables show their methods.
    Returns:
      {method: its runs}.
    """
    groups: dict[str, list[MethodScores]] = {}
    for run in runs:
        groups.setdefault(run.method, []).append(run)
    return groups


def categories_of(runs: Iterable[MethodScores]) -> list[str]:
    """The categories of all runs.

    Args:
      runs: of any methods.
    Returns:
      Names in order of their first appearance.
    """
    return list(dict.fromkeys(scores.category for run in runs for scores in run.categories))
