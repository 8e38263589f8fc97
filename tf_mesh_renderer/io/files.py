"""What all readers and writers of files share: paths and the errors about them."""

import os
import pathlib
from typing import Any

from tf_mesh_renderer.geometry.arguments import argument_error


def existing_file(where: str, path: str | os.PathLike) -> pathlib.Path:
    """The path of a file that is there; raises FileNotFoundError otherwise."""
    path = pathlib.Path(path)
    if not path.is_file():
        message = argument_error(
            where,
            "path",
            expected="a file that exists",
            received=f"'{path}'",
            hint=f"the working directory is '{pathlib.Path.cwd()}'",
        )
        raise FileNotFoundError(str(message))
    return path


def file_to_write(path: str | os.PathLike) -> pathlib.Path:
    """The path of a file to write; makes the folders above it."""
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def path_error(where: str, *, expected: str, received: Any, hint: str) -> ValueError:
    """The error about a file whose content cannot be used."""
    return argument_error(where, "path", expected=expected, received=received, hint=hint)
