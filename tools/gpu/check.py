"""Checks and times the kernels without TensorFlow, on the CPU and on an NVIDIA GPU.

    python tools/gpu/check.py [--cpu_only] [--sanitize] [--output FILE]

Needs a C++ compiler and NumPy; for the GPU nvcc, and CuPy or PyTorch. On the CPU every kernel is
compared with the golden files and with the NumPy oracles of the tests; on the GPU with the CPU, and
it is timed. Prints a line for each check and one JSON object for each time. Ends with an error if
anything failed.
"""

import argparse
import json
import pathlib
import shutil
import sys
import types

ROOT = pathlib.Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    # Packages of these names that are installed would come before folders without __init__.py.
    for folder in ("bazel", "benchmarks", "tests", "tools"):
        sys.modules[folder] = types.ModuleType(folder)
        sys.modules[folder].__path__ = [str(ROOT / folder)]

from benchmarks import machine  # noqa: E402
from tools.gpu import build, checks, memory, parts, scenes, times  # noqa: E402
from tools.gpu.kernels import Runner  # noqa: E402
from tools.gpu.outcomes import Outcome  # noqa: E402


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cpu_only", action="store_true", help="build and check the CPU half")
    parser.add_argument("--library", type=pathlib.Path, help="built before; nothing is built")
    parser.add_argument("--workloads", default=",".join(times.WORKLOADS), help="to time, or none")
    parser.add_argument("--sanitize", action="store_true", help="compute-sanitizer, small scenes")
    parser.add_argument("--output", type=pathlib.Path, help="file that gets the times too")
    parser.add_argument("--part", help=argparse.SUPPRESS)  # see parts.py
    return parser.parse_args(arguments)


def main(arguments=None):
    """Command line; returns its exit status."""
    options = parse_arguments(arguments)
    if options.part:
        parts.run_here(options.part, options.library)
        return 0
    report = Report()
    library = options.library or _build(options.cpu_only)
    report.add_all(check_cpu(library))
    if not options.cpu_only:
        _check_gpu(library, options, report)
    return report.end(options.output)


def _build(cpu_only):
    tools = build.toolchain(cpu_only=cpu_only)
    print("building with CUDA" if tools.cuda else "building without CUDA", flush=True)
    try:
        return build.build(tools)
    except build.BuildError as error:
        sys.exit(str(error))


class Report:
    """Prints outcomes as they come, and keeps them and the times."""

    def __init__(self):
        self._outcomes = []
        self._rows = []

    def add_all(self, outcomes):
        for outcome in outcomes:
            print(outcome.line(), flush=True)
            self._outcomes.append(outcome)

    def add_findings(self, findings, facts):
        self.add_all(findings.outcomes)
        self._rows += [{**row, **facts} for row in findings.rows]

    def end(self, path):
        """Prints the times, what failed once more, and the summary; returns the exit status."""
        table = "".join(json.dumps(row) + "\n" for row in self._rows)
        print(table, end="")
        if path:
            path.write_text(table, encoding="utf-8")
        for outcome in self._outcomes:
            if not outcome.passed:
                print(outcome.line())
        last = checks.summary(self._outcomes)
        print(last.line(), flush=True)
        return 0 if last.passed else 1


def check_cpu(library):
    """Yields the outcomes of the CPU half."""
    one, three = (Runner(library, memory.HostMemory(threads)) for threads in (1, 3))
    limits = [scene for scene in scenes.at_the_limits() if scene.name != "crowd"]
    yield from checks.against_golden(one)
    yield from checks.against_oracles(one, scenes.in_general_position())
    yield from checks.same_bits_with_any_threads(one, three, limits)
    yield from checks.refuses_bad_inputs(one, three, scenes.padded())
    yield from checks.takes_nan_from_a_loss(one, three, scenes.padded())


def _check_gpu(library, options, report):
    findings = parts.run_apart("facts", library)
    if "gpu" not in findings.facts:
        reasons = "; ".join(findings.facts.get("reasons", []))
        problem = f"cannot be used: {reasons}. Hint: --cpu_only checks the CPU half"
        report.add_all([Outcome("GPU", (problem,)), *findings.outcomes])
        return
    facts = findings.facts | machine.facts()
    print(json.dumps({"facts": facts}), flush=True)
    for found in parts.check_all(library):
        report.add_findings(found, facts)
    if options.sanitize:
        report.add_all(_sanitized(library))
    if options.workloads != "none":
        for found in parts.time_all(library, options.workloads.split(",")):
            report.add_findings(found, facts)


def _sanitized(library):
    """Outcomes of memcheck, and what initcheck says: copies of padding make it complain too."""
    if shutil.which(parts.SANITIZER) is None:
        yield Outcome(parts.SANITIZER, (), "not found, not run")
        return
    for tool in ("memcheck", "initcheck"):
        for outcome in parts.sanitize(library, tool).outcomes:
            if "not supported" in outcome.line() or (tool == "initcheck" and not outcome.passed):
                outcome = Outcome(outcome.title, (), f"no verdict: {'; '.join(outcome.problems)}")
            yield outcome


if __name__ == "__main__":
    sys.exit(main())
