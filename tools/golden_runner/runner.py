"""Runs every golden file of a folder and reports one line each."""

import collections
import dataclasses

import tensorflow as tf

from tools.golden_runner import dibr, facts, n3mr, n3mrpipe, softras, tfmr
from tools.golden_runner.case import CaseError, kind_of, load_case

# One entry per kind: a function (case, dtype) -> list of `Check`.
KINDS = {
    "n3mr": n3mr.evaluate,
    "n3mrpipe": n3mrpipe.evaluate,
    "tfmr": tfmr.evaluate,
    "softras": softras.evaluate,
    "dibr": dibr.evaluate,
    "facts": facts.evaluate,
}
SUFFIXES = (".npz", ".json")


@dataclasses.dataclass(frozen=True)
class Verdict:
    """Outcome of one file: its checks, or why it could not be run."""

    name: str
    checks: tuple = ()
    problem: str = ""

    @property
    def passed(self):
        return bool(self.checks) and not self.problem and all(c.passed for c in self.checks)

    def line(self):
        """ok or FAIL, name, arrays compared, the worst error, entries that were left out."""
        status = "ok  " if self.passed else "FAIL"
        if self.problem or not self.checks:
            return f"{status} {self.name}: {self.problem or 'nothing compared'}"
        worst = max(self.checks, key=lambda check: check.strain)
        names = ", ".join(check.name for check in self.checks)
        failed = [check.name for check in self.checks if not check.passed]
        line = f"{status} {self.name}: {len(self.checks)} compared ({names}); "
        line += f"worst {worst.name} {worst.error:.2g} of {worst.tolerance:.2g} allowed"
        left_out = [f"{check.left_out} of {check.name}" for check in self.checks if check.left_out]
        line += f"; left out: {', '.join(left_out)}" if left_out else ""
        return line + (f"; failed: {', '.join(failed)}" if failed else "")


@dataclasses.dataclass(frozen=True)
class Selection:
    """Files of a folder: those to run, and how many there are of each kind left out."""

    paths: tuple
    skipped: dict


def select(folder, kind=None):
    """Sorts the files of a folder by kind.

    Files of an unknown kind are run, and fail: a misspelt name must not pass for a skipped one.

    Args:
      folder: `pathlib.Path`.
      kind: run only this kind; None runs all kinds.
    Returns:
      `Selection`.
    Raises:
      CaseError: the folder or the kind does not exist, or there is nothing to run.
    """
    if not folder.is_dir():
        raise CaseError(f"{folder} is no directory")
    if kind is not None and kind not in KINDS:
        raise CaseError(f"kind `{kind}` is not supported, expected one of {', '.join(KINDS)}")
    files = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)
    paths = tuple(path for path in files if kind in (None, kind_of(path)))
    if not paths:
        raise CaseError(f"no file of kind {kind or ', '.join(KINDS)} in {folder}")
    skipped = collections.Counter(kind_of(path) for path in files if path not in paths)
    return Selection(paths, dict(skipped))


def run_file(path, dtype=tf.float32):
    """Compares one file.

    Args:
      path: `pathlib.Path` of a .npz or .json file.
      dtype: tf.float32 or tf.float64, of everything computed.
    Returns:
      `Verdict`; a file that cannot be read or run has failed, with the reason in `problem`.
    """
    try:
        if kind_of(path) not in KINDS:
            raise CaseError(f"unknown kind `{kind_of(path)}`, expected one of {', '.join(KINDS)}")
        case = load_case(path)
        return Verdict(path.name, tuple(KINDS[case.kind](case, dtype)))
    except Exception as error:  # Whatever goes wrong with one file, the others still run.
        reason = " ".join(str(error).split())
        return Verdict(path.name, problem=f"{type(error).__name__}: {reason}")
