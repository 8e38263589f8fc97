"""Packages that only some features need: the error without them, and the bar of progress."""

from collections.abc import Iterable
from typing import Any


def missing_package(feature: str, package: str) -> ImportError:
    """Says which package a feature needs and how to get it.

    Args:
      feature: what was asked for.
      package: name of the package on PyPI.
    Returns:
      An `ImportError`, to be raised by the caller.
    """
    return ImportError(
        f"{feature} needs the package {package}. "
        f"Hint: pip install {package}, or all that applications use: "
        "pip install 'tf_mesh_renderer[applications]'."
    )


def progress_bar(
    items: Iterable | None = None,
    *,
    description: str,
    unit: str,
    total: int | None = None,
    done: int = 0,
) -> Any:
    """A bar on the terminal with the time that is left.

    Args:
      items: what to go through, or None where `update` is called.
      description: what is done, a word or two.
      unit: what an item is.
      total: number of items, if `items` cannot tell.
      done: number of items that were done before.
    Returns:
      The items, or a context manager with a method `update(count)`: a `tqdm.tqdm`.
    Raises:
      ImportError: tqdm is not installed.
    """
    try:
        import tqdm
    except ImportError as error:
        raise missing_package("the progress bar", "tqdm") from error
    shown = {"desc": description, "unit": unit, "dynamic_ncols": True}
    return tqdm.tqdm(items, total=total, initial=done, **shown)
