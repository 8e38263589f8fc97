"""What all readers and writers of files share: paths and the errors about them."""

import os
import pathlib
import uuid
from collections.abc import Callable
from typing import IO, Any

from tf_mesh_renderer.arguments import argument_error

PARTIAL = ".partial"  # end of the names of files that are being written


def existing_file(where: str, path: str | os.PathLike) -> pathlib.Path:
    """The path of a file that is there.

    Args:
      where: calling function, for the error.
      path: the file.
    Returns:
      `pathlib.Path`.
    Raises:
      FileNotFoundError: there is no such file.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise argument_error(
            where,
            "path",
            expected="a file that exists",
            received=f"'{path}'",
            hint=f"the working directory is '{pathlib.Path.cwd()}'",
            error=FileNotFoundError,
        )
    return path


def file_to_write(path: str | os.PathLike) -> pathlib.Path:
    """The path of a file to write; makes the folders above it.

    Args:
      path: the file, which may exist.
    Returns:
      `pathlib.Path`.
    Raises:
      OSError: a folder cannot be made.
    """
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def write_file(path: pathlib.Path, write: Callable[[IO[bytes]], Any]) -> None:
    """Writes a file that is there as a whole or not at all, whatever happens meanwhile.

    Args:
      path: the file; folders above it are made, a file of that name is replaced.
      write: called with an open binary file.
    Raises:
      OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder, because only there a file can be renamed without being copied.
    partial = path.with_name(f".{path.name}.{uuid.uuid4().hex}{PARTIAL}")
    try:
        with partial.open("xb") as file:
            write(file)
        partial.replace(path)
    except BaseException:  # Ctrl-C, too
        partial.unlink(missing_ok=True)
        raise


def read_lines(path: pathlib.Path) -> list[str]:
    """The lines of a text file; bytes that are no UTF-8 are replaced, a byte order mark dropped.

    Args:
      path: the file, which must exist.
    Returns:
      Lines without their ends, which may be of any system.
    Raises:
      OSError: the file cannot be read.
    """
    return path.read_text(encoding="utf-8-sig", errors="replace").splitlines()


def path_error(where: str, *, expected: str, received: Any, hint: str) -> ValueError:
    """The error about a file whose content cannot be used.

    Args:
      where: calling function.
      expected: what would have been accepted.
      received: what came, with the name of the file.
      hint: what to do about it, one sentence without a full stop.
    Returns:
      A `ValueError`, to be raised by the caller.
    """
    return argument_error(where, "path", expected=expected, received=received, hint=hint)
