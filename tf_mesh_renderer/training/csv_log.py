"""The log of `keras.callbacks.CSVLogger`, read, and cut back to where a checkpoint goes on."""

import csv
import os
import pathlib

_NOT_AVAILABLE = "NA"  # what Keras writes where an epoch has no such value


def read_log(path: str | os.PathLike) -> list[dict[str, float]]:
    """Reads what `keras.callbacks.CSVLogger` wrote.

    Args:
      path: the file; it need not exist.
    Returns:
      A dictionary for each complete line, without values that Keras marks as not available; a line
      that a kill cut short is left out.
    """
    lines = [line.decode("utf-8") for line in _complete_lines(path)]
    rows = csv.DictReader(lines)
    return [{k: float(v) for k, v in row.items() if v != _NOT_AVAILABLE} for row in rows]


def cut_log(path: str | os.PathLike, epochs: int) -> None:
    """Drops the epochs of a log that a run will go through again.

    Args:
      path: the file; it need not exist.
      epochs: how many of them to keep; 0 empties the file.
    """
    if pathlib.Path(path).exists():
        kept = _complete_lines(path)[: epochs + 1] if epochs else []  # and the names above
        os.truncate(path, sum(map(len, kept)))


def _complete_lines(path):
    path = pathlib.Path(path)
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    return [line for line in lines if line.endswith(b"\n")]
