"""What trainings in several processes need: a small data set, and a way to start them."""

import json
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest

from tf_mesh_renderer.datasets import write_split

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(__file__).with_name("training_process.py")
SECONDS = 300


@pytest.fixture(scope="session")
def ellipse_data(tmp_path_factory):
    """A folder in the ShapeNet layout: pictures of ellipses, of two categories."""
    folder = tmp_path_factory.mktemp("ellipses")
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:64, :64] - 31.5
    for category, count in (("chair", 3), ("table", 4)):
        radii = rng.uniform(8.0, 26.0, [2, count, 24, 1, 1])
        mask = (x / radii[0]) ** 2 + (y / radii[1]) ** 2 < 1  # [N, 24, 64, 64]
        images = np.stack([mask * value for value in (200, 100, 50, 255)], axis=2)
        voxels = np.ones([count, 32, 32, 32], bool)
        write_split(folder, "train", category, images=images.astype(np.uint8), voxels=voxels)
    return folder


class Training:
    """A small training in processes of its own, which runs beside others.

    Args:
      data: folder of the data set.
      output: folder that it writes.
      strategy: its name; "multiworker" stands for two processes, started again after a death.
      *options: more flags of the program.
    """

    def __init__(self, data, output, strategy, *options):
        self.output = output
        output.mkdir()
        flags = [f"--data={data}", f"--output={output}", f"--strategy={strategy}", *options]
        command = [sys.executable, str(PROGRAM), *flags]
        if strategy == "multiworker":
            cluster = "tf_mesh_renderer.training.local_cluster"
            command = [sys.executable, "-m", cluster, "--workers=2", "--restarts=1", "--", *command]
        self._log = open(output / "log.txt", "w+", encoding="utf-8")  # noqa: SIM115
        self._process = subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": ""},
            stdout=self._log,
            stderr=self._log,
        )

    def losses(self):
        """Waits for the end and returns what was logged, a dict for each step in order of time."""
        self.wait()
        return read_losses(self.output)

    def wait(self):
        """Waits for the end, which has to be a good one."""
        try:
            code = self._process.wait(SECONDS)
        finally:
            self._process.kill()
            self._log.seek(0)
            text = self._log.read()
            self._log.close()
        assert code == 0, text


def read_losses(output):
    """What a training logged, a dict for each step in order of time."""
    lines = (output / "losses.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
