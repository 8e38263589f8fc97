"""A background colour as JSON types, for the configuration of layers."""

import numpy as np


def background_from_config(background):
    """Makes a background hashable and free of arrays.

    Args:
      background: a number, or a sequence of C numbers; linear colour.
    Returns:
      A float, or a tuple of C float.
    Raises:
      TypeError, ValueError: it is neither.
    """
    if np.ndim(background) == 0:
        return float(background)
    return tuple(float(value) for value in background)


def background_to_config(background):
    """The inverse, in JSON types.

    Args:
      background: a float or tuple from `background_from_config`.
    Returns:
      A float, or a list of C float.
    """
    return list(background) if isinstance(background, tuple) else background
