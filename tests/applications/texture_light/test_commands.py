"""The command line: train, evaluate, predict, export and fit, one after the other."""

import json

import imageio.v3 as iio
import numpy as np
import pytest
import tensorflow as tf

import tf_mesh_renderer as mr
from tf_mesh_renderer.applications.texture_light import measuring
from tf_mesh_renderer.applications.texture_light.__main__ import main
from tf_mesh_renderer.applications.texture_light.experiment import TextureLightExperiment
from tf_mesh_renderer.training import read_log

SIDE = 16
FLAGS = (
    *("--steps=2", "--checkpoint_every=1", "--batch_size=2", "--validation_objects=2"),
    *(f"--image_size={SIDE}", f"--texture_size={SIDE}", "--nodeterministic", "--notensorboard"),
    "--cosine_decay",
)


def run(command, *flags):
    return main(["texture_light", command, *map(str, flags)])


@pytest.fixture(scope="module", name="trained")
def fixture_trained(tmp_path_factory):
    """Folder of a training of two steps."""
    output = tmp_path_factory.mktemp("run")
    assert run("train", f"--output={output}", *FLAGS, "--illumination=phong") == 0
    return output


@pytest.fixture(scope="module", name="picture")
def fixture_picture(trained, tmp_path_factory):
    """PNG file of an object of the test set."""
    experiment, _ = TextureLightExperiment.load(trained)
    path = tmp_path_factory.mktemp("pictures") / "object.png"
    image = measuring.TestObjects(experiment, 1).first["images"][0, 0].numpy()
    iio.imwrite(path, np.uint8(np.round(255 * image)))
    return path


def test_train_leaves_a_log_checkpoints_and_sheets(trained):
    log = read_log(trained / "log.csv")
    assert [row["epoch"] for row in log] == [0, 1]
    expected = {"epoch", "loss", "color", "light_angle"}
    measured = ("loss", "color", "light_angle", "texture_l1", "texture_light_l1", "shading_rmse")
    figures = {f"val_{name}" for name in (*measured[1:], "shininess_error")}
    assert expected | figures == set(log[0])
    assert 0 < log[1]["val_light_angle"] < 180
    sheet = mr.read_image(trained / "pictures" / "epoch_00002.png")
    assert sheet.shape == (6 * (SIDE + 4) + 4, 12 * (SIDE + 4) + 4, 3)
    before = (trained / "log.csv").read_bytes()
    assert run("train", f"--output={trained}", *FLAGS, "--illumination=phong") == 0
    assert (trained / "log.csv").read_bytes() == before


def test_another_experiment_is_refused(trained, capsys):
    assert run("train", f"--output={trained}", *FLAGS, "--illumination=sh") == 1
    assert "illumination 'phong' there and 'sh' now" in capsys.readouterr().err


def test_a_training_goes_on_where_it_stopped(trained, tmp_path):
    whole = TextureLightExperiment.load(trained)[1]
    flags = [flag for flag in FLAGS if not flag.startswith("--validation")]
    flags += ["--illumination=phong", "--validation_objects=0", "--nopictures"]
    assert run("train", f"--output={tmp_path}", *flags) == 0
    state = 'model_checkpoint_path: "ckpt-1"\nall_model_checkpoint_paths: "ckpt-1"\n'
    (tmp_path / "checkpoints" / "checkpoint").write_text(state, encoding="utf-8")
    assert run("train", f"--output={tmp_path}", *flags) == 0
    assert [row["epoch"] for row in read_log(tmp_path / "log.csv")] == [0, 1]
    for ours, expected in zip(
        TextureLightExperiment.load(tmp_path)[1].get_weights(), whole.get_weights()
    ):
        np.testing.assert_allclose(ours, expected, atol=1e-4)


def test_evaluate(trained, tmp_path, capsys):
    assert run("evaluate", f"--run={trained}", f"--output={tmp_path}", "--objects=2") == 0
    table = capsys.readouterr().out
    assert table == (tmp_path / "table.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in table.splitlines()]
    assert [row[0] for row in rows[1:]] == ["untrained", "trained"]
    assert "light_angle" in rows[0]
    log = read_log(trained / "log.csv")[-1]
    column = rows[0].index("light_angle") + 1
    assert float(rows[2][column]) == pytest.approx(log["val_light_angle"], rel=1e-3)
    assert (tmp_path / "sheet.png").is_file()
    assert mr.read_image(tmp_path / "curves.png").shape[1] > 300


def test_predict(trained, picture, tmp_path):
    flags = [f"--run={trained}", f"--image={picture}", f"--output={tmp_path}"]
    assert run("predict", *flags, "--frames=2", "--size=16", "--azimuth=90") == 0
    mesh = mr.load_mesh(tmp_path / "object.glb", texture="picture")
    texture = mr.read_image(tmp_path / "object.png")
    assert texture.shape == (SIDE, SIDE, 3)
    np.testing.assert_allclose(mesh.texture.image, texture, atol=1e-6)
    light = json.loads((tmp_path / "object.json").read_text(encoding="utf-8"))
    assert len(light["numbers_world"]) == 4
    assert np.linalg.norm(light["direction_world"]) == pytest.approx(1.0, abs=1e-5)
    assert light["numbers_view"][3] == light["numbers_world"][3]
    assert iio.imread(tmp_path / "object.gif").shape == (2, 16, 16, 3)
    # A shape that is no deformed template.
    mr.save_mesh(tmp_path / "cube.obj", mr.geometry.cube())
    assert run("predict", *flags, f"--shape={tmp_path / 'cube.obj'}") == 1


def test_export(trained, picture, tmp_path):
    assert run("export", f"--run={trained}", f"--output={tmp_path}") == 0
    predict = tf.saved_model.load(str(tmp_path)).signatures["serving_default"]
    outputs = predict(tf.constant([picture.read_bytes()]))
    assert set(outputs) == {"textures", "lights", "faces", "uv", "uv_faces"}
    image = mr.read_image(picture, alpha=True).astype(np.float32)
    image[..., :3] *= image[..., 3:]
    expected = TextureLightExperiment.load(trained)[1].network(image[np.newaxis])
    for name in ("textures", "lights"):
        np.testing.assert_allclose(outputs[name], expected[name], rtol=1e-3, atol=1e-4)


def test_fit(tmp_path, capsys):
    flags = ["--objects=2", "--steps=3", "--image_size=16", "--subdivisions=1"]
    assert run("fit", f"--output={tmp_path}", *flags) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [row[:4] for row in rows[1:]] == [
        [target, "pictures,", model, "fit"]
        for target in ("dibr", "n3mr")
        for model in ("dibr", "n3mr")
    ]
    assert len((tmp_path / "objects.csv").read_text(encoding="utf-8").splitlines()) == 9
