"""The benchmarks run and print what they promise; whether they are fast is nobody's test."""

import json
import pathlib
import statistics
import subprocess
import sys
import time
from typing import ClassVar

import numpy as np
import pytest

from benchmarks import contest, machine, report, run, timing, workloads

ROOT = pathlib.Path(__file__).resolve().parents[1]
SMALL = workloads.Spec(batch=3, side=16, subdivisions=1)


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """What the program prints for the cheapest workload in the shortest time."""
    copy = tmp_path_factory.mktemp("bench") / "results.json"
    program = [sys.executable, str(ROOT / "benchmarks/run.py"), "--workloads", "W5"]
    options = ["--rounds", "2", "--turn_seconds", "0.001", "--threads", "1,2", "--peers", "none"]
    command = [*program, *options, "--output", str(copy)]
    result = subprocess.run(command, check=True, capture_output=True, text=True, cwd=copy.parent)
    assert result.stdout == copy.read_text("utf-8")
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_line_says_what_was_measured_where(rows):
    for row in rows:
        assert row["workload"] == "W5"
        assert row["step"] in run.STEPS["W5"]
        assert row["cpu"] == machine.cpu_model()
        assert row["commit"]


def test_times_are_ordered_and_positive(rows):
    times = [row for row in rows if "median_ms" in row]
    for row in times:
        assert 0 < row["min_ms"] <= row["p25_ms"] <= row["median_ms"] <= row["p75_ms"]
        assert row["runs"] == 2
        assert row["dtype"] == "float32"
        assert row["cpu_target"] in ("baseline", "avx2", "avx512")
        assert row["tensorflow"]


@pytest.mark.parametrize(
    ("step", "beside"),
    [
        ("silhouette_backward", "silhouette_backward, eager"),
        ("dibr_fit", "silhouette_backward"),
        ("softras_fit", "silhouette_backward"),
    ],
)
def test_a_step_is_timed_with_all_threads_and_beside_its_variant_or_rival(rows, step, beside):
    of_step = [row for row in rows if row["step"] == step]
    cases = {(row["case"], row["threads"]) for row in of_step if "median_ms" in row}
    assert cases == {(step, 1), (step, 2), (beside, 1)}
    quotients = {(row["faster"], row["than"]): row for row in of_step if "than" in row}
    one, two = (f"tf_mesh_renderer, {step}, {threads}" for threads in ("1 thread", "2 threads"))
    assert set(quotients) == {(one, f"tf_mesh_renderer, {beside}, 1 thread"), (two, one)}
    assert all(row["pairs"] == 2 for row in quotients.values())


def test_report_has_a_line_for_every_result(rows):
    times, quotients = list(report.times_table(rows)), list(report.quotients_table(rows))
    steps = run.STEPS["W5"]
    assert len(times) == 2 + len(steps)
    assert all(line.count("(") == 3 for line in times[2:])
    assert len(quotients) == 2 + 2 * len(steps)
    assert {len(line.split("|")) for line in quotients} == {9}


def test_every_aim_names_a_step_and_a_case_that_are_measured():
    steps = {step for names in run.STEPS.values() for step in names}
    for step, case in report.AIMS:
        assert step in steps
        assert case.split(", ")[1] in (step, run.RIVALS.get(step))


def test_a_missing_peer_is_named_and_left_out(tmp_path, capsys):
    python = tmp_path / "python"  # a Python that has nothing
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
    python.chmod(0o755)
    options = run.parse_arguments(
        ["--threads", "none", "--peers", "deodr", "--peer_python", str(python)]
    )
    assert run.start_workers(options, None) == []
    assert "Left out: benchmarks.peers.deodr" in capsys.readouterr().err


def test_workloads_are_reproducible_and_survive_the_file(tmp_path):
    first, second = workloads.make(SMALL), workloads.make(SMALL)
    workloads.save(first, tmp_path / "workload.npz")
    loaded = workloads.load(tmp_path / "workload.npz")
    for name, array in vars(first).items():
        np.testing.assert_array_equal(array, getattr(second, name))
        np.testing.assert_array_equal(array, getattr(loaded, name))
    assert loaded.image_size == (16, 16)
    assert first.vertices_clip.shape == (3, 42, 4)


def test_meshes_of_workloads_are_seen_whole():
    workload = workloads.make(SMALL)
    x, y, z, w = np.moveaxis(workload.vertices_clip, -1, 0)
    assert np.all(np.abs([x, y, z]) < w)
    assert np.all(np.linalg.norm(workload.vertices_world, axis=-1) <= 1 + 1e-6)


def test_figures_of_times():
    threes, ones = [3.0] * 3, [1.0] * 3
    slow = [timing.Runs([4.0, 6.0, 5.0], threes, 0.0), timing.Runs([40.0, 60.0], threes[:2], 0.5)]
    fast = [timing.Runs([1.0, 2.0], ones[:2], 0.0), timing.Runs([20.0, 10.0, 15.0], ones, 0.0)]
    figures = timing.summarize(slow)
    assert figures["median_ms"] == statistics.median([4, 6, 5, 40, 60]) * 1000
    assert (figures["min_ms"], figures["cpu_median_ms"], figures["runs"]) == (4000, 3000, 5)
    assert figures["others"] == 0.25
    quotients = timing.compare(slow, fast)
    assert quotients["median_of_pairs"] == round((5 / 1.5 + 50 / 15) / 2, 3)
    assert (quotients["of_minima"], quotients["of_cpu"], quotients["pairs"]) == (4.0, 3.0, 2)


def test_processor_time_leaves_waiting_out():
    runs = timing.time_runs(lambda: time.sleep(0.02), 2)
    assert min(runs.wall) >= 0.02
    assert max(runs.cpu) < 0.02


class Script:
    """A worker that replies with one turn after the other."""

    facts: ClassVar = {"program": "script", "threads": 1}

    def __init__(self, others):
        self._others = iter([0.0, *others])  # the first is the trial

    def time_runs(self, case, runs):
        del case
        return timing.Runs([1.0] * runs, [1.0] * runs, next(self._others))


@pytest.mark.parametrize(
    ("others", "kept"),
    [([0.0, 0.9, 0.1], [0.0, 0.1]), ([0.9] * 8, [0.9, 0.9])],
    ids=["repeats a disturbed round", "gives up waiting"],
)
def test_disturbed_rounds_are_repeated_within_limits(others, kept):
    entries = [contest.Entry(Script(others), "a"), contest.Entry(Script([0.0] * 9), "b")]
    contest.take_turns(entries, rounds=2, turn_seconds=1.0)
    assert [turn.others for turn in entries[0].turns] == kept
    assert len(entries[1].turns) == 2
