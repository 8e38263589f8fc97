"""Programs that train, run as processes: killed and gone on with, and in two processes."""

import os
import pathlib
import signal
import subprocess
import sys
import time

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.training import read_log

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS = 600  # a machine that is busy is no failure
ROUNDING = 1e-6  # of values that are differences near 0, such as scores of a critic
CLUSTER = ("-m", "tf_mesh_renderer.training.local_cluster", "--workers=2", "--restarts=0", "--")


def start(command, output):
    """Starts `python -m tf_mesh_renderer.applications.COMMAND... --output OUTPUT`."""
    program, *flags = map(str, command)
    called = [sys.executable, "-m", f"tf_mesh_renderer.applications.{program}", *flags]
    with open(output.with_suffix(".txt"), "a", encoding="utf-8") as file:
        return subprocess.Popen(
            [*called, f"--output={output}"], stdout=file, stderr=file, env=environment()
        )


def environment():
    return {**os.environ, "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": ""}


def finish(process, output):
    """Waits for a process that has to succeed."""
    assert process.wait(SECONDS) == 0, output.with_suffix(".txt").read_text(encoding="utf-8")


def epochs_of(state):
    """How many epochs are in the latest checkpoint of a folder."""
    latest = tf.train.latest_checkpoint(str(state))
    return int(latest.rsplit("-", maxsplit=1)[-1]) if latest else 0


def kill_after(process, output, *, state, epochs):
    """SIGKILL some time after a number of epochs."""
    end = time.monotonic() + SECONDS
    while epochs_of(output / state) < epochs:
        assert process.poll() is None, output.with_suffix(".txt").read_text(encoding="utf-8")
        assert time.monotonic() < end
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait(SECONDS) == -signal.SIGKILL


def weights(state):
    """All that the latest checkpoint of a folder holds, by name."""
    reader = tf.train.load_checkpoint(str(state))
    names = reader.get_variable_to_shape_map()
    return {name: reader.get_tensor(name) for name in names if "OBJECT_GRAPH" not in name}


def assert_killed_ends_as_uninterrupted(
    command, folder, *, epochs, killed_after, state="checkpoints", files=("log.csv",)
):
    """Files and all variables are the same bytes, whether a run was killed in the middle or not.

    `command` is the program, its flags and no output; it has to make `epochs` checkpoints in the
    folder `state` of its output.
    """
    whole, cut = folder / "whole", folder / "cut"
    kill_after(start(command, cut), cut, state=state, epochs=killed_after)
    assert epochs_of(cut / state) < epochs
    for output in (cut, whole):
        finish(start(command, output), output)
        assert epochs_of(output / state) == epochs
    expected, found = weights(whole / state), weights(cut / state)
    assert set(expected) == set(found)
    assert any("optimizer" in name for name in expected)
    for name, value in expected.items():
        if not name.startswith("save_counter"):
            np.testing.assert_array_equal(found[name], value, err_msg=name)
    for name in files:
        assert (cut / name).read_bytes() == (whole / name).read_bytes(), name


def assert_two_processes_train_as_one(command, folder, *, tolerances, together=()):
    """Logs agree up to a relative tolerance for each epoch, and the same files are written.

    `together` are flags of the run in two processes, which change nothing that is learnt.
    """
    alone, both = folder / "alone", folder / "together"
    finish(start(command, alone), alone)
    program, *flags = map(str, command)
    called = [sys.executable, "-m", f"tf_mesh_renderer.applications.{program}", *flags]
    called += [f"--output={both}", "--strategy=multiworker", *together]
    subprocess.run([sys.executable, *CLUSTER, *called], env=environment(), check=True)
    rows, others = read_log(alone / "log.csv"), read_log(both / "log.csv")
    for row, other, tolerance in zip(rows, others, tolerances, strict=True):
        assert row.keys() == other.keys()
        found, expected = list(other.values()), list(row.values())
        np.testing.assert_allclose(found, expected, rtol=tolerance, atol=ROUNDING)
    assert files_of(alone) == files_of(both)


def files_of(folder):
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
