"""Programs that take turns on one task, so that a busy spell of the machine hits all of them."""

import dataclasses
import math

from benchmarks import timing
from benchmarks.worker import Worker

# Runs that find out how many fit into a turn.
TRIAL_RUNS = 3
MAX_RUNS_PER_TURN = 200
# A round counts if other programs kept less than this many processors busy during every turn; a
# clock that ticks a hundred times a second cannot tell much less.
MAX_OTHERS = 0.2
# So many rounds are tried for each that is wanted; after that, every round counts.
MAX_TRIES = 4


@dataclasses.dataclass
class Entry:
    """One program and the case it runs; `turns` collects the times of each turn."""

    worker: Worker
    case: str
    turns: list[timing.Runs] = dataclasses.field(default_factory=list)


def take_turns(entries, *, rounds, turn_seconds):
    """Lets every entry run for about `turn_seconds`, one after the other, `rounds` times.

    Rounds that other programs disturbed are repeated, within limits.
    """
    runs = [_runs_per_turn(entry, turn_seconds) for entry in entries]
    tries_left = rounds * MAX_TRIES
    wanted = rounds
    while wanted > 0:
        turns = [entry.worker.time_runs(entry.case, n) for entry, n in zip(entries, runs)]
        tries_left -= 1
        if tries_left >= wanted and max(turn.others for turn in turns) > MAX_OTHERS:
            continue
        for entry, turn in zip(entries, turns):
            entry.turns.append(turn)
        wanted -= 1


def _runs_per_turn(entry, turn_seconds):
    fastest = min(entry.worker.time_runs(entry.case, TRIAL_RUNS).wall)
    return min(max(1, math.ceil(turn_seconds / fastest)), MAX_RUNS_PER_TURN)


def result(entry):
    """The figures of one entry, with the facts of its program."""
    return {"case": entry.case, **timing.summarize(entry.turns), **entry.worker.facts}
