"""Scores of reconstruction methods, per category and averaged, and the file that holds them."""

import csv
import dataclasses
import itertools
import json
import os
import statistics
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from tf_mesh_renderer.arguments import argument_error

MEAN = "mean"
# Of a training: what may differ between runs of one method, or does not matter.
_OF_NO_CONSEQUENCE = ("seed", "checkpoint_every", "validation_size")


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
      training: `fingerprint` of its training; "" of a method that is not trained.
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


def fingerprint(training: Any) -> str:
    """What runs of one method have in common, however they are seeded.

    Args:
      training: a dataclass that says all of a training.
    Returns:
      Eight hexadecimal digits. Trainings whose results do not differ, but for the seed, have equal
      ones.
    """
    values = dataclasses.asdict(training)
    values = {name: value for name, value in values.items() if name not in _OF_NO_CONSEQUENCE}
    text = json.dumps(values, sort_keys=True, default=lambda schedule: schedule.get_config())
    return f"{zlib.crc32(text.encode()):08x}"


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


def check_comparable(runs: Sequence[MethodScores]) -> None:
    """Refuses to put side by side what was measured differently, or twice.

    Args:
      runs: that a table is to show.
    Raises:
      ValueError: two runs have another measurement, other categories or other data; or one name,
        and one seed or other trainings.
    """
    for earlier, run in itertools.combinations(runs, 2):
        if difference := _difference(earlier, run):
            expected, received = difference
            hint = "evaluate again with equal data and flags, and name what differs with --label"
            raise argument_error(
                "compare", "files", expected=expected, received=received, hint=hint
            )


def _difference(earlier: MethodScores, run: MethodScores) -> tuple[str, str] | None:
    """What was expected of a run beside an earlier one, and what it is; None if all is well."""
    method = f"'{run.method}'"
    if run.measurement != earlier.measurement:
        expected = f"what '{earlier.method}' was measured on: {earlier.measurement}"
        return expected, f"{method} on {run.measurement}"
    names, earlier_names = categories_of([run]), categories_of([earlier])
    if set(names) != set(earlier_names):
        expected = f"the categories of '{earlier.method}': {', '.join(earlier_names)}"
        return expected, f"{method} on {', '.join(names)}"
    checksums = {scores.category: scores.checksum for scores in earlier.categories}
    others = [s.category for s in run.categories if s.checksum != checksums[s.category]]
    if others:
        return f"the data of '{earlier.method}'", f"{method} on other {', '.join(others)}"
    if run.method != earlier.method:
        return None
    if run.seed == earlier.seed:
        return "each run once", f"{method}, seed {run.seed}, twice"
    if run.training != earlier.training:
        expected = "runs of one name that differ by the seed alone"
        received = f"{method}, seeds {earlier.seed} and {run.seed}, trained in different ways"
        return expected, received
    return None


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


_FIGURES = tuple(field.name for field in dataclasses.fields(CategoryScores))[3:]
_MEASUREMENT = tuple(field.name for field in dataclasses.fields(Measurement))
_COLUMNS = (
    "method",
    "seed",
    "training",
    *_MEASUREMENT,
    "category",
    "checksum",
    "inputs",
    *_FIGURES,
)


def write_csv(path: str | os.PathLike, runs: Sequence[MethodScores]) -> None:
    """Writes one line for each run and category.

    Args:
      path: the file; its folder exists.
      runs: what to write. Figures keep all their digits, so that `read_csv` gives the same runs.
    """
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        for run in runs:
            of_run = {
                "method": run.method,
                "seed": run.seed,
                "training": run.training,
                **dataclasses.asdict(run.measurement),
            }
            for scores in run.categories:
                row = {**of_run, **dataclasses.asdict(scores)}
                writer.writerow({name: "" if v is None else v for name, v in row.items()})


def read_csv(path: str | os.PathLike) -> list[MethodScores]:
    """Reads what `write_csv` wrote.

    Args:
      path: the file.
    Returns:
      The runs in the order of the file.
    Raises:
      FileNotFoundError: no such file.  ValueError: the file holds no scores.
    """
    found: dict[tuple[str, int, str, Measurement], list[CategoryScores]] = {}
    with open(path, encoding="utf-8", newline="") as file:
        try:
            for row in csv.DictReader(file):
                run = row["method"], int(row["seed"]), row["training"], _measurement(row)
                found.setdefault(run, []).append(_category_scores(row))
            if not found:
                raise ValueError("no rows")
        except (KeyError, TypeError, ValueError) as error:
            raise argument_error(
                "read_csv",
                "path",
                expected=f"scores with the columns {', '.join(_COLUMNS)}",
                received=f"'{path}' ({type(error).__name__}: {error})",
                hint="`evaluate` writes such files",
            ) from error
    return [MethodScores(*run, tuple(rows)) for run, rows in found.items()]


def _measurement(row):
    most = int(row["max_objects"]) if row["max_objects"] else None
    return Measurement(row["split"], row["protocol"], int(row["views"]), most)


def _category_scores(row):
    figures = {name: float(row[name]) if row.get(name) else None for name in _FIGURES}
    return CategoryScores(row["category"], row["checksum"], int(row["inputs"]), **figures)
