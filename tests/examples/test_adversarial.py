"""The example of adversarial training: all of its commands, in a small size."""

import pytest


@pytest.mark.slow
def test_adversarial(tmp_path, figures_of_a_miss):
    steps = ["--training_steps=1", "--steps=1", "--image_size=16", "--illuminations=phong"]
    # A critic that has hardly learnt has no slope of 1.
    figures = figures_of_a_miss("adversarial", *steps)
    assert 0 < figures["phong_gradient_norm"] < 0.8
    assert 0.5 < figures["phong_l1_ratio"] < 1.5
    table = (tmp_path / "table.txt").read_text(encoding="utf-8")
    for name in ("phong_0 before", "phong_0 adversarial", "phong_0 control", "shininess_error"):
        assert name in table
    assert (tmp_path / "plot.png").is_file()
