"""Runs a program in several processes of one machine that train together, and restarts them.

    python -m tf_mesh_renderer.training.local_cluster --workers=2 -- PROGRAM ARGUMENTS...

Each process finds itself in TF_CONFIG. When one dies, the others cannot go on: all are stopped and
started again, and go on from their latest checkpoint. Between machines, the scheduler does that.
"""

import functools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

from absl import flags, logging

from tf_mesh_renderer.command_line import Program, run_program
from tf_mesh_renderer.training.tf_config import VARIABLE, write_tf_config

_POLL_SECONDS = 0.1
# Time to write what a process has in its hands, before it is killed.
_GRACE_SECONDS = 10.0
_SIGNALLED = 128
# Of a program that was called wrongly, and would be again.
_USAGE_ERROR = 2


def run_cluster(command: Sequence[str], *, workers: int, restarts: int = 0) -> int:
    """Runs a command once for each process of a cluster on this machine, until all have ended.

    Args:
      command: program and arguments, the same for all.
      workers: number of processes.
      restarts: how often all are started again after one has failed, unless it was called wrongly
        (exit code 2).
    Returns:
      0, or how the process ended that failed first in the last attempt: its exit code, or minus the
      number of the signal that killed it.
    """
    for left in range(restarts, -1, -1):
        processes: list[subprocess.Popen] = []
        try:
            processes.extend(_start(command, workers))
            code = _wait(processes)
        finally:
            _stop(processes)
        if code in (0, _USAGE_ERROR):
            return code
        logging.error("a process ended with %d, %d restarts are left", code, left)
    return code


def _start(command, workers) -> Iterator[subprocess.Popen]:
    addresses = tuple(f"127.0.0.1:{port}" for port in _free_ports(workers))
    for rank in range(workers):
        environment = {**os.environ, VARIABLE: write_tf_config(addresses, rank)}
        yield subprocess.Popen(list(command), env=environment)


def _wait(processes) -> int:
    """Waits until all have ended well, or one has not, and returns the first bad exit code."""
    while True:
        codes = [process.poll() for process in processes]
        failed = [code for code in codes if code]
        if failed or None not in codes:
            return failed[0] if failed else 0
        time.sleep(_POLL_SECONDS)


def _stop(processes) -> None:
    running = [process for process in processes if process.poll() is None]
    for process in running:
        process.send_signal(signal.SIGTERM)
    end = time.monotonic() + _GRACE_SECONDS
    for process in running:
        try:
            process.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_ports(count) -> list[int]:
    """Ports that nobody listens on; all are held until the last is found, so that they differ."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for held in sockets:
            held.bind(("127.0.0.1", 0))
        return [held.getsockname()[1] for held in sockets]
    finally:
        for held in sockets:
            held.close()


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the program can be told.

    Args:
      values: where to.
    """
    for name, value, low, text in (
        ("workers", 2, 1, "Number of processes."),
        ("restarts", 3, 0, "How often all start again after one has died, but with exit code 2."),
    ):
        flags.DEFINE_integer(name, value, text, lower_bound=low, flag_values=values)


def run(values: flags.FlagValues, *command: str) -> int:
    """Runs what follows the flags.

    Args:
      values: the flags.
      *command: program and arguments.
    Returns:
      The exit code; that of a process that a signal killed is 128 and its number, as in a shell.
    Raises:
      ValueError: there is no command.
    """
    if not command:
        raise ValueError("expected a program after --")
    before = signal.signal(signal.SIGTERM, _end)
    try:
        code = run_cluster(command, workers=values.workers, restarts=values.restarts)
    finally:
        signal.signal(signal.SIGTERM, before)
    return code if code >= 0 else _SIGNALLED - code


def _end(number, _):
    """Ends as Ctrl-C does: the processes are stopped, once. Python would leave them running."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit(_SIGNALLED + number)


PROGRAM = Program(
    __doc__, define_flags, run, positional="-- and the program to run, with its arguments."
)
main = functools.partial(run_program, program=PROGRAM)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
