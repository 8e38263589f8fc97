"""The example of the 3D GAN: all of its commands, in a small size."""

import csv
import json
import pathlib
import subprocess
import sys

import pytest

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples" / "shape_gan.py"


@pytest.mark.slow
def test_shape_gan(tmp_path):
    sizes = ["--categories=airplane", "--objects=8", "--steps=2"]
    command = [sys.executable, EXAMPLE, f"--output={tmp_path}", *sizes]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    # Samples that are still spheres must not pass for airplanes.
    assert result.returncode == 1, result.stdout + result.stderr
    assert "MISSED" in result.stdout
    figures = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert 0 < figures["airplane_silhouettes_sample_to_real"] < 0.8
    with open(tmp_path / "scores.csv", encoding="utf-8", newline="") as file:
        rows = {(row["of"], row["split"], row["weights"]) for row in csv.DictReader(file)}
    for of in ("silhouettes", "images", "textures"):
        assert {
            (of, "train", "trained"),
            (of, "train", "untrained"),
            (of, "test", "trained"),
        } <= rows
    for stage in ("shape", "texture"):
        assert (tmp_path / "pictures" / f"airplane_{stage}_0" / "interpolation.gif").is_file()
