"""Times the library on five workloads, beside other CPU renderers where they are installed.

    python -m benchmarks.run [--workloads W1,W2] [--peers none] [--output FILE]

Prints one JSON object a line: times ("median_ms", ...), then how many times faster one program is
"than" another. Nothing fails for being slow.
"""

import argparse
import contextlib
import json
import os
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
# The steps that are timed on each workload.
SOFT_STEPS = (
    "rasterize_layers",
    "dibr_mask",
    "dibr_mask_backward",
    "softras_silhouette",
    "softras_silhouette_backward",
    "softras_color",
    "softras_color_backward",
    "texture",
    "texture_backward",
    "texture_512",
    "texture_512_backward",
    "texture_scattered_backward",
)
STEPS = {
    "W1": ("rasterize", "render_backward", *SOFT_STEPS),
    "W2": ("rasterize", "render_backward", *SOFT_STEPS),
    "W3": ("rasterize", "render_backward", *SOFT_STEPS),
    "W4": ("rasterize", "render_backward"),
    "W5": ("silhouette_backward", "dibr_fit", "softras_fit"),
}
# What a step is compared with, besides itself with more threads and in other programs.
RIVALS = {
    "dibr_fit": "silhouette_backward",
    "softras_fit": "silhouette_backward",
    "softras_color_backward": "softras_silhouette_backward",
    "texture_backward": "interpolate_backward",
    "texture_512_backward": "interpolate_backward",
    "texture_scattered_backward": "interpolate_backward",
}
PEERS = ("deodr", "llvmpipe")
INSTALL = "pip install -r benchmarks/requirements-peers.txt; see docs/performance.md"


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workloads", type=_words, default=list(STEPS), help="W1,W2,...")
    parser.add_argument("--threads", type=_words, default=["1", "2"], help="of this library: 1,2")
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float32")
    parser.add_argument("--mesh", help="file that takes the teapot's place in W2")
    parser.add_argument("--peers", type=_words, default=list(PEERS), help="deodr,llvmpipe or none")
    parser.add_argument("--peer_python", default=sys.executable, help="Python that has the peers")
    parser.add_argument("--rounds", type=int, default=20, help="turns of each program")
    parser.add_argument("--turn_seconds", type=float, default=0.15, help="length of a turn")
    parser.add_argument("--output", type=pathlib.Path, help="file that gets the lines too")
    return parser.parse_args(arguments)


def _words(text):
    return [] if text == "none" else text.split(",")


def start_workers(options, stack):
    """One process for each number of threads, and one for each peer that is there."""
    from benchmarks.worker import Worker, WorkerError

    workers = []
    for threads in options.threads:
        arguments = ("--threads", threads, "--dtype", options.dtype)
        workers.append(Worker("benchmarks.renderer", *arguments))
    for peer in options.peers:
        try:
            workers.append(Worker(f"benchmarks.peers.{peer}", python=options.peer_python))
        except WorkerError as error:
            print(f"Left out: {error}. To have it: {INSTALL}.", file=sys.stderr)
    for worker in workers:
        stack.callback(worker.close)
    return workers


def entries_of(step, workers, cases):
    """Who runs a step, itself first; variants of it ("..., eager") and rivals with one thread."""
    from benchmarks.contest import Entry

    entries = []
    for worker, names in zip(workers, cases):
        for name in sorted(names, key=lambda name: name != step):
            beside = name.startswith(f"{step}, ") or name == RIVALS.get(step)
            if name == step or (beside and worker.facts["threads"] == 1):
                entries.append(Entry(worker, name))
    return entries


def comparisons(step, entries):
    """Quotients: every other entry against the library in a graph with its fewest threads."""
    from benchmarks import timing

    ours, *others = entries
    for other in others:
        # More threads are the faster side.
        same_program = other.worker.facts["program"] == ours.worker.facts["program"]
        slow, fast = (ours, other) if same_program and other.case == step else (other, ours)
        yield {
            "faster": _label(fast),
            "than": _label(slow),
            **timing.compare(slow.turns, fast.turns),
        }


def _label(entry):
    threads = entry.worker.facts["threads"]
    return f"{entry.worker.facts['program']}, {entry.case}, {threads} thread{'s'[: threads > 1]}"


def measure(options):
    """Yields the results of all workloads, in order."""
    # TensorFlow takes seconds to load: only once the arguments are known to be right.
    from benchmarks import contest, machine, workloads

    facts = machine.facts()
    with contextlib.ExitStack() as stack:
        path = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory())) / "workload.npz"
        workers = start_workers(options, stack)
        for name in options.workloads:
            workloads.save(workloads.make(workloads.SPECS[name], options.mesh), path)
            cases = [worker.load(path) for worker in workers]
            for step in STEPS[name]:
                entries = entries_of(step, workers, cases)
                turns = {"rounds": options.rounds, "turn_seconds": options.turn_seconds}
                contest.take_turns(entries, **turns)
                for entry in entries:
                    yield {"workload": name, "step": step, **contest.result(entry), **facts}
                for comparison in comparisons(step, entries):
                    yield {"workload": name, "step": step, **comparison, **facts}


def main(arguments=None):
    """Command line."""
    options = parse_arguments(arguments)
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with contextlib.ExitStack() as stack:
        copy = stack.enter_context(options.output.open("w")) if options.output else None
        for result in measure(options):
            line = json.dumps(result)
            print(line, flush=True)
            if copy:
                print(line, file=copy, flush=True)


if __name__ == "__main__":
    main()
