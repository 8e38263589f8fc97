"""Makes a whole data set, by several processes; an interrupted run is gone on with."""

import concurrent.futures
import contextlib
import json
import multiprocessing
import os
import pathlib
import shutil
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, check_choice, to_count
from tf_mesh_renderer.datasets.categories import CATEGORIES, Category, find_category
from tf_mesh_renderer.datasets.layout import SPLITS
from tf_mesh_renderer.datasets.synthetic.chunks import (
    CHUNKS_FOLDER,
    Section,
    join_chunks,
    make_chunk,
)
from tf_mesh_renderer.datasets.synthetic.shading import SHADINGS
from tf_mesh_renderer.io.files import PARTIAL
from tf_mesh_renderer.io.folder_record import FolderRecord
from tf_mesh_renderer.optional_packages import progress_bar

MANIFEST = "synthetic.json"
# To be raised with every change of what the same seed gives.
_VERSION = 2


def generate(
    directory: str | os.PathLike,
    sizes: Mapping[str, int],
    *,
    seed: int,
    shading: str = "lambert",
    categories: Iterable[str | Category] = CATEGORIES,
    workers: int = 1,
) -> None:
    """Makes a synthetic data set in N3MR's layout, with meshes.

    Objects depend on seed, category, split and their number alone: neither the number of workers
    nor an interruption changes a byte. Calling it again with the same arguments makes what is
    missing; with other `categories`, it adds them.

    Args:
      directory: of the data set, new or begun by this function.
      sizes: number of objects of each category by split; splits with 0 get no files.
      seed: int >= 0.
      shading: one of `SHADINGS`: "plain", "lambert", "phong" or "sh".
      categories: synsets, names or `Category`s.
      workers: number of processes; 1 works in this one.
    Raises:
      ValueError: an argument is out of its range, or the directory holds another data set.
      OSError: a file cannot be written.
    """
    check_choice("generate", "shading", value=shading, choices=tuple(SHADINGS))
    for split in sizes:
        check_choice("generate", "sizes", value=split, choices=SPLITS)
    for name, value, low in [("seed", seed, 0), ("workers", workers, 1)] + [
        (f"sizes[{split!r}]", size, 0) for split, size in sizes.items()
    ]:
        _check_at_least(name, value, low)
    categories = [find_category(key) for key in categories]
    directory = pathlib.Path(directory)
    manifest = {"version": _VERSION, "seed": seed, "shading": shading}
    manifest["sizes"] = {split: sizes.get(split, 0) for split in SPLITS}
    _claim(directory, manifest)
    sections = [
        Section(directory, category, split, size, seed, shading)
        for category in categories
        for split, size in sizes.items()
        if size > 0
    ]
    _make([section for section in sections if not section.is_finished], workers)
    _remove_leftovers(directory, sections)


def shading_of(directory: str | os.PathLike) -> str | None:
    """How the pictures of a data set are lit.

    Args:
      directory: of the data set.
    Returns:
      One of `SHADINGS`; None of data that `generate` has not made.
    Raises:
      ValueError: the record of the data set cannot be read.
    """
    path = pathlib.Path(directory) / MANIFEST
    return json.loads(path.read_text(encoding="utf-8"))["shading"] if path.is_file() else None


def _make(sections: list[Section], workers: int) -> None:
    chunks = [chunk for section in sections for chunk in section.chunks]
    kept = sum(len(chunk.indices) for chunk in chunks if chunk.is_finished)
    missing = [chunk for chunk in chunks if not chunk.is_finished]
    total = sum(section.size for section in sections)
    with _runner(workers) as run:
        with progress_bar(total=total, description="objects", unit="object", done=kept) as bar:
            for count in run(make_chunk, missing):
                bar.update(count)
        with progress_bar(total=len(sections), description="files", unit="file") as bar:
            for count in run(join_chunks, sections):
                bar.update(count)


@contextlib.contextmanager
def _runner(workers: int) -> Iterator[Callable[[Callable, list], Iterator[Any]]]:
    """Gives a function that runs another on many items and yields results as they come."""
    if workers == 1:
        yield map
        return
    # A forked process would inherit locks of TensorFlow's threads, but not the threads.
    context = multiprocessing.get_context("spawn")
    # Unlike multiprocessing.Pool, it notices when a process is killed for want of memory.
    pool = concurrent.futures.ProcessPoolExecutor(workers, context, initializer=_start_worker)

    def run(function, items):
        futures = [pool.submit(function, item) for item in items]
        for future in concurrent.futures.as_completed(futures):
            yield future.result()

    try:
        yield run
    finally:
        pool.shutdown(cancel_futures=True)


def _start_worker() -> None:
    """One thread for each process; the GPU and Ctrl-C are left to the one that started them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.set_visible_devices([], "GPU")


def _claim(directory: pathlib.Path, manifest: Mapping[str, Any]) -> None:
    """Writes down what is made, or finds that the same was begun."""
    if any(directory.glob("*.npz")) and not (directory / MANIFEST).is_file():
        raise argument_error(
            "generate",
            "directory",
            expected="no data, or data of this program",
            received=f"arrays without '{directory / MANIFEST}'",
            hint="choose another folder",
        )
    FolderRecord(MANIFEST, "generate", "directory").claim(directory, manifest)


def _remove_leftovers(directory: pathlib.Path, sections: list[Section]) -> None:
    """Removes what runs that were killed left behind; others may be making other categories."""
    for section in sections:
        shutil.rmtree(section.folder, ignore_errors=True)
        for path in directory.glob(f".{section.folder.name}_*{PARTIAL}"):
            path.unlink()
    with contextlib.suppress(OSError):  # others keep chunks there, or there were none
        (directory / CHUNKS_FOLDER).rmdir()


def _check_at_least(name: str, value: int, low: int) -> None:
    if to_count("generate", name, value) < low:
        raise argument_error(
            "generate", name, expected=f"at least {low}", received=value, hint="raise it"
        )
