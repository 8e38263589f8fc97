"""The examples: a few steps of each on small images, and the whole demo (slow)."""

import csv
import functools
import json
import os
import pathlib
import subprocess
import sys

import imageio.v3 as iio
import numpy as np
import pytest
from absl import flags

from tf_mesh_renderer import geometry, load_mesh

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
TURNTABLE_FRAMES = 90
# Of the program of 2018.
TURNTABLE_MEAN_ERROR = 65930


def frames_of(path):
    return iio.imread(path, index=None)


# --- each example, quickly ------------------------------------------------------------------------


def test_viewpoints(run_example, tmp_path):
    figures = run_example("01_render_viewpoints")
    folder = tmp_path / "01_render_viewpoints"
    assert figures["frames"] == len(frames_of(folder / "turntable.gif")) == TURNTABLE_FRAMES
    assert 0.1 < figures["least_covered_fraction"] < figures["most_covered_fraction"] < 0.14
    # The teapot lies between the camera and the centre, at most 1 before it.
    assert 1.732 < figures["nearest_depth"] < 2.732
    color, coverage, depth = (
        iio.imread(folder / f"{name}.png") for name in ("color", "silhouette", "depth")
    )
    assert color.shape == (32, 32, 4)
    np.testing.assert_array_equal(color[..., 3], coverage)
    np.testing.assert_array_equal(depth > 0, coverage > 0)


def test_viewpoints_keep_the_colors_of_a_file(run_example, tmp_path):
    file = tmp_path / "red.obj"
    (tmp_path / "red.mtl").write_text("newmtl red\nKd 1 0 0\n")
    corners = "v -1 -1 0\nv 1 -1 0\nv 0 1 0\n"
    file.write_text(f"mtllib red.mtl\n{corners}usemtl red\nf 1 2 3\n")
    figures = run_example("01_render_viewpoints", f"--mesh={file}", "--texture_size=2")
    assert figures["faces"] == 1
    color = iio.imread(tmp_path / "01_render_viewpoints" / "color.png")
    covered = color[color[..., 3] == 255]
    assert covered[:, 0].min() > 100
    assert covered[:, 1:3].max() == 0


def test_fit_vertices(run_example, tmp_path):
    figures = run_example("02_fit_vertices", "--steps=20")
    # Twenty steps of a thousandth: less than one pixel.
    assert figures["final_loss"] < figures["first_loss"]
    assert figures["first_iou"] < figures["final_iou"] < 1
    folder = tmp_path / "02_fit_vertices"
    # Pillow joins equal neighbours to one frame that is shown longer.
    assert 1 < len(frames_of(folder / "optimization.gif")) <= figures["iterations"] == 20
    assert len(frames_of(folder / "result.gif")) == TURNTABLE_FRAMES
    start, fitted = geometry.utah_teapot(), load_mesh(folder / "fitted.obj")
    np.testing.assert_array_equal(fitted.faces, start.faces)
    move = np.abs(np.asarray(fitted.vertices) - np.asarray(start.vertices)).max()
    assert 0.01 < move < 0.025  # Adam's steps are about as long as its learning rate.


def test_fit_textures(run_example, tmp_path):
    figures = run_example("03_fit_textures", "--steps=2", "--seed=3")
    assert figures["turntable_mean_error"] < figures["turntable_largest_error"]
    assert figures["turntable_largest_error"] < figures["black_image_error"]
    assert 0 < figures["color_rmse_inside"] < 0.8
    folder = tmp_path / "03_fit_textures"
    assert len(frames_of(folder / "result.gif")) == TURNTABLE_FRAMES
    assert load_mesh(folder / "fitted.obj").texture.cubes.shape == (2256, 4, 4, 4, 3)


def test_find_camera(run_example, tmp_path):
    figures = run_example("04_find_camera", "--steps=2")
    assert figures["iterations"] == 2
    assert figures["final_loss"] <= figures["first_loss"]
    # One step of 0.1 along each axis from where the search starts.
    assert figures["distance"] == pytest.approx(np.linalg.norm([5.9, 9.9, -13.9]), abs=1e-3)
    assert len(frames_of(tmp_path / "04_find_camera" / "result.gif")) == 2


