"""The command line: train, evaluate, compare, predict and export, one after the other."""

import pathlib
import shutil
import subprocess
import sys

import imageio.v3 as iio
import keras
import numpy as np
import pytest
import tensorflow as tf

import tf_mesh_renderer as mr
from tf_mesh_renderer.applications.reconstruction.__main__ import main
from tf_mesh_renderer.applications.reconstruction.evaluation import read_csv
from tf_mesh_renderer.applications.reconstruction.network_inputs import read_picture
from tf_mesh_renderer.applications.reconstruction.trained_network import load_network
from tf_mesh_renderer.datasets import camera_of_view
from tf_mesh_renderer.training import read_log

EXAMPLE = pathlib.Path(__file__).resolve().parents[3] / "examples" / "load_reconstruction.py"


def run(command, *flags):
    return main(["reconstruction", command, *map(str, flags)])


@pytest.fixture(scope="module", name="trained")
def fixture_trained(tmp_path_factory, train_flags):
    """Folder of a short training."""
    output = tmp_path_factory.mktemp("run")
    # TensorFlow's determinism could not be switched off again for other tests.
    assert run("train", f"--output={output}", "--nodeterministic", *train_flags) == 0
    return output


@pytest.fixture(scope="module", name="pictures")
def fixture_pictures(tmp_path_factory, data):
    """PNG files of a car and of a lamp."""
    folder = tmp_path_factory.mktemp("pictures")
    paths = []
    for synset in ("02958343", "03636649"):
        images = np.load(data / f"{synset}_test_images.npz")["arr_0"]
        paths.append(folder / f"{synset}.png")
        iio.imwrite(paths[-1], images[0, 3].transpose(1, 2, 0))
    return paths


def test_train_leaves_a_log_checkpoints_and_pictures(trained):
    log = read_log(trained / "log.csv")
    assert [row["epoch"] for row in log] == [0, 1, 2, 3]
    for row in log:
        assert 0 < row["silhouette"] < 1
        assert 0 < row["iou"] < 1
        assert 0 < row["val_voxel_iou"] < 1
        assert row["loss"] >= row["silhouette"]
    assert (trained / "checkpoints" / "ckpt-4.index").exists()
    grid = mr.read_image(trained / "pictures" / "epoch_00004.png")
    assert grid.shape == (6 * 16, 4 * 16, 3)
    columns = grid.reshape(6, 16, 4, 16, 3).min(axis=(1, 3, 4))
    assert (columns < 0.9).all(), "an object in every cell"


def test_train_records_how_long_each_epoch_took(trained):
    rows = read_log(trained / "times.csv")
    assert [row["epoch"] for row in rows] == [0, 1, 2, 3]
    assert all(0 < row["seconds"] < 600 for row in rows)


def test_the_weights_of_the_best_epoch_are_kept(trained, data, tmp_path):
    log = read_log(trained / "log.csv")
    ious = [row["val_voxel_iou"] for row in log]
    best = ious.index(max(ious)) + 1
    assert [file.name for file in (trained / "best").glob("*.index")] == [f"ckpt-{best}.index"]
    common = [f"--run={trained}", f"--data={data}", f"--output={tmp_path}"]
    # As training measures.
    flags = [*common, "--split=val", "--views=2", "--objects=1", "--checkpoint=best"]
    assert run("evaluate", *flags) == 0
    (scores,) = read_csv(tmp_path / "scores.csv")
    assert scores.method == "n3mr best"
    assert scores.value("voxel_iou") == pytest.approx(max(ious))


def test_train_again_does_nothing(trained, train_flags):
    before = (trained / "log.csv").read_bytes()
    assert run("train", f"--output={trained}", "--nodeterministic", *train_flags) == 0
    assert (trained / "log.csv").read_bytes() == before


