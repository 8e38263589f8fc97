"""One golden file: its kind, its arrays, and which entries of them may be compared."""

import dataclasses
import json
import pathlib
import zipfile

import numpy as np


class CaseError(Exception):
    """A file cannot be read, or does not hold what its kind requires."""


@dataclasses.dataclass(frozen=True)
class Case:
    """The arrays of one file, by name."""

    name: str
    kind: str
    arrays: dict
    folder: pathlib.Path

    def __getitem__(self, name):
        if name not in self.arrays:
            raise CaseError(f"array `{name}` is missing")
        return self.arrays[name]

    def __contains__(self, name):
        return name in self.arrays

    def get(self, name, default):
        """An array, or a default if the file lacks it."""
        return self.arrays.get(name, default)

    def number(self, name):
        """A 0-d array as a Python int or float."""
        return np.asarray(self[name]).item()

    def flag(self, name):
        """A 0-d array as a bool; absent means off."""
        return bool(self.number(name)) if name in self else False

    def tolerances(self):
        """Observed rounding sensitivity: {variant: {array: {measure: value}}}."""
        if "tolerance" not in self:
            return {}
        try:
            return json.loads(str(self["tolerance"]))
        except json.JSONDecodeError as error:
            raise CaseError(f"`tolerance` is no JSON: {error}") from error


def kind_of(path):
    """Kind of a file by its name: what stands before the first underscore."""
    return path.name.split("_")[0]


def load_case(path):
    """Reads a .npz or .json file.

    Args:
      path: `pathlib.Path`.
    Returns:
      `Case`; values of a JSON file stay Python objects.
    Raises:
      CaseError: the file is unreadable, or states another kind than its name.
    """
    try:
        arrays = _read_json(path) if path.suffix == ".json" else _read_npz(path)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise CaseError(f"unreadable: {error}") from error
    kind = kind_of(path)
    stated = str(arrays.get("kind", kind))
    if stated != kind:
        raise CaseError(f"the name says kind `{kind}`, the file says `{stated}`")
    return Case(path.name, kind, arrays, path.parent)


def _read_npz(path):
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _read_json(path):
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise ValueError("expected a JSON object")
    return content
