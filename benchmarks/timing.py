"""Times: how they are taken, and which figures are reported of them."""

import statistics
import time
from typing import NamedTuple

from benchmarks import machine

MILLISECONDS = 1e3


class Runs(NamedTuple):
    """Calls that followed each other.

    Attributes:
      wall: seconds of each call on the wall clock.
      cpu: processor seconds of each call, of all its threads.
      others: how many processors other programs kept busy meanwhile.
    """

    wall: list[float]
    cpu: list[float]
    others: float


def time_runs(function, runs):
    """Times `runs` calls, after one that is not counted.

    The uncounted call brings code and data back into the caches, which another process had since.
    """
    function()
    wall, cpu = [], []
    busy = machine.busy_seconds()
    for _ in range(runs):
        start, cpu_start = time.perf_counter(), time.process_time()
        function()
        wall.append(time.perf_counter() - start)
        cpu.append(time.process_time() - cpu_start)
    busy = machine.busy_seconds() - busy
    return Runs(wall, cpu, max(0.0, (busy - sum(cpu)) / sum(wall)))


def summarize(turns):
    """Figures of a list of `Runs`, in milliseconds.

    Returns:
      Median, minimum and quartiles on the wall clock; the median of processor time, which does not
      count what other programs took; the mean of what they took; the number of runs.
    """
    wall = [seconds for turn in turns for seconds in turn.wall]
    cpu = [seconds for turn in turns for seconds in turn.cpu]
    p25, median, p75 = quartiles(wall)
    figures = {"median": median, "min": min(wall), "p25": p25, "p75": p75}
    figures["cpu_median"] = statistics.median(cpu)
    rounded = {f"{name}_ms": round(value * MILLISECONDS, 4) for name, value in figures.items()}
    others = statistics.fmean(turn.others for turn in turns)
    return {**rounded, "others": round(others, 3), "runs": len(wall)}


def compare(slow, fast):
    """How many times faster the second of two programs is, which took turns.

    A machine that others use too is slow for both for a while: the quotient of two neighbours in
    time is steadier than the quotient of two medians over the whole time.

    Args:
      slow: a `Runs` for each turn.
      fast: as many, taken in turns with the others.
    Returns:
      Median and quartiles of the quotients of each turn's median wall times, and the quotients of
      the minima and of the median processor times.
    """
    pairs = [statistics.median(a.wall) / statistics.median(b.wall) for a, b in zip(slow, fast)]
    p25, median, p75 = quartiles(pairs)
    slow_figures, fast_figures = summarize(slow), summarize(fast)
    quotients = {"median_of_pairs": median, "p25_of_pairs": p25, "p75_of_pairs": p75}
    quotients["of_minima"] = slow_figures["min_ms"] / fast_figures["min_ms"]
    quotients["of_cpu"] = slow_figures["cpu_median_ms"] / fast_figures["cpu_median_ms"]
    rounded = {name: round(value, 3) for name, value in quotients.items()}
    return {**rounded, "pairs": len(pairs)}


def quartiles(values):
    """Lower quartile, median, upper quartile."""
    if len(values) == 1:
        return (values[0],) * 3
    return tuple(statistics.quantiles(values, n=4, method="inclusive"))