def test_evaluate_and_compare(trained, data, tmp_path, capsys):
    common = [f"--run={trained}", f"--data={data}", "--views=2"]
    assert run("evaluate", *common, f"--output={tmp_path / 'a'}") == 0
    assert run("evaluate", *common, f"--output={tmp_path / 'b'}", "--swap_inputs") == 0
    capsys.readouterr()
    files = [tmp_path / name / "scores.csv" for name in "ab"]
    assert run("compare", f"--output={tmp_path / 'both'}", *files) == 0
    table = capsys.readouterr().out
    assert table.splitlines()[0].startswith("test split, all objects of each category, 2 views")
    assert table.splitlines()[3].split() == ["n3mr", "n3mr", "swapped"]
    assert table == (tmp_path / "both" / "table.txt").read_text(encoding="utf-8")
    assert mr.read_image(tmp_path / "both" / "plot.png").shape[1] > 300
    scores, swapped = read_csv(tmp_path / "both" / "scores.csv")
    assert [row.category for row in scores.categories] == ["car", "lamp"]
    assert {row.inputs for row in scores.categories} == {3 * 2}
    assert scores.value("f_score") < scores.value("f_score_ceiling") < 1
    # The network has hardly learnt: what it is shown does not matter yet, the category does.
    assert scores.value("voxel_iou") == pytest.approx(swapped.value("voxel_iou"), abs=0.05)
    assert scores.value("voxel_iou") != swapped.value("voxel_iou")
    again = ["compare", f"--output={tmp_path / 'twice'}", files[0], files[0]]
    assert run(*again) == 1
    assert "'n3mr', seed 0, twice" in capsys.readouterr().err
    before = files[0].read_bytes()
    assert run("compare", f"--output={tmp_path / 'a'}", *files) == 1
    assert "would be overwritten" in capsys.readouterr().err
    assert files[0].read_bytes() == before


def test_evaluate_on_data_with_inverted_colors(trained, data, tmp_path):
    """The data may have other colours than those of the training."""
    inverted = tmp_path / "inverted"
    shutil.copytree(data, inverted, ignore=shutil.ignore_patterns(".unpacked", "synthetic.json"))
    for path in inverted.glob("*_test_images.npz"):
        images = np.load(path)["arr_0"]
        images[:, :, :3] = np.maximum(images[:, :, 3:], images[:, :, :3]) - images[:, :, :3]
        np.savez_compressed(path, images)
    folders = {"plain": (data,), "inverted": (inverted, "--inverted_colors"), "wrong": (inverted,)}
    scores = {}
    for name, (folder, *flags) in folders.items():
        output = tmp_path / name / "scores"
        flags += [f"--run={trained}", f"--data={folder}", f"--output={output}", "--views=2"]
        assert run("evaluate", *flags) == 0
        (scores[name],) = read_csv(output / "scores.csv")
    ious = {name: found.value("voxel_iou") for name, found in scores.items()}
    assert ious["inverted"] == pytest.approx(ious["plain"], abs=1e-5)
    assert ious["wrong"] != pytest.approx(ious["plain"], abs=1e-5)


def test_evaluate_some_categories_by_bounding_boxes(trained, data, tmp_path):
    flags = ["--categories=lamp", "--protocol=binvox", "--objects=1", "--views=3", "--split=val"]
    output = tmp_path / "scores"
    assert run("evaluate", f"--run={trained}", f"--data={data}", f"--output={output}", *flags) == 0
    (scores,) = read_csv(output / "scores.csv")
    assert [(row.category, row.inputs) for row in scores.categories] == [("lamp", 3)]


def test_predict_writes_meshes_and_an_animation(trained, pictures, tmp_path, capsys):
    flags = [f"--run={trained}", f"--image={pictures[0]}", f"--output={tmp_path}"]
    assert run("predict", *flags, "--frames=5", "--size=40") == 0
    written = capsys.readouterr().out.split()
    assert written == [str(tmp_path / f"02958343{ending}") for ending in (".obj", ".glb", ".gif")]
    obj, glb = (mr.load_mesh(path) for path in written[:2])
    experiment, network = load_network(trained)
    picture = read_picture(pictures[0], experiment.side)
    expected = network(picture[np.newaxis])["vertices"][0]
    for mesh in (obj, glb):
        np.testing.assert_allclose(mesh.vertices, expected, atol=1e-6)
        np.testing.assert_array_equal(mesh.faces, network.faces)
    frames = iio.imread(written[2])
    assert frames.shape == (5, 40, 40, 3)
    assert not np.array_equal(frames[0], frames[2])


def expected_of(trained, pictures):
    """The meshes that the network makes of pictures here."""
    experiment, network = load_network(trained)
    inputs = np.stack([read_picture(path, experiment.side) for path in pictures])
    return mr.Mesh(network(inputs)["vertices"], network.faces)


def silhouettes(meshes, views):
    return mr.render_silhouette(meshes, camera_of_view(tf.constant(views)), image_size=(16, 16))


@pytest.fixture(scope="module", name="exported")
def fixture_exported(trained, tmp_path_factory):
    """Folder of the SavedModel."""
    output = tmp_path_factory.mktemp("exported") / "model"
    assert run("export", f"--run={trained}", f"--output={output}") == 0
    return output


