"""The example of the 3D GAN: all of its commands, in a small size."""

import csv

import pytest


@pytest.mark.slow
def test_shape_gan(tmp_path, figures_of_a_miss):
    sizes = ["--categories=airplane", "--objects=8", "--steps=2"]
    # Samples that are still spheres must not pass for airplanes.
    figures = figures_of_a_miss("shape_gan", *sizes)
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
