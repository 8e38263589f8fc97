"""The example of texture and light: all of its commands, in a small size."""

import json
import pathlib
import subprocess
import sys

import pytest

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples" / "texture_light.py"


@pytest.mark.slow
def test_texture_light(tmp_path):
    arguments = [f"--output={tmp_path}", "--steps=2", "--image_size=16", "--seeds=0"]
    command = [sys.executable, EXAMPLE, *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    # A network that has hardly learnt must not pass for one that has.
    assert result.returncode == 1, result.stdout + result.stderr
    assert "MISSED" in result.stdout
    figures = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert figures["lambert_light_angle_before"] > 45
    assert figures["shape_iou"] > 0.4
    assert 0 < figures["n3mr_dibr_fit_texture_light_l1"] < 0.2