def test_compare_gradients(run_example, tmp_path):
    arguments = ["--steps=4", "--tasks=silhouettes,place"]
    figures = run_example("05_compare_gradients", *arguments)
    models = ["n3mr", "dibr", "softras"]
    folder = tmp_path / "05_compare_gradients"
    for model in models:
        assert 0.6 < figures[f"silhouettes_{model}_iou"] < 0.9
    # Nothing is in reach of a narrow gradient; Adam's first step by a wide one is 0.02.
    assert figures["apart_dibr_iou"] == figures["apart_softras_iou"] == 0
    rows = list(csv.DictReader((folder / "table.csv").open(encoding="utf-8")))
    problems = ["silhouettes", "overlapping", "apart", "apart, wide to narrow"]
    assert [(row["problem"], row["model"].replace("-", "").lower()) for row in rows] == [
        (problem, model) for problem in problems for model in models
    ]
    assert [row["limit"] for row in rows if row["problem"] == "apart"][1:] == ["out of reach"] * 2
    assert frames_of(folder / "silhouettes.gif").shape[3] == 3
    assert len(frames_of(folder / "place.gif")) == 1 + 4
    assert iio.imread(folder / "losses.png").ndim == 3


def test_colors_move_vertices_and_vertex_colors(load_example):
    tasks, fitting = load_example("gradient_tasks"), load_example("fitting")
    mesh = tasks.painted(geometry.utah_teapot(2))
    for gradient in ("n3mr", "dibr", "softras"):
        problem = tasks.ShapeFromViews(mesh, size=(24, 24), colors=True)
        before = problem.figures()
        fitting.fit(
            functools.partial(problem.loss, gradient),
            problem.variables,
            iterations=6,
            learning_rate=0.02,
            label=gradient,
        )
        after = problem.figures()
        assert after["iou"] > before["iou"]
        assert after["color_error"] < before["color_error"]


def test_optimize_everything(run_example, tmp_path):
    figures = run_example("06_optimize_everything", "--steps=8")
    ratios = {name: value for name, value in figures.items() if name.endswith("_loss_ratio")}
    assert len(ratios) == 8
    assert min(ratios.values()) > 1
    # Eight steps of at most 0.03 in a coordinate, from 64.4 degrees, 19.3 and 90 percent.
    assert 60 < figures["camera_angle_degrees"] < 64.3
    assert 15 < figures["camera_distance_percent"] < 24
    assert 85 < figures["material_shininess_percent"] < 90
    assert iio.imread(tmp_path / "06_optimize_everything" / "sheet.png").ndim == 3


# --- the demo -------------------------------------------------------------------------------------


def test_demo_fails_if_an_example_fails(load_example, tmp_path, capfd):
    demo = load_example("demo")
    flags.FLAGS(["demo", f"--output={tmp_path}", "--examples=no_such_example"])
    assert demo.main([]) == 1
    assert "no_such_example failed" in capfd.readouterr().out


def test_demo_fails_if_a_goal_is_missed(load_example, monkeypatch, tmp_path, capfd):
    demo = load_example("demo")
    flags.FLAGS(["demo", f"--output={tmp_path}", "--examples=02_fit_vertices"])
    figures = {"final_iou": 0.99, "final_loss": 7.0}
    monkeypatch.setattr(demo, "run", lambda example, folder: (figures, 1.0))
    assert demo.main([]) == 0
    figures["final_loss"] = 16.0
    assert demo.main([]) == 1
    assert "MISSED" in capfd.readouterr().out


@pytest.mark.slow
def test_demo_reaches_what_the_original_reached(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    names = ",".join(path.stem for path in sorted(EXAMPLES.glob("0*.py")))
    command = [sys.executable, str(EXAMPLES / "demo.py"), f"--output={tmp_path}"]
    subprocess.run([*command, f"--examples={names}"], env=environment, check=True)
    viewpoints, vertices, textures, camera, comparison, everything = (
        json.loads(path.read_text()) for path in sorted(tmp_path.glob("*/results.json"))
    )
    assert viewpoints["frames"] == TURNTABLE_FRAMES
    assert vertices["final_loss"] < 15
    assert vertices["final_iou"] > 0.995
    error = textures["turntable_mean_error"]
    assert error == pytest.approx(TURNTABLE_MEAN_ERROR, rel=0.005)
    assert textures["color_rmse_inside"] < 0.05
    assert camera["iterations"] < 300
    assert camera["distance_error"] < 0.03
    assert camera["elevation_error"] < 1
    assert camera["azimuth_error"] < 1
    for model in ("n3mr", "dibr", "softras"):
        assert comparison[f"silhouettes_{model}_iou"] >= 0.9
        assert comparison[f"silhouettes_{model}_seconds"] < 180
    assert min(value for name, value in everything.items() if name.endswith("ratio")) >= 20
    assert everything["camera_angle_degrees"] < 2
    assert everything["camera_distance_percent"] < 2
    assert everything["material_shininess_percent"] < 10
