"""A training that is killed at any moment ends as if it had not been."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.training import read_log

PROGRAM = [sys.executable, "-m", "tf_mesh_renderer.applications.reconstruction", "train"]
EPOCHS = 8
SECONDS = 300  # a machine that is busy is no failure


def start(output, train_flags):
    flags = [*train_flags, f"--output={output}", f"--steps={2 * EPOCHS}", "--nopictures"]
    flags += ["--gradient=dibr", "--patience=7"]
    with open(output.with_suffix(".txt"), "a", encoding="utf-8") as file:
        return subprocess.Popen([*PROGRAM, *flags], stdout=file, stderr=file)


def finish(process, output):
    assert process.wait(SECONDS) == 0, output.with_suffix(".txt").read_text(encoding="utf-8")


def kill_in_an_epoch(process, output, after):
    """SIGKILL some time after a number of epochs."""
    end = time.monotonic() + SECONDS
    while len(read_log(output / "log.csv")) < after:
        assert process.poll() is None, output.with_suffix(".txt").read_text(encoding="utf-8")
        assert time.monotonic() < end
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait(SECONDS) == -signal.SIGKILL


def weights(output):
    """All that the last checkpoint holds, by name."""
    reader = tf.train.load_checkpoint(str(output / "checkpoints"))
    names = reader.get_variable_to_shape_map()
    return {name: reader.get_tensor(name) for name in names if "OBJECT_GRAPH" not in name}


def test_killed_and_resumed_is_uninterrupted_bit_for_bit(tmp_path, train_flags):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    uninterrupted, killed = start(whole, train_flags), start(cut, train_flags)
    kill_in_an_epoch(killed, cut, after=3)
    assert len(read_log(cut / "log.csv")) < EPOCHS
    finish(start(cut, train_flags), cut)
    finish(uninterrupted, whole)
    assert len(read_log(whole / "log.csv")) == EPOCHS
    assert (cut / "log.csv").read_bytes() == (whole / "log.csv").read_bytes()
    expected, found = weights(whole), weights(cut)
    assert set(expected) == set(found)
    assert any("optimizer" in name for name in expected)
    for name, value in expected.items():
        if not name.startswith("save_counter"):
            np.testing.assert_array_equal(found[name], value, err_msg=name)
