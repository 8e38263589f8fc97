"""From files in CUB's layout to the three rows of the paper's table, and to a mesh."""

import csv

import numpy as np
import pytest

from tests.applications.single_view.conftest import TINY
from tf_mesh_renderer import io
from tf_mesh_renderer.applications.single_view.__main__ import main
from tf_mesh_renderer.datasets import Cub
from tf_mesh_renderer.datasets.birds import generate, generation
from tf_mesh_renderer.training import read_log


def test_training_logs_losses_and_the_figures_of_another_split(trained):
    log = read_log(trained / "log.csv")
    assert len(log) == 2
    names = {"loss", "silhouette", "color", "laplacian", "flatten", "keypoint", "iou"}
    assert set(log[0]) == {"epoch", *names} | {
        f"val_{name}" for name in (names - {"loss"}) | {"texture_l1", "pck"}
    }
    assert all(np.isfinite(list(row.values())).all() for row in log)
    assert (trained / "pictures" / "epoch_00002.png").is_file()


def test_evaluation_prints_the_three_rows_of_the_table(trained, birds, tmp_path, capsys):
    flags = [f"--run={trained}", f"--data={birds}", f"--output={tmp_path}"]
    assert main(["single_view", "evaluate", *flags]) == 0
    text = capsys.readouterr().out
    assert text == (tmp_path / "table.txt").read_text()
    lines = text.splitlines()
    assert lines[0].split() == ["3", "pictures", "untrained", "trained"]
    assert [line[:20].strip() for line in lines[1:]] == [
        "texture L1",
        "2D IoU loss",
        "keypoints within 0.1",
    ]
    rows = list(csv.DictReader((tmp_path / "figures.csv").open()))
    assert [row["network"] for row in rows] == ["untrained", "trained"]
    for row in rows:
        assert 0 < float(row["texture_l1"]) < 1
        assert 0 < float(row["iou_loss"]) < 1
        assert 0 <= float(row["keypoints"]) <= 1
    assert io.read_image(tmp_path / "sheet.png").shape == (3 * 20 + 4, 5 * 20 + 4, 3)


def test_the_mean_keypoints_are_a_good_start(trained, birds, tmp_path):
    """Cameras and keypoints of the files agree: an ellipsoid finds most keypoints untrained."""
    flags = [f"--run={trained}", f"--data={birds}", f"--output={tmp_path}", "--split=train"]
    assert main(["single_view", "evaluate", *flags]) == 0
    row = next(csv.DictReader((tmp_path / "figures.csv").open()))
    assert float(row["keypoints"]) > 0.6
    assert float(row["iou_loss"]) < 0.6


def test_one_picture_becomes_a_textured_mesh(trained, birds, tmp_path, capsys):
    dataset = Cub(birds, "test")
    picture = dataset.read(0).image
    io.write_image(tmp_path / "bird.png", picture)
    flags = [f"--run={trained}", f"--image={tmp_path / 'bird.png'}", f"--output={tmp_path}/out"]
    assert main(["single_view", "predict", *flags]) == 0
    assert capsys.readouterr().out.split() == [f"{tmp_path}/out/bird{e}" for e in (".glb", ".png")]
    mesh = io.load_mesh(tmp_path / "out" / "bird.glb", normalize=False)
    assert mesh.faces.shape == [1280, 3]
    assert io.read_image(tmp_path / "out" / "bird.png").shape == (8, 8, 3)


@pytest.mark.slow
def test_a_training_that_was_cut_off_goes_on_bit_for_bit(trained, run_of, tmp_path):
    """One epoch, then both: the log is that of the training without the interruption."""
    output = run_of("--validation=val", output=tmp_path / "run")
    checkpoint = output / "checkpoints" / "checkpoint"
    # As if the second epoch had not been: its log and its checkpoint are gone.
    name = 'model_checkpoint_path: "ckpt-1"\nall_model_checkpoint_paths: "ckpt-1"\n'
    checkpoint.write_text(name)
    run_of("--validation=val", output=output)
    assert read_log(output / "log.csv") == read_log(trained / "log.csv")


def test_other_settings_in_the_same_folder_are_refused(trained, birds, capsys):
    flags = [f"--data={birds}", f"--output={trained}", *TINY, "--seed=3"]
    assert main(["single_view", "train", *flags]) == 1
    assert "seed 0 there and 3 now" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.filterwarnings("error:Gradients do not exist")
def test_the_layout_of_pascal3d(tmp_path, capsys):
    generate(tmp_path / "data", {"train": 2, "test": 1}, seed=1, layout="pascal3d")
    data = [f"--data={tmp_path}/data", "--layout=pascal3d", f"--category={generation.CATEGORY}"]
    run = ["--steps=1", *TINY[1:], "--nopictures", "--keypoint_weight=0", "--illumination=lambert"]
    assert main(["single_view", "train", *data, f"--output={tmp_path}/run", *run]) == 0
    log = read_log(tmp_path / "run" / "log.csv")
    assert "keypoint" not in log[0]
    scores = [f"--run={tmp_path}/run", f"--output={tmp_path}/scores"]
    assert main(["single_view", "evaluate", *data, *scores]) == 0
    assert "keypoints within 0.1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["train", "--data=nowhere", "--output=x"], "expected a file that exists"),
        (["evaluate", "--run=nowhere", "--data={birds}", "--output=x"], "a folder that `train`"),
    ],
)
def test_errors_are_one_line(command, message, birds, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["single_view", *(word.format(birds=birds) for word in command)]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
