"""The examples: two steps of each on small images, their references, and the whole demo (slow)."""

import importlib.util
import json
import os
import pathlib
import subprocess
import sys

import imageio.v3 as iio
import numpy as np
import pytest
from absl import flags

from tests.reference.rasterize import Visibility, rasterize
from tf_mesh_renderer import geometry, get_points_from_angles, load_mesh

ROOT = pathlib.Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
TURNTABLE_FRAMES = 90
# Of the program of 2018, and of its images.
BLACK_IMAGE_ERROR = 101050.6
TURNTABLE_MEAN_ERROR = 65930


@pytest.fixture
def load_example(monkeypatch):
    """Gives a function that imports a file of examples/; its flags and modules go afterwards."""
    monkeypatch.syspath_prepend(str(EXAMPLES))
    flags_before = set(flags.FLAGS)

    def load(name):
        spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module

    yield load
    for name in set(flags.FLAGS) - flags_before:
        delattr(flags.FLAGS, name)
    for path in EXAMPLES.glob("*.py"):
        sys.modules.pop(path.stem, None)


@pytest.fixture
def run_example(load_example, tmp_path):
    """Gives a function that runs an example in `tmp_path` and returns its figures."""

    def run(name, *arguments, image_size=32):
        module = load_example(name)
        shared = [f"--output_dir={tmp_path / name}", f"--image_size={image_size}"]
        flags.FLAGS([name, *shared, *arguments])
        module.main([])
        return json.loads((tmp_path / name / "results.json").read_text(encoding="utf-8"))

    return run


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
    figures = run_example("02_fit_vertices", "--iterations=20")
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
    figures = run_example("03_fit_textures", "--iterations=2", "--seed=3")
    assert figures["turntable_mean_error"] < figures["turntable_largest_error"]
    assert figures["turntable_largest_error"] < figures["black_image_error"]
    assert 0 < figures["color_rmse_inside"] < 0.8
    folder = tmp_path / "03_fit_textures"
    assert len(frames_of(folder / "result.gif")) == TURNTABLE_FRAMES
    assert load_mesh(folder / "fitted.obj").texture.cubes.shape == (2256, 4, 4, 4, 3)


def test_find_camera(run_example, tmp_path):
    figures = run_example("04_find_camera", "--iterations=2")
    assert figures["iterations"] == 2
    assert figures["final_loss"] <= figures["first_loss"]
    # One step of 0.1 along each axis from where the search starts.
    assert figures["distance"] == pytest.approx(np.linalg.norm([5.9, 9.9, -13.9]), abs=1e-3)
    assert len(frames_of(tmp_path / "04_find_camera" / "result.gif")) == 2


# --- what they share ------------------------------------------------------------------------------


def test_turntable_is_what_a_reference_rasterizer_sees(load_example):
    viewpoints = load_example("viewpoints")
    mesh, side, index = geometry.utah_teapot(3), 48, 20
    frames = viewpoints.render_turntable(mesh, elevation=30.0, image_size=(side, side))
    azimuth, elevation = np.radians([4.0 * index, 30.0])
    eye = 2.732 * np.array(
        [
            np.cos(elevation) * np.sin(azimuth),
            np.sin(elevation),
            -np.cos(elevation) * np.cos(azimuth),
        ]
    )
    z = -eye / np.linalg.norm(eye)
    x = np.cross([0.0, 1.0, 0.0], z)
    x /= np.linalg.norm(x)
    view = (np.asarray(mesh.vertices, np.float64) - eye) @ np.stack([x, np.cross(z, x), z]).T
    xy, depth = view[:, :2] / np.tan(np.radians(30.0)), view[:, 2:]
    clip = np.concatenate([xy, depth, depth], axis=-1)[None]
    fragments = rasterize(
        clip, mesh.faces, image_size=(2 * side, 2 * side), visibility=Visibility(cull="none")
    )
    seen = fragments.face_id[0] >= 0
    expected = seen.reshape(side, 2, side, 2).mean(axis=(1, 3))
    # At most one of the samples lies so near an edge that float32 decides otherwise.
    assert np.abs(frames[index, ..., 3] - expected).sum() <= 0.25
    assert 0.05 < expected.mean() < 0.2


