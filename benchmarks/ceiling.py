"""What two threads of this machine can gain at all: one JSON line for each kind of work.

python -m benchmarks.ceiling [--rounds N]

Two processors may be two halves of one, and always share the memory. Here they do work that has
nothing in common: arithmetic within the fastest caches, and copies of arrays that fit no cache.
"""

import argparse
import json
import threading
import time

import numpy as np

from benchmarks import machine

THREADS = 2
SMALL, LARGE = 4_000, 8_000_000  # numbers: 32 KB and 64 MB
COMPUTE_REPEATS, COPY_REPEATS = 1_000, 2


def compute():
    """A loop over a small array, most of it outside of Python's lock."""
    values = np.linspace(0.0, 1.0, SMALL)
    result = np.empty_like(values)

    def work():
        for _ in range(COMPUTE_REPEATS):
            np.sin(values, out=result)

    return work


def copy():
    """Copies of a large array."""
    source, target = np.ones(LARGE), np.ones(LARGE)

    def work():
        for _ in range(COPY_REPEATS):
            np.copyto(target, source)

    return work


def seconds(works):
    """Wall time of works that run at once, each in a thread of its own."""
    threads = [threading.Thread(target=work) for work in works]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


def measure(kind, rounds):
    """How many times as much two threads do as one; the best of some rounds, taken in turns."""
    works = [kind() for _ in range(THREADS)]
    alone, together = [], []
    for _ in range(rounds):
        alone.append(seconds(works[:1]))
        together.append(seconds(works))
    gain = THREADS * min(alone) / min(together)
    return {"work": kind.__name__, "threads": THREADS, "gain": round(gain, 3), "rounds": rounds}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    for kind in (compute, copy):
        print(json.dumps({**measure(kind, options.rounds), **machine.facts()}), flush=True)


if __name__ == "__main__":
    main()
