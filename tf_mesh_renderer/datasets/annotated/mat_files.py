"""Matlab files with an array of structures, checked field by field."""

import dataclasses
import pathlib
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from tf_mesh_renderer.io.files import existing_file, path_error, write_file
from tf_mesh_renderer.optional_packages import missing_package

_HINT = "docs/real_images.md describes the files"
# What SciPy raises for files that are not Matlab's or are cut off, and for those of version 7.3.
_OF_VERSION_7_3 = NotImplementedError  # SciPy's answer to that version, which it cannot read.
_DAMAGE = (ValueError, TypeError, _OF_VERSION_7_3, EOFError, OSError, zlib.error)


@dataclasses.dataclass(frozen=True)
class Structure:
    """One structure of a file, which knows where it is from.

    Attributes:
      values: the structure, with its fields as attributes.
      place: file, variable and number, for errors.
    """

    values: Any
    place: str

    def text(self, name: str) -> str:
        """A field that is a word.

        Args:
          name: of the field.
        Returns:
          The word.
        Raises:
          ValueError: it is missing or something else.
        """
        value = self._field(name)
        if not isinstance(value, str) or not value:
            raise self._error(name, expected="a text", received=value)
        return value

    def numbers(self, name: str, shape: Sequence[int | None]) -> np.ndarray:
        """A field that is an array of numbers.

        Args:
          name: of the field.
          shape: of the array; None stands for any size but 0.
        Returns:
          The array, float64.
        Raises:
          ValueError: it is missing, not numeric, or of another shape.
        """
        value = self._field(name)
        try:
            array = np.asarray(value, np.float64)
        except (TypeError, ValueError):
            raise self._error(name, expected="numbers", received=value) from None
        fits = array.ndim == len(shape) and all(
            size == wanted or (wanted is None and size > 0)
            for size, wanted in zip(array.shape, shape)
        )
        if not fits:
            sizes = ", ".join("?" if size is None else str(size) for size in shape)
            raise self._error(name, expected=f"shape [{sizes}]", received=list(array.shape))
        return array

    def structure(self, name: str) -> "Structure":
        """A field that is a structure itself.

        Args:
          name: of the field.
        Returns:
          That structure.
        Raises:
          ValueError: it is missing or something else.
        """
        value = self._field(name)
        if not hasattr(value, "_fieldnames"):
            raise self._error(name, expected="a structure", received=value)
        return Structure(value, f"{self.place}.{name}")

    def refuse(self, name: str, *, expected: str, received: Any) -> None:
        """Raises the error about the value of a field.

        Args:
          name: of the field.
          expected: what would have been accepted.
          received: what there is.
        Raises:
          ValueError: always.
        """
        raise self._error(name, expected=expected, received=received)

    def _field(self, name):
        if not hasattr(self.values, name):
            fields = ", ".join(getattr(self.values, "_fieldnames", ()))
            raise self._error(name, expected="this field", received=f"fields {fields or 'none'}")
        return getattr(self.values, name)

    def _error(self, name, *, expected, received):
        place = f"{self.place}.{name}"
        received = f"{str(received)[:80]} in {place}"
        return path_error("read_structures", expected=expected, received=received, hint=_HINT)


def read_variable(path: pathlib.Path, variable: str) -> Any:
    """One variable of a Matlab file.

    Args:
      path: the file, of version 5 to 7.2.
      variable: its name.
    Returns:
      The variable as SciPy gives it, without dimensions of size 1; structures have attributes.
    Raises:
      FileNotFoundError: no such file.  ValueError: it is no such file, or has no such variable.
      ImportError: SciPy is not installed.
    """
    try:
        import scipy.io
    except ImportError as error:
        raise missing_package("reading .mat files", "scipy") from error
    path = existing_file("read_variable", path)
    try:
        found = scipy.io.loadmat(
            path, struct_as_record=False, squeeze_me=True, variable_names=[variable]
        )
    except (*_DAMAGE, scipy.io.matlab.MatReadError) as error:
        raise path_error(
            "read_variable",
            expected="a Matlab file of version 5 to 7.2",
            received=f"'{path}' ({type(error).__name__}: {error})",
            hint="files of version 7.3 become such with Matlab's save(..., '-v7')",
        ) from error
    if variable not in found:
        raise path_error(
            "read_variable",
            expected=f"the variable '{variable}'",
            received=f"'{path}' without it",
            hint=_HINT,
        )
    return found[variable]


def read_structures(path: pathlib.Path, variable: str) -> list[Structure]:
    """An array of structures.

    Args:
      path: as of `read_variable`.
      variable: name of the array.
    Returns:
      The structures in order, at least one.
    Raises:
      FileNotFoundError: no such file.  ValueError: it does not hold such an array.
      ImportError: SciPy is not installed.
    """
    values = np.atleast_1d(read_variable(path, variable))
    if values.ndim != 1 or not len(values) or not hasattr(values[0], "_fieldnames"):
        raise path_error(
            "read_structures",
            expected=f"an array of structures '{variable}'",
            received=f"{values.dtype} {list(values.shape)} in '{path}'",
            hint=_HINT,
        )
    return [Structure(v, f"'{path}' {variable}({i + 1})") for i, v in enumerate(values)]


def write_variables(path: pathlib.Path, **variables: Any) -> None:
    """Writes a Matlab file, as a whole or not at all.

    Args:
      path: the file; folders above it are made.
      **variables: by name; a list of dicts with equal keys becomes an array of structures.
    Raises:
      OSError: it cannot be written.  ImportError: SciPy is not installed.
    """
    try:
        import scipy.io
    except ImportError as error:
        raise missing_package("writing .mat files", "scipy") from error
    stored = {name: _structure_array(value) for name, value in variables.items()}
    write_file(path, lambda file: scipy.io.savemat(file, stored, do_compression=True))


def _structure_array(value):
    if not isinstance(value, list):
        return value
    array = np.empty([1, len(value)], [(name, object) for name in value[0]])
    for index, fields in enumerate(value):
        array[0, index] = tuple(fields.values())
    return array
