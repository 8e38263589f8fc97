"""A process that times one renderer on request, and the caller's side of it.

Each renderer runs in a process of its own, because threads are fixed at its start and because the
others may need another Python. All wait for their turn, so only one works at a time. Requests and
replies are lines of JSON.
"""

import json
import os
import pathlib
import subprocess
import sys

from benchmarks import timing, workloads

ROOT = pathlib.Path(__file__).resolve().parents[1]


class WorkerError(RuntimeError):
    """A renderer could not be started or failed; the text says why."""


class Worker:
    """The caller's side: starts `python -m module arguments` and asks it."""

    def __init__(self, module, *arguments, python=sys.executable):
        self._module = module
        self._process = subprocess.Popen(
            [python, "-m", module, *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.facts = self._reply()["facts"]

    def load(self, path):
        """Prepares a saved workload; returns the names of the cases that can be timed."""
        return self._ask(load=str(path))["cases"]

    def time_runs(self, case, runs):
        """Calls a case; returns its `timing.Runs`."""
        return timing.Runs(*self._ask(case=case, runs=runs)["times"])

    def close(self):
        self._process.stdin.close()
        self._process.wait()

    def _ask(self, **request):
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return self._reply()

    def _reply(self):
        line = self._process.stdout.readline()
        reply = json.loads(line) if line else {"error": "the process ended; see its output above"}
        if "error" in reply:
            self.close()
            raise WorkerError(f"{self._module}: {reply['error']}")
        return reply


def serve(prepare):
    """The process's side: answers requests until the caller closes the pipe.

    Args:
      prepare: function without arguments that imports the renderer and returns its facts (a dict)
        and a function that makes {case: function} of a `Workload`.
    """
    # What libraries print must not get between the replies.
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        facts, make_cases = prepare()
        _answer({"facts": facts}, replies)
        cases = {}
        for line in sys.stdin:
            request = json.loads(line)
            if "load" in request:
                cases = make_cases(workloads.load(request["load"]))
                _answer({"cases": list(cases)}, replies)
            else:
                times = timing.time_runs(cases[request["case"]], request["runs"])
                _answer({"times": times}, replies)
    except Exception as error:  # whatever it is, the caller has to know
        _answer({"error": f"{type(error).__name__}: {error}"}, replies)
        raise


def _answer(reply, replies):
    replies.write(json.dumps(reply) + "\n")
    replies.flush()
