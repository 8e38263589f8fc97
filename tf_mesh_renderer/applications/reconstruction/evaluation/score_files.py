"""The file of scores: a line for each run and category."""

import csv
import dataclasses
import os
from collections.abc import Sequence

from tf_mesh_renderer.applications.reconstruction.evaluation.scores import (
    CategoryScores,
    Measurement,
    MethodScores,
)
from tf_mesh_renderer.arguments import argument_error

_RUN = ("method", "seed", "training")
_MEASUREMENT = tuple(field.name for field in dataclasses.fields(Measurement))
_CATEGORY = ("category", "checksum", "inputs")
_FIGURES = tuple(
    field.name for field in dataclasses.fields(CategoryScores) if field.name not in _CATEGORY
)
_COLUMNS = (*_RUN, *_MEASUREMENT, *_CATEGORY, *_FIGURES)


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
            of_run = {name: getattr(run, name) for name in _RUN}
            of_run |= dataclasses.asdict(run.measurement)
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
                hint="evaluate again if an older version has written it",
            ) from error
    return [MethodScores(*run, tuple(rows)) for run, rows in found.items()]


def _measurement(row):
    most = int(row["max_objects"]) if row["max_objects"] else None
    return Measurement(row["split"], row["protocol"], int(row["views"]), most)


def _category_scores(row):
    figures = {name: float(row[name]) if row.get(name) else None for name in _FIGURES}
    return CategoryScores(row["category"], row["checksum"], int(row["inputs"]), **figures)
