"""Compressed archives of arrays, memory-mapped through a cache."""

import errno
import pathlib
import shutil
import zipfile
import zlib

import numpy as np

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.io.files import path_error, write_file

ONLY_ARRAY = "arr_0"  # np.savez calls arrays without a name so
_CACHE_FOLDER = ".unpacked"
_COPY_BYTES = 1 << 22
# What zipfile, zlib and NumPy raise for archives that are no such, or no longer.
_DAMAGE = (zipfile.BadZipFile, zlib.error, ValueError, EOFError)
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)  # by the file system


def write_arrays(path: pathlib.Path, **arrays: np.ndarray) -> None:
    """Writes a compressed archive; equal arrays give equal bytes.

    Args:
      path: the file.
      **arrays: by name.
    Raises:
      OSError: it cannot be written.
    """
    write_file(path, lambda file: np.savez_compressed(file, **arrays))


def read_arrays(where: str, path: pathlib.Path) -> dict[str, np.ndarray]:
    """Reads a whole archive into memory.

    Args:
      where: calling function or class, for the error.
      path: the file, which must exist.
    Returns:
      Arrays by name.
    Raises:
      ValueError: it is damaged or something else.
    """
    try:
        with np.load(path) as archive:
            return dict(archive)
    except (*_DAMAGE, OSError) as error:
        raise _damaged(where, path, error) from error


def map_array(where: str, path: pathlib.Path, cache_directory: pathlib.Path | None) -> np.memmap:
    """The only array of an archive as a read-only memory map.

    What is compressed cannot be mapped: the array is unpacked once, into a file that is named by
    the checksum of its content, so that a changed archive is unpacked anew.

    Args:
      where: calling function or class, for the error.
      path: the archive, which must exist.
      cache_directory: folder of the unpacked files; None for `.unpacked` beside the archive.
    Returns:
      The array.
    Raises:
      ValueError: the archive is damaged or holds something else.  OSError: the cache cannot be
      written.
    """
    folder = _cache_folder(path, cache_directory)
    try:
        with zipfile.ZipFile(path) as archive:
            return np.load(_unpacked(archive, path, folder), mmap_mode="r")
    except OSError as error:
        if error.errno not in _REFUSED or str(error.filename) == str(path):
            raise
        raise argument_error(
            where,
            "cache_directory",
            expected="a folder that can be written",
            received=f"'{folder}'",
            hint=(
                "make a folder of links to the files of the data set, and name that"
                if cache_directory is None
                else "choose another"
            ),
            error=PermissionError,
        ) from error
    except _DAMAGE as error:
        raise _damaged(where, path, error) from error


def _cache_folder(path: pathlib.Path, cache_directory: pathlib.Path | None) -> pathlib.Path:
    """Where an archive is unpacked; archives of several folders may share a cache."""
    if cache_directory is None:
        return path.parent / _CACHE_FOLDER
    return cache_directory / f"{zlib.crc32(bytes(path.parent.resolve())):08x}"


def checksum(array: np.memmap) -> str:
    """What tells the content of a mapped array from another, without reading it.

    Args:
      array: as `map_array` returned it.
    Returns:
      The CRC-32 of the archive's member, hexadecimal.
    """
    return pathlib.Path(array.filename).stem.rpartition(".")[2]


def _unpacked(archive: zipfile.ZipFile, path: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    (member,) = archive.infolist()  # more than one: ValueError
    target = folder / f"{path.stem}.{member.CRC:08x}.npy"
    if not target.exists():
        with archive.open(member) as source:
            write_file(target, lambda file: shutil.copyfileobj(source, file, _COPY_BYTES))
        _remove_others(target, path)
    return target


def _remove_others(target: pathlib.Path, path: pathlib.Path) -> None:
    """Removes what earlier contents of an archive left in the cache."""
    for old in target.parent.glob(f"{path.stem}.*.npy"):
        if old != target:
            old.unlink(missing_ok=True)


def _damaged(where: str, path: pathlib.Path, error: Exception) -> ValueError:
    return path_error(
        where,
        expected="a complete .npz archive with the arrays of docs/datasets.md",
        received=f"'{path}' ({type(error).__name__}: {error})",
        hint="the file may be cut off: fetch or make it again",
    )
