"""Which scores may stand side by side."""

import dataclasses
import itertools
import json
import zlib
from collections.abc import Sequence
from typing import Any

from tf_mesh_renderer.applications.reconstruction.evaluation.scores import (
    MethodScores,
    categories_of,
)
from tf_mesh_renderer.arguments import argument_error


def fingerprint(training: Any, **circumstances: Any) -> str:
    """What runs of one method have in common, however they are seeded.

    Args:
      training: a dataclass that describes a training, with its `seed`.
      **circumstances: JSON types, what else makes the scores what they are.
    Returns:
      Eight hexadecimal digits; the same of what differs by the seed alone.
    """
    values = {**dataclasses.asdict(training), **circumstances}
    del values["seed"]
    text = json.dumps(values, sort_keys=True, default=lambda schedule: schedule.get_config())
    return f"{zlib.crc32(text.encode()):08x}"


def check_comparable(runs: Sequence[MethodScores]) -> None:
    """Refuses to put side by side what was measured differently, or twice.

    Args:
      runs: that a table is to show.
    Raises:
      ValueError: two runs have another measurement, other categories or other data; or one name,
        and one seed or other trainings.
    """
    for earlier, run in itertools.combinations(runs, 2):
        if difference := _difference(earlier, run):
            expected, received = difference
            hint = "evaluate again with equal data and flags, and name what differs with --label"
            raise argument_error(
                "compare", "files", expected=expected, received=received, hint=hint
            )


def _difference(earlier: MethodScores, run: MethodScores) -> tuple[str, str] | None:
    """What was expected of a run beside an earlier one, and what it is; None if all is well."""
    method = f"'{run.method}'"
    if run.measurement != earlier.measurement:
        expected = f"what '{earlier.method}' was measured on: {earlier.measurement}"
        return expected, f"{method} on {run.measurement}"
    names, earlier_names = categories_of([run]), categories_of([earlier])
    if set(names) != set(earlier_names):
        expected = f"the categories of '{earlier.method}': {', '.join(earlier_names)}"
        return expected, f"{method} on {', '.join(names)}"
    checksums = {scores.category: scores.checksum for scores in earlier.categories}
    others = [s.category for s in run.categories if s.checksum != checksums[s.category]]
    if others:
        return f"the data of '{earlier.method}'", f"{method} on other {', '.join(others)}"
    if run.method != earlier.method:
        return None
    if run.seed == earlier.seed:
        return "each run once", f"{method}, seed {run.seed}, twice"
    if run.training != earlier.training:
        expected = "runs of one name that differ by the seed alone"
        received = f"{method}, seeds {earlier.seed} and {run.seed}, trained in different ways"
        return expected, received
    return None
