"""Comparisons of arrays, and what is printed of them."""

import dataclasses

import numpy as np

from tools.golden_runner.compare import Check, relative_to_max


@dataclasses.dataclass(frozen=True)
class Outcome:
    """One line of the report: what was checked, what is wrong, how far things agree."""

    title: str
    problems: tuple = ()
    detail: str = ""

    @property
    def passed(self):
        return not self.problems

    def line(self):
        """Names two problems at most."""
        shown = [*self.problems[:2], *(["..."] if len(self.problems) > 2 else [])]
        text = "; ".join(shown) if self.problems else self.detail
        return f"{'ok  ' if self.passed else 'FAIL'} {self.title}: {text}"


def outcome(title, checks):
    """`Outcome` of an iterable of `Check`, whatever goes wrong inside it."""
    found = []
    try:
        found.extend(checks)
    except Exception as error:  # One kernel that fails must not keep others from being checked.
        reason = " ".join(str(error).split()) or "no text"
        return Outcome(title, (f"{type(error).__name__}: {reason}",))
    problems = tuple(describe(check) for check in found if not check.passed)
    if not found:
        return Outcome(title, ("nothing was compared",))
    worst = max(found, key=lambda check: check.strain)
    return Outcome(title, problems, f"{len(found)} compared, worst {describe(worst)}")


def describe(check):
    return f"{check.name} {check.error:.2g} of {check.tolerance:.2g} allowed"


def compare(title, ours, expected, *, tolerance):
    """Yields a `Check` per array that is expected.

    Args:
      title: start of their names.
      ours: {name: array}.
      expected: {name: array}; integers must be equal.
      tolerance: of floats, relative to the largest expected; 0: all bits.
    """
    for name, theirs in expected.items():
        mine, theirs = np.asarray(ours[name]), np.asarray(theirs)
        if mine.shape != theirs.shape:
            raise ValueError(f"`{name}` has shape {mine.shape}, expected {theirs.shape}")
        label = f"{title}: {name}" if title else name
        if mine.dtype.kind == "i":
            yield Check(label, float(np.sum(mine != theirs)), 0.0)
        else:
            error = relative_to_max(mine.astype(np.float64), theirs.astype(np.float64))
            yield Check(label, error, tolerance)


def same_bits(title, first, second):
    """Yields a `Check` per array: how many entries differ in any bit."""
    for name, array in first.items():
        bits, again = array.view(np.uint32), second[name].view(np.uint32)
        yield Check(f"{title}: {name}", float(np.sum(bits != again)), 0.0)
