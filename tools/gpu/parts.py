"""The parts of a check, each of which runs in a process of its own: a crash ends no other part.

A part prints one JSON object a line: {"outcome": ...}, {"row": ...} or {"facts": ...}.
"""

import concurrent.futures
import dataclasses
import json
import pathlib
import subprocess
import sys

from tools.gpu import build, checks, memory, scenes, times
from tools.gpu.kernels import KERNELS, Runner
from tools.gpu.outcomes import Outcome

CHECK = pathlib.Path(__file__).with_name("check.py")
TIMEOUT_SECONDS = 150
TIMING_TIMEOUT_SECONDS = 240
# Processes that check at the same time; those that time run alone.
PROCESSES = 6
SANITIZER = "compute-sanitizer"


# --- inside a part --------------------------------------------------------------------------------


def run_here(part, library):
    """Runs one part: "facts", "kernel:Rasterize", "golden", "workload:W1" or "small"."""
    found, reasons = memory.gpu_memory()
    cpu = Runner(library, memory.host_memory())
    if not cpu.has_cuda:
        reasons = ["the library was built without CUDA"]
    if found is None or not cpu.has_cuda:
        return _write("facts", {"reasons": reasons})
    gpu = Runner(library, found)
    kind, _, name = part.partition(":")
    if kind == "facts":
        driver = {"driver": ", ".join(sorted(set(build.ask_nvidia_smi("driver_version"))))}
        _write("facts", found.facts() | driver | gpu.cuda_versions())
    elif kind == "workload":
        for row, outcome in times.measure(name, gpu, cpu):
            _write("row", row)
            _write("outcome", dataclasses.asdict(outcome))
    else:
        for outcome in _outcomes(kind, name, gpu, cpu):
            _write("outcome", dataclasses.asdict(outcome))


def _write(kind, content):
    print(json.dumps({kind: content}), flush=True)


def _outcomes(kind, name, gpu, cpu):
    if kind == "golden":
        yield from checks.against_golden(gpu)
    elif kind == "small":
        some = [scenes.padded(), scenes.degenerate(), scenes.empty("no faces", num_faces=0)]
        yield from checks.same_on_both(cpu, gpu, some)
    else:
        everything = scenes.in_general_position() + scenes.at_the_limits()
        yield from checks.same_on_both(cpu, gpu, everything, [name])
        yield from checks.reproducible(cpu, gpu, everything, [name])
        yield from checks.refuses_bad_inputs(cpu, gpu, scenes.padded(), [name])
        yield from checks.takes_nan_from_a_loss(cpu, gpu, scenes.padded(), [name])


# --- outside --------------------------------------------------------------------------------------


@dataclasses.dataclass
class Findings:
    """What parts have written."""

    outcomes: list = dataclasses.field(default_factory=list)
    rows: list = dataclasses.field(default_factory=list)
    facts: dict = dataclasses.field(default_factory=dict)

    def add(self, line):
        """Takes one line; says whether it was one of a part's."""
        try:
            ((kind, content),) = json.loads(line).items()
        except (ValueError, AttributeError):
            return False
        if kind == "outcome":
            problems = tuple(content["problems"])
            self.outcomes.append(Outcome(content["title"], problems, content["detail"]))
        elif kind == "row":
            self.rows.append(content)
        else:
            self.facts |= content
        return True


def check_all(library, kernels=tuple(KERNELS)):
    """Yields `Findings` of the parts that compare values, several at a time."""
    names = ["golden", *(f"kernel:{kernel}" for kernel in kernels)]
    with concurrent.futures.ThreadPoolExecutor(PROCESSES) as pool:
        yield from pool.map(lambda part: run_apart(part, library), names)


def time_all(library, names=times.WORKLOADS):
    """Yields `Findings` of the workloads, one after the other."""
    for name in names:
        yield run_apart(f"workload:{name}", library, timeout=TIMING_TIMEOUT_SECONDS)


def sanitize(library, tool):
    """`Findings` of the small scenes under a tool of compute-sanitizer: "memcheck", "initcheck"."""
    program = ["env", "PYTORCH_NO_CUDA_MEMORY_CACHING=1"]  # as CupyMemory does without
    # Packages try calls of CUDA that may fail, which is no error of the kernels.
    program += [SANITIZER, "--tool", tool, "--error-exitcode", "99", "--report-api-errors", "no"]
    return run_apart("small", library, program=program, timeout=2 * TIMEOUT_SECONDS)


def run_apart(part, library, *, program=(), timeout=TIMEOUT_SECONDS):
    """`Findings` of one part; how its process ended is one of the outcomes if it ended badly."""
    command = [*program, sys.executable, str(CHECK), "--library", str(library), "--part", part]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
        output, errors, problem = ended.stdout, ended.stderr, ended.returncode
    except subprocess.TimeoutExpired as expired:
        output, errors = _text(expired.stdout), _text(expired.stderr)
        problem = f"none after {timeout} seconds"
    except OSError as error:
        output, errors, problem = "", str(error), "could not be started"
    findings = Findings()
    others = [line for line in output.splitlines() if not findings.add(line)]
    if problem:
        said = " | ".join([*others, *errors.splitlines()][-8:])
        title = " ".join([*program, "part", part])
        findings.outcomes.append(Outcome(title, (f"exit status {problem}: {said}",)))
    return findings


def _text(captured):
    """What a process that was stopped had written: bytes, text or nothing."""
    return captured.decode(errors="replace") if isinstance(captured, bytes) else captured or ""