@pytest.mark.parametrize("pose", [(2.732, 30.0, -15.0), (18.0, -40.0, 170.0), (1.0, 0.0, 90.0)])
def test_angles_of_inverts_points_from_angles(load_example, pose):
    angles = load_example("viewpoints").angles_of(get_points_from_angles(*pose))
    np.testing.assert_allclose(angles, pose, rtol=1e-5, atol=1e-4)


def test_square(load_example):
    references = load_example("references")
    square = references.centered_square(256)
    assert square.sum() == 128 * 128
    assert square[64:192, 64:192].all()
    assert references.centered_square(32).sum() == 16 * 16


def test_bands(load_example):
    references = load_example("references")
    bands = references.colored_bands(256)
    np.testing.assert_allclose(np.sum(bands.astype(np.float64) ** 2), BLACK_IMAGE_ERROR, atol=0.05)
    rows = bands[:, 100] * 255
    assert not rows[:32].any()
    assert not rows[-32:].any()
    np.testing.assert_allclose(rows[32:64], [[195, 197, 248]] * 32, atol=1e-4)
    np.testing.assert_allclose(rows[192:224], [[228, 154, 171]] * 32, atol=1e-4)
    np.testing.assert_array_equal(bands, np.broadcast_to(bands[:, :1], bands.shape))
    np.testing.assert_array_equal(references.colored_bands(32), bands[::8, ::8])


def test_intersection_over_union_and_overlay(load_example):
    references = load_example("references")
    a, b = np.array([[1.0, 1.0, 0.0, 0.0]]), np.array([[1.0, 0.0, 1.0, 0.0]])
    assert references.intersection_over_union(a, b) == pytest.approx(1 / 3)
    assert references.intersection_over_union(a, a) == 1.0
    white, yellow, blue, black = references.overlay(a, b)[0]
    np.testing.assert_array_equal(
        [white, yellow, blue, black], [[1, 1, 1], [1, 1, 0], [0, 0, 1], [0, 0, 0]]
    )


# --- the demo -------------------------------------------------------------------------------------


def test_demo_judges(load_example):
    demo = load_example("demo")
    goals = [demo.Goal("a", "loss", most=15), demo.Goal("a", "iou", least=0.98)]
    verdicts = [met for *_, met in demo.judge(goals, {"a": {"loss": 15, "iou": 0.97}})]
    assert verdicts == [True, False]
    assert [met for *_, met in demo.judge(goals, {"a": {}})] == [False, False]
    assert not demo.Goal("a", "loss", most=15).is_met(float("nan"))


def test_demo_fails_if_an_example_fails(load_example, tmp_path, capfd):
    demo = load_example("demo")
    flags.FLAGS(["demo", f"--output_dir={tmp_path}", "--examples=no_such_example"])
    assert demo.main([]) == 1
    assert "no_such_example failed" in capfd.readouterr().out


def test_demo_fails_if_a_goal_is_missed(load_example, monkeypatch, tmp_path, capfd):
    demo = load_example("demo")
    flags.FLAGS(["demo", f"--output_dir={tmp_path}", "--examples=02_fit_vertices"])
    figures = {"final_iou": 0.99, "final_loss": 7.0}
    monkeypatch.setattr(demo, "run", lambda example, folder: (figures, 1.0))
    assert demo.main([]) == 0
    figures["final_loss"] = 16.0
    assert demo.main([]) == 1
    assert "MISSED" in capfd.readouterr().out


@pytest.mark.slow
def test_demo_reaches_what_the_original_reached(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(EXAMPLES / "demo.py"), f"--output_dir={tmp_path}"]
    subprocess.run(command, env=environment, check=True)
    viewpoints, vertices, textures, camera = (
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