def test_an_exported_model_runs_in_a_fresh_process(exported, trained, pictures, tmp_path):
    """From bytes of files to meshes and silhouettes, through the example of the documents."""
    command = [sys.executable, EXAMPLE, f"--model={exported}", f"--output={tmp_path}"]
    result = subprocess.run([*command, *pictures], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    expected = expected_of(trained, pictures)
    masks = silhouettes(expected, [0, 0])
    for i, path in enumerate(pictures):
        mesh = mr.load_mesh(tmp_path / f"{path.stem}.obj")
        np.testing.assert_allclose(mesh.vertices, expected.vertices[i], atol=1e-5)
        np.testing.assert_array_equal(mesh.faces, expected.faces)
        mask = mr.read_image(tmp_path / f"{path.stem}.png")[..., 0]
        assert np.mean(np.abs(mask - masks[i])) < 2e-3


def test_an_exported_model_draws_from_any_view(exported, trained, pictures):
    model = tf.saved_model.load(str(exported))
    images = tf.constant([path.read_bytes() for path in pictures])
    views = [3, 9]
    found = model.signatures["seen_from"](images=images, viewpoints=tf.constant(views))
    expected = silhouettes(expected_of(trained, pictures), views)
    assert np.mean(np.abs(found["silhouettes"] - expected)) < 1e-3
    front = model.signatures["serving_default"](images=images)["silhouettes"]
    assert np.mean(np.abs(front - found["silhouettes"])) > 1e-2


def png(shape):
    return iio.imwrite("<bytes>", np.full(shape, 200, np.uint8), extension=".png")


@pytest.mark.parametrize(
    ("image", "text"),
    [
        (b"no picture", "Unknown image"),
        (png((8, 9, 4)), "crop it to the object"),
        (png((8, 8, 3)), "before a transparent background"),
        (png((8, 8)), "before a transparent background"),
    ],
)
def test_an_exported_model_refuses_other_bytes(exported, image, text):
    model = tf.saved_model.load(str(exported))
    with pytest.raises(tf.errors.InvalidArgumentError, match=text):
        model.signatures["serving_default"](images=tf.constant([image]))


def test_colors_are_learnt_and_measured(data, train_flags, pictures, tmp_path):
    """The objects are of one colour above and another below; see the data set of these tests."""
    flags = ["--color_weight=1", "--gradient=dibr", "--nopictures", "--validation_objects=0"]
    output = tmp_path / "run"
    train_flags = [*train_flags, *flags, "--nodeterministic"]
    assert run("train", f"--output={output}", *train_flags) == 0
    assert "color" in read_log(output / "log.csv")[0]
    scores = tmp_path / "scores"
    common = [f"--run={output}", f"--output={scores}"]
    assert run("evaluate", *common, f"--data={data}", "--views=2") == 0
    (found,) = read_csv(scores / "scores.csv")
    assert 0 < found.value("color_error") < 1
    assert 0 < found.value("flat_color_error") < 0.5
    assert run("predict", *common, f"--image={pictures[0]}", "--frames=1", "--size=16") == 0
    assert isinstance(mr.load_mesh(scores / "02958343.glb").texture, mr.VertexColors)


def test_mixed_precision(data, train_flags, tmp_path):
    """Trains, scales the loss, resumes and loads; the policy of other models stays."""
    flags = [*train_flags, f"--output={tmp_path}", "--nodeterministic", "--nopictures"]
    flags += ["--precision=mixed_float16", "--steps=4"]
    assert run("train", *flags) == 0
    assert keras.config.dtype_policy().name == "float32"
    assert all(0 < row["loss"] < 1 for row in read_log(tmp_path / "log.csv"))
    experiment, network = load_network(tmp_path)
    assert {layer.compute_dtype for layer in network.encoder.layers} == {"float16"}
    assert network(np.zeros([1, 16, 16, 4], np.float32))["vertices"].dtype == tf.float32
    optimizer = experiment.make_trainer().optimizer
    assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer)


@pytest.mark.parametrize("command", ["train", "evaluate", "compare", "predict", "export"])
def test_help_names_the_flags(command, capsys):
    assert run(command, "--help") == 0
    assert "--output" in capsys.readouterr().out


def test_help_of_train_has_the_defaults_of_the_presets(capsys):
    assert run("train", "--help") == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "Default by preset: tiny 1000, small 1500, long 5000, n3mr 1000000," in text
    assert "Default by preset: tiny n3mr, small n3mr, long n3mr, n3mr n3mr," in text
    assert "Default by preset: tiny 0.001, small 0.001, long 0.001, n3mr 0.0001," in text


def test_overview(capsys):
    assert main(["reconstruction", "--help"]) == 0
    assert "predict" in capsys.readouterr().out
    assert main(["reconstruction"]) == 2
    assert main(["reconstruction", "trian"]) == 2
    assert "train" in capsys.readouterr().err
