"""A run that is killed between two checkpoints ends as if it had not been."""

import os
import pathlib
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import tensorflow as tf

STEPS, CHECKPOINT_EVERY = 60, 10
SECONDS = 600  # a machine that is busy is no failure
SMALL = ("--image_size=16", "--batch_size=2", "--texture_size=2", "--frames=2", "--size=16")
RESULTS = ("result.obj", "result.png", "result.glb", "report.json", "sheet.png")


def start(program, output, flags):
    command = [sys.executable, "-m", f"tf_mesh_renderer.applications.{program}", *flags, *SMALL]
    length = [f"--steps={STEPS}", f"--checkpoint_every={CHECKPOINT_EVERY}", f"--output={output}"]
    with open(output.with_suffix(".txt"), "a", encoding="utf-8") as file:
        return subprocess.Popen([*command, *length], stdout=file, stderr=file)


def finish(process, output):
    assert process.wait(SECONDS) == 0, output.with_suffix(".txt").read_text(encoding="utf-8")


def checkpoints_of(output):
    """How many parts of the run are in the latest checkpoint."""
    latest = tf.train.latest_checkpoint(str(output / "checkpoints"))
    return int(latest.rsplit("-", maxsplit=1)[-1]) if latest else 0


def kill_after(process, output, checkpoints):
    end = time.monotonic() + SECONDS
    while checkpoints_of(output) < checkpoints:
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


@pytest.mark.slow
@pytest.mark.parametrize("program", ["style_transfer", "deep_dream"])
def test_killed_and_resumed_is_uninterrupted_bit_for_bit(tmp_path, plain_mesh, style, program):
    flags = [f"--mesh={plain_mesh}", *([f"--style={style}"] if program == "style_transfer" else [])]
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    killed = start(program, cut, flags)
    kill_after(killed, cut, checkpoints=2)
    assert not (cut / "report.json").exists()
    assert checkpoints_of(cut) < STEPS // CHECKPOINT_EVERY
    for output in (cut, whole):
        finish(start(program, output, flags), output)
    expected, found = weights(whole), weights(cut)
    assert set(expected) == set(found)
    assert any("optimizer" in name for name in expected)
    for name, value in expected.items():
        if not name.startswith("save_counter"):
            np.testing.assert_array_equal(found[name], value, err_msg=name)
    for name in RESULTS:
        assert pathlib.Path(cut, name).read_bytes() == pathlib.Path(whole, name).read_bytes()
