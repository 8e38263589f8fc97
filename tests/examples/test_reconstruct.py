"""The comparison of the renderers on reconstruction: all of its commands, in a small size."""

import json
import pathlib
import subprocess
import sys

import imageio.v3 as iio
import pytest

from tf_mesh_renderer.applications.reconstruction.evaluation import methods_of, read_csv

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"
RENDERERS = ("n3mr", "dibr", "softras")


def run(program, folder, *arguments):
    sizes = ["--steps=20", "--objects=4", "--test_objects=2", "--categories=car,sofa"]
    return subprocess.run(
        [sys.executable, EXAMPLES / program, f"--output={folder}", *sizes, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_reconstruct(tmp_path):
    result = run("reconstruct.py", tmp_path, "--seeds=0,1")
    # A network that has hardly learnt must not pass for one that has.
    assert result.returncode == 1, result.stdout + result.stderr
    assert "MISSED" in result.stdout
    scores = read_csv(tmp_path / "scores" / "scores.csv")
    groups = methods_of(scores)
    counts = {name: len(group) for name, group in groups.items()}
    assert counts.pop("untrained") == 1
    assert counts == {f"{name}{control}": 2 for name in RENDERERS for control in ("", " swapped")}
    figures = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert 0.1 < figures["untrained_voxel_iou"] < 0.5
    assert 0.1 < figures["softras_voxel_iou"] < 0.6
    assert len(iio.imread(tmp_path / "pictures" / "dibr_1" / "picture.gif", index=None)) == 36
    before = (tmp_path / "n3mr_0" / "log.csv").stat().st_mtime_ns
    assert run("reconstruct.py", tmp_path, "--seeds=0,1").returncode == 1
    assert (tmp_path / "n3mr_0" / "log.csv").stat().st_mtime_ns == before


@pytest.mark.slow
def test_table(tmp_path):
    flags = ["--seeds=0,1", "--preset=tiny", "--views=2"]
    result = run("reconstruction_table.py", tmp_path, *flags)
    assert result.returncode == 0, result.stdout + result.stderr
    groups = methods_of(read_csv(tmp_path / "table" / "scores.csv"))
    networks = {f"{name}{control}" for name in RENDERERS for control in ("", " swapped")}
    once = {"mean shape", "mean of category", "retrieval"}
    counts = {name: len(group) for name, group in groups.items()}
    assert counts == dict.fromkeys(networks | {"voxel network"}, 2) | dict.fromkeys(once, 1)
    record = json.loads((tmp_path / "table" / "record.json").read_text(encoding="utf-8"))
    assert set(record["training_seconds"]) == {f"{r}_{seed}" for r in RENDERERS for seed in (0, 1)}
    assert all(seconds > 0 for seconds in record["training_seconds"].values())


@pytest.mark.slow
def test_colors(tmp_path):
    result = run("reconstruction_colors.py", tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "MISSED" in result.stdout
    (scores,) = read_csv(tmp_path / "scores" / "scores.csv")
    figures = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert figures["color_error"] == scores.value("color_error")
    ratio = figures["color_error"] / scores.value("flat_color_error")
    assert figures["error_over_flat_color_error"] == ratio
    # Even before it learns it paints in colours of the picture.
    assert 0.5 < ratio < 1.5
    assert (tmp_path / "dibr_0" / "picture" / "picture.glb").is_file()
