"""Progress bars."""

from typing import Any


def progress_bar(total: int, *, description: str, unit: str, done: int = 0) -> Any:
    """A bar on the terminal with the time that is left.

    Args:
      total: number of items.
      description: what is done, a word or two.
      unit: what an item is.
      done: number of items that were done before.
    Returns:
      A context manager with a method `update(count)`.
    Raises:
      ImportError: tqdm is not installed.
    """
    try:
        import tqdm  # Late: only who makes data needs it.
    except ImportError as error:
        raise ImportError("the bar of progress needs tqdm: pip install tqdm") from error
    return tqdm.tqdm(total=total, initial=done, desc=description, unit=unit)
