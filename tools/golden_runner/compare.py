"""The acceptance rule: integer maps equal, floats close relative to the largest reference value.

A float array `a` passes if max|ours - a| <= tolerance * max|a| with tolerance the larger of 1e-5
and 5 times the change seen when the original kernels were built with fused multiply-add, in double
precision, or with perturbed input. Where a file holds `ref64_<name>`, the double-precision result,
that array is the reference; else the stored float32 result is. Entries marked in `fragile_<name>`
are excluded, since rounding alone decides them.
"""

import dataclasses

import numpy as np

from tools.golden_runner.case import CaseError

FLOOR = 1e-5
SENSITIVITY_FACTOR = 5.0
# Variants that say how far rounding alone moves a result; `rev` (order of threads) does not count.
ROUNDING_VARIANTS = ("fma", "f64", "pert")


@dataclasses.dataclass(frozen=True)
class Check:
    """One comparison: `error` must not exceed `tolerance`; `left_out` entries were not compared."""

    name: str
    error: float
    tolerance: float
    left_out: int = 0

    @property
    def passed(self):
        return bool(self.error <= self.tolerance)  # False for NaN

    @property
    def strain(self):
        """Error in units of what is allowed; the worst check of a file has the largest."""
        if not np.isfinite(self.error):
            return np.inf
        if self.tolerance == 0.0:
            return 0.0 if self.error == 0.0 else np.inf
        return self.error / self.tolerance


def sensitivities(case, name):
    """How far rounding moves a float array, relative to its largest value: one per variant."""
    variants = case.tolerances()
    return [variants.get(v, {}).get(name, {}).get("rel_to_max", 0.0) for v in ROUNDING_VARIANTS]


def tolerance_of(seen):
    """Tolerance of a float array, relative to its largest value, from its sensitivities."""
    return max(FLOOR, SENSITIVITY_FACTOR * max(seen))


def allowed(case, name):
    """Tolerance of a float array that the file states, relative to its largest value."""
    return tolerance_of(sensitivities(case, name))


def relative_to_max(ours, reference):
    """max|ours - reference| / max|reference|; plain maximum if the reference is 0 everywhere."""
    if reference.size == 0:
        return 0.0
    error = np.max(np.abs(ours - reference))
    scale = np.max(np.abs(reference))
    return float(error / scale) if scale > 0 else float(error)


def _kept(case, name, uncertain):
    """Mask of the entries of an array that are compared."""
    kept = np.ones(np.shape(case[name]), bool)
    if f"fragile_{name}" in case:
        kept &= np.asarray(case[f"fragile_{name}"]) == 0
    if name in uncertain:
        kept &= ~uncertain[name]
    return kept


def check_array(case, name, ours, uncertain, *, tolerance=None):
    """Compares one computed array with the golden array of the same name.

    Args:
      case: `Case`.
      name: array in the file.
      ours: what the library gives, same shape.
      uncertain: {name: mask of entries to leave out besides the fragile ones}.
      tolerance: of a float array; None: what the file states under that name.
    Returns:
      `Check`. For integer arrays `error` is the number of differing entries.
    Raises:
      CaseError: the file does not hold the array, or it has another shape.
    """
    stored, ours = np.asarray(case[name]), np.asarray(ours)
    if ours.shape != stored.shape:
        raise CaseError(f"`{name}` has shape {stored.shape}, the library gives {ours.shape}")
    kept = _kept(case, name, uncertain)
    left_out = int(np.sum(~kept))
    if np.issubdtype(stored.dtype, np.integer):
        return Check(name, float(np.sum(ours[kept] != stored[kept])), 0.0, left_out)
    reference = np.asarray(case[f"ref64_{name}" if f"ref64_{name}" in case else name])
    error = relative_to_max(ours[kept].astype(np.float64), reference[kept].astype(np.float64))
    tolerance = allowed(case, name) if tolerance is None else tolerance
    return Check(name, error, tolerance, left_out)


def check_arrays(case, outputs, uncertain=None):
    """Compares every computed array; the file must hold them all.

    Args:
      case: `Case`.
      outputs: {name: array}.
      uncertain: {name: mask of entries to leave out besides the fragile ones}.
    Returns:
      List of `Check`, in the order of `outputs`.
    """
    return [check_array(case, name, ours, uncertain or {}) for name, ours in outputs.items()]
