"""The error about an optional package that is not installed."""


def missing_extra(feature: str, package: str) -> ImportError:
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
