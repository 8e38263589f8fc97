"""The kernels behind plain C functions: built by one command, checked as a GPU's, on the CPU."""

import json
import pathlib
import re
import sys

import numpy as np
import pytest

from benchmarks import workloads
from tools.gpu import build, cases, check, checks, memory, oracles, parts, scenes, structs, times
from tools.gpu.kernels import KERNELS, KernelError, Runner

ROOT = pathlib.Path(__file__).resolve().parents[2]
KERNEL_HEADERS = sorted((ROOT / "cc" / "kernels").glob("*.h"))


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """Without optimization: the compiler takes a third of the time."""
    path = tmp_path_factory.mktemp("gpu") / "kernels.so"
    return build.build(build.toolchain(cpu_only=True, optimization="-O0"), path)


@pytest.fixture
def runner(library):
    return Runner(library, memory.HostMemory())


class _OffByOne(Runner):
    """A processor that gets the middle entry of every output slightly wrong."""

    def run(self, call):
        outputs = super().run(call)
        for array in outputs.values():
            if array.size:
                step = 1 if array.dtype.kind == "i" else 1e-3 * np.max(np.abs(array))
                array.reshape(-1)[array.size // 2] += np.array(step, array.dtype)
        return outputs


class _Moody(Runner):
    """A processor that never gives the same twice."""

    count = 0

    def run(self, call):
        self.count += 1
        return {name: array + self.count for name, array in super().run(call).items()}


def test_everything_that_is_checked_on_the_cpu_passes(library, capsys):
    assert check.main(["--cpu_only", "--library", str(library)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("ok ") for line in lines)
    assert len(lines) > 200


def test_every_kernel_has_a_place_in_every_list():
    text = (ROOT / "tools" / "gpu" / "kernel_list.h").read_text(encoding="utf-8")
    listed = re.findall(r"DO\((\w+)\)", text)
    declared = "".join(header.read_text(encoding="utf-8") for header in KERNEL_HEADERS)
    assert set(listed) == set(re.findall(r"^\w+ (\w+)Cpu\(const \1Params<T>&", declared, re.M))
    assert listed == list(KERNELS)
    assert set(listed) == set(oracles.ORACLES) == set(cases.GROUPS)


@pytest.mark.parametrize("kernel", KERNELS)
def test_every_kernel_is_called_and_compared(runner, kernel):
    scene = scenes.shared_vertices()
    found = [call for _, call in cases.calls(scene, runner, [kernel])]
    assert found
    assert all(oracles.expected(call) for call in found)


@pytest.mark.parametrize("kernel", ["Rasterize", "InterpolateGrad", "SoftrasFragmentsGrad"])
def test_a_wrong_value_is_found(library, runner, kernel):
    wrong = _OffByOne(library, memory.HostMemory())
    (alike,) = checks.same_on_both(runner, wrong, [scenes.soup()], [kernel])
    (right,) = checks.same_on_both(runner, runner, [scenes.soup()], [kernel])
    assert not alike.passed
    assert right.passed
    assert alike.line().startswith(f"FAIL {kernel}, soup, GPU and CPU: ")


def test_a_wrong_golden_value_is_found(library):
    wrong = _OffByOne(library, memory.HostMemory())
    passed = [outcome.title for outcome in checks.against_golden(wrong) if outcome.passed]
    # Vertices on pixel centres, where the originals move by more than their values.
    assert passed == ["golden n3mr_aligned_s17_all.npz"]


def test_results_that_change_are_found(library, runner):
    moody = _Moody(library, memory.HostMemory())
    (outcome,) = checks.reproducible(runner, moody, [scenes.soup()], ["Interpolate"])
    assert not outcome.passed


def test_a_kernel_without_checks_is_found(runner, monkeypatch):
    (before,) = checks.refuses_bad_inputs(runner, runner, scenes.padded(), ["Texture"])
    monkeypatch.setattr(checks, "_error_of", lambda runner, call: "")
    (after,) = checks.refuses_bad_inputs(runner, runner, scenes.padded(), ["Texture"])
    assert before.passed
    assert not after.passed


def test_outputs_that_are_not_written_are_found(runner, monkeypatch):
    monkeypatch.setattr("tools.gpu.kernels.Prepared.launch", lambda self, **kwargs: None)
    (call,) = (c for t, c in cases.calls(scenes.soup(), runner, ["RasterizeLayers"]))
    outputs = runner.run(call)
    assert np.all(outputs["face_id"] == -99)
    assert np.isnan(outputs["depth"]).all()


def test_params_of_another_size_are_refused(runner, monkeypatch):
    monkeypatch.setattr(structs, "InterpolateParams", structs.InterpolateGradParams)
    with pytest.raises(KernelError, match=r"InterpolateParams has \d+ bytes in C\+\+"):
        runner.function("Interpolate")


def test_times_are_taken_beside_the_cpu(runner, monkeypatch):
    monkeypatch.setattr(times, "SECONDS_PER_KERNEL", 0.0)
    small = workloads.make(workloads.Spec(batch=2, side=16, subdivisions=1))
    measured = list(times.measure("W1", runner, runner, make=lambda spec: small))
    assert {row["kernel"] for row, _ in measured} == set(KERNELS)
    for row, outcome in measured:
        assert outcome.passed
        assert 0 < row["min_ms"] <= row["p25_ms"] <= row["median_ms"] <= row["p75_ms"]
        assert row["runs"] == times.MIN_RUNS
        assert row["cpu_ms"] > 0


def test_a_library_without_cuda_is_told(library, monkeypatch, capsys):
    monkeypatch.setattr(check, "check_cpu", lambda library: [])
    assert check.main(["--library", str(library)]) == 1
    assert "FAIL GPU: cannot be used: the library was built without CUDA" in capsys.readouterr().out


def test_why_there_is_no_memory_of_a_gpu_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", None)
    monkeypatch.setitem(sys.modules, "torch", None)
    found, reasons = memory.gpu_memory()
    assert found is None
    assert [reason.split(":")[0] for reason in reasons] == ["CupyMemory", "TorchMemory"]


def test_a_part_that_crashes_is_an_outcome(tmp_path, monkeypatch):
    script = tmp_path / "crash.py"
    line = {"outcome": {"title": "before", "problems": [], "detail": "fine"}}
    script.write_text(f"import os\nprint({json.dumps(line)!r}, flush=True)\nos.abort()\n")
    monkeypatch.setattr(parts, "CHECK", script)
    before, crash = parts.run_apart("golden", tmp_path).outcomes
    assert before.line() == "ok   before: fine"
    assert not crash.passed
    assert "exit status -6" in crash.line()


def test_a_part_that_hangs_is_an_outcome(tmp_path, monkeypatch):
    script = tmp_path / "hang.py"
    script.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(parts, "CHECK", script)
    (outcome,) = parts.run_apart("golden", tmp_path, timeout=1).outcomes
    assert "none after 1 seconds" in outcome.line()


def test_flags_are_those_of_the_op_library():
    assert "-ffp-contract=off" in build.cpu_flags("rasterize_cpu")
    assert "-mavx2" not in build.cpu_flags("rasterize_cpu")
    assert "-mavx2" in build.cpu_flags("rasterize_avx2")
    assert "-mavx512bw" in build.cpu_flags("softras_avx512")
    assert {"-O3", "-fmad=false", "--extended-lambda"} <= set(build.cuda_flags())
    assert not any("-Werror" in flag for flag in build.cpu_flags("soft_faces") + build.cuda_flags())


def test_a_compiler_that_fails_is_quoted(tmp_path, monkeypatch):
    monkeypatch.setenv("CXX", "false")
    with pytest.raises(build.BuildError, match=r"^false "):
        build.build(build.toolchain(cpu_only=True), tmp_path / "kernels.so")
