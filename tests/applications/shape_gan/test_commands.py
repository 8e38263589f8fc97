"""The command line: both trainings, evaluate, sample, interpolate and export."""

import csv
import shutil
import subprocess
import sys

import imageio.v3 as iio
import numpy as np
import pytest
import tensorflow as tf

import tf_mesh_renderer as mr
from tf_mesh_renderer.applications.shape_gan.__main__ import main
from tf_mesh_renderer.applications.shape_gan.experiment import GanExperiment
from tf_mesh_renderer.applications.shape_gan.trained_network import standard_noise
from tf_mesh_renderer.datasets import draw_canonical_views
from tf_mesh_renderer.training import read_log

LOAD = """
import sys, numpy as np, tensorflow as tf, tf_mesh_renderer
model = tf.saved_model.load(sys.argv[1])
made = model.signatures["serving_default"](noise=tf.constant(np.load(sys.argv[2])))
np.savez(sys.argv[3], **made)
"""


def run(command, *flags):
    return main(["shape_gan", command, *map(str, flags)])


@pytest.fixture(scope="module")
def shapes(tmp_path_factory, train_flags):
    """Folder of a short first stage."""
    output = tmp_path_factory.mktemp("shapes")
    # TensorFlow's determinism could not be switched off again for other tests.
    assert run("train-shape", f"--output={output}", "--nodeterministic", *train_flags) == 0
    return output


@pytest.fixture(scope="module")
def textures(tmp_path_factory, train_flags, shapes):
    """Folder of a short second stage."""
    output = tmp_path_factory.mktemp("textures")
    flags = [f"--output={output}", f"--shapes={shapes}", "--nodeterministic", *train_flags]
    assert run("train-texture", *flags) == 0
    return output


def test_training_leaves_a_log_checkpoints_and_pictures(shapes, textures):
    for folder, names in ((shapes, ["silhouettes"]), (textures, ["images", "textures"])):
        log = read_log(folder / "log.csv")
        assert [row["epoch"] for row in log] == [0, 1, 2]
        for name in names:
            for kind in ("sample_to_real", "relative_diversity"):
                assert 0 < log[-1][f"val_{name}_{kind}"] < 1
            assert log[-1][f"norm_{name}"] > 0
        assert (folder / "checkpoints" / "ckpt-3.index").exists()
        assert iio.imread(folder / "pictures" / "epoch_00003.png").std() > 0


def test_textures_leave_the_shapes_alone(shapes, textures):
    (_, first), (_, second) = GanExperiment.load(shapes), GanExperiment.load(textures)
    of_shapes, of_textures = (t.generator.shape_decoder.get_weights() for t in (first, second))
    for weights, others in zip(of_shapes, of_textures, strict=True):
        np.testing.assert_array_equal(weights, others)
    _, begun = GanExperiment.load(textures, untrained=True)
    before, after = (t.generator.texture_decoder.get_weights()[0] for t in (begun, second))
    assert np.any(before != after)


def test_training_cut_off_goes_on_to_the_same_end(shapes, data, train_flags, tmp_path):
    del data
    cut = tmp_path / "cut"
    shutil.copytree(shapes, cut)
    for path in (cut / "checkpoints").glob("ckpt-3*"):
        path.unlink()
    state = (cut / "checkpoints" / "checkpoint").read_text(encoding="utf-8")
    state = state.replace('path: "ckpt-3"', 'path: "ckpt-2"', 1)
    (cut / "checkpoints" / "checkpoint").write_text(state, encoding="utf-8")
    assert run("train-shape", f"--output={cut}", "--nodeterministic", *train_flags) == 0
    assert len(read_log(cut / "log.csv")) == 3
    readers = [tf.train.load_checkpoint(str(folder / "checkpoints")) for folder in (shapes, cut)]
    names = [name for name in readers[0].get_variable_to_shape_map() if "GRAPH" not in name]
    assert any("critic_optimizer" in name for name in names)
    for name in names:
        if not name.startswith("save_counter"):
            expected, found = (reader.get_tensor(name) for reader in readers)
            np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6, err_msg=name)


def test_train_again_does_nothing(shapes, train_flags):
    before = (shapes / "log.csv").read_bytes()
    assert run("train-shape", f"--output={shapes}", "--nodeterministic", *train_flags) == 0
    assert (shapes / "log.csv").read_bytes() == before


