"""The command line in two processes: the same log as in one, and one set of files."""

import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest

from tf_mesh_renderer.training import read_log

ROOT = pathlib.Path(__file__).resolve().parents[3]
CLUSTER = ("-m", "tf_mesh_renderer.training.local_cluster", "--workers=2", "--restarts=0", "--")
TRAIN = (sys.executable, "-m", "tf_mesh_renderer.applications.shape_gan", "train-shape")
# Sums over processes are rounded differently, which critics and generator enlarge in turn. Small
# steps keep that small.
TOLERANCES = (1e-4, 1e-3, 5e-3)
RATE = "--learning_rate=1e-5"


def run(*command):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": ""}
    result = subprocess.run(
        [*map(str, command)], env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


@pytest.mark.slow
def test_two_processes_train_as_one(train_flags, tmp_path):
    alone, together = tmp_path / "alone", tmp_path / "together"
    run(*TRAIN, *train_flags, RATE, f"--output={alone}")
    flags = [f"--output={together}", "--strategy=multiworker"]
    run(sys.executable, *CLUSTER, *TRAIN, *train_flags, RATE, *flags)
    rows, others = read_log(alone / "log.csv"), read_log(together / "log.csv")
    for row, other, tolerance in zip(rows, others, TOLERANCES, strict=True):
        assert row.keys() == other.keys()
        np.testing.assert_allclose(list(other.values()), list(row.values()), rtol=tolerance)
    files, other_files = (
        {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
        for folder in (alone, together)
    )
    assert files == other_files
