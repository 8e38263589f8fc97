"""The comparison of the renderers on reconstruction: all of its commands, in a small size."""

import json
import pathlib
import subprocess
import sys

import imageio.v3 as iio
import pytest

from tf_mesh_renderer.applications.reconstruction.results import methods_of, read_csv

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "examples" / "reconstruct.py"


def run(folder):
    sizes = ["--steps=20", "--objects=4", "--test_objects=2", "--categories=car,sofa"]
    return subprocess.run(
        [sys.executable, PROGRAM, f"--output={folder}", "--seeds=0,1", *sizes],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_reconstruct(tmp_path):
    result = run(tmp_path)
    # A network that has hardly learnt must not pass for one that has.
    assert result.returncode == 1, result.stdout + result.stderr
    assert "MISSED" in result.stdout
    scores = read_csv(tmp_path / "scores" / "scores.csv")
    groups = methods_of(scores)
    counts = {name: len(group) for name, group in groups.items()}
    assert counts.pop("untrained") == 1
    renderers = ("n3mr", "dibr", "softras")
    assert counts == {f"{name}{control}": 2 for name in renderers for control in ("", " swapped")}
    figures = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert 0.1 < figures["untrained_voxel_iou"] < 0.5
    assert 0.1 < figures["softras_voxel_iou"] < 0.6
    assert len(iio.imread(tmp_path / "pictures" / "dibr_1" / "picture.gif", index=None)) == 36
    before = (tmp_path / "n3mr_0" / "log.csv").stat().st_mtime_ns
    assert run(tmp_path).returncode == 1
    assert (tmp_path / "n3mr_0" / "log.csv").stat().st_mtime_ns == before
