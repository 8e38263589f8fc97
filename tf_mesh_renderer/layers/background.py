"""A background colour as JSON types, for the configuration of layers."""


def background_from_config(background):
    """Returns a number as float, and a sequence of C numbers as a tuple of float."""
    if isinstance(background, (int, float)):
        return float(background)
    return tuple(float(value) for value in background)


def background_to_config(background):
    """Returns what `background_from_config` made as JSON types."""
    return list(background) if isinstance(background, tuple) else background