def test_evaluate(shapes, textures, data, tmp_path, capsys):
    common = [f"--data={data}", "--number=4"]
    for folder, kinds in ((shapes, ["silhouettes"]), (textures, ["images", "textures"])):
        output = tmp_path / "scores.csv"
        assert run("evaluate", f"--run={folder}", f"--output={output}", *common) == 0
        with open(output, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [row["of"] for row in rows] == kinds
        assert all(row["sample_to_real"] in capsys.readouterr().out for row in rows[:1])
        assert 0 < float(rows[0]["sample_to_real"]) < 1
    flags = [f"--run={shapes}", f"--output={output}", "--untrained", "--split=test", *common]
    assert run("evaluate", *flags) == 0
    with open(output, encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["weights"], row["split"]) == ("untrained", "test")
    # All begin as nearly the same small sphere.
    assert float(row["relative_diversity"]) < 0.5


def test_sample_writes_a_sheet_and_meshes(textures, tmp_path, capsys):
    flags = [f"--run={textures}", f"--output={tmp_path}", "--size=24", "--number=3", "--meshes=2"]
    capsys.readouterr()
    assert run("sample", *flags, "--seed=5") == 0
    written = capsys.readouterr().out.split()
    assert [name.rsplit("/", 1)[1] for name in written] == [
        "samples.png",
        "sample_00.glb",
        "sample_00.obj",
        "sample_01.glb",
        "sample_01.obj",
    ]
    assert iio.imread(written[0]).shape == (5 * 28 + 4, 3 * 28 + 4, 3)
    _, trainer = GanExperiment.load(textures)
    made = trainer.generator(standard_noise(trainer.generator, 3, seed=5))
    for name in written[1:3]:
        mesh = mr.load_mesh(name)
        corners = np.asarray(mesh.vertices)[np.asarray(mesh.faces)]
        expected = made["vertices"].numpy()[0][trainer.generator.faces]
        np.testing.assert_allclose(corners, expected, atol=1e-5)
    picture = mr.load_mesh(written[1], texture="picture").texture.image
    np.testing.assert_allclose(picture, made["textures"][0], atol=1 / 255)


def test_interpolate_writes_an_animation(shapes, tmp_path):
    output = tmp_path / "samples.gif"
    flags = [f"--run={shapes}", f"--output={output}", "--number=3", "--frames=2", "--size=20"]
    assert run("interpolate", *flags) == 0
    frames = iio.imread(output)
    assert frames.shape[1:] == (20, 40, 3)
    assert 2 <= len(frames) <= 6  # equal neighbours may be one


@pytest.mark.slow
def test_an_exported_model_runs_in_a_fresh_process(textures, tmp_path):
    assert run("export", f"--run={textures}", f"--output={tmp_path / 'model'}") == 0
    _, trainer = GanExperiment.load(textures)
    noise = standard_noise(trainer.generator, 2, seed=1)
    np.save(tmp_path / "noise.npy", noise)
    command = [sys.executable, "-c", LOAD]
    command += [tmp_path / name for name in ("model", "noise.npy", "made.npz")]
    subprocess.run([*map(str, command)], check=True, capture_output=True)
    found = np.load(tmp_path / "made.npz")
    expected = trainer.generator(noise)
    for name in ("vertices", "textures"):
        np.testing.assert_allclose(found[name], expected[name], atol=1e-5)
    np.testing.assert_array_equal(found["faces"], trainer.generator.faces)
    mesh = mr.Mesh(expected["vertices"], trainer.generator.faces)
    drawn = draw_canonical_views(mesh, image_size=32)[..., 0]
    np.testing.assert_allclose(found["silhouettes"], drawn, atol=1e-3)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--category=dragon"], "dragon"),
        (["--category=lamp"], "03636649"),
        (["--steps=7"], "checkpoint_every"),
        (["--data=/nowhere"], "nowhere"),
    ],
)
def test_errors_are_one_line(flags, message, train_flags, tmp_path, capsys):
    common = [f"--output={tmp_path}", "--nodeterministic", *train_flags]
    assert run("train-shape", *common, *flags) == 1
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith("error: ")
    assert message in error


def test_folders_of_other_trainings_are_refused(shapes, textures, train_flags, tmp_path, capsys):
    flags = ["--nodeterministic", *train_flags]
    assert run("train-shape", f"--output={shapes}", "--seed=4", *flags) == 1
    assert "seed 0 there and 4 now" in capsys.readouterr().err
    wrong = [f"--output={tmp_path}", f"--shapes={textures}"]
    assert run("train-texture", *wrong, *flags) == 1
    assert "stage 'texture'" in capsys.readouterr().err
    assert run("sample", f"--run={tmp_path}", f"--output={tmp_path}") == 1
    assert "experiment.json" in capsys.readouterr().err


def test_help_shows_every_command(capsys):
    assert main(["shape_gan", "--help"]) == 0
    shown = capsys.readouterr().out
    for command in ("train-shape", "train-texture", "evaluate", "sample", "interpolate", "export"):
        assert command in shown
