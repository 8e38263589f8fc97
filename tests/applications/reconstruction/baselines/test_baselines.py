"""Methods without a renderer: what they answer, and what they score on shapes that are known."""

import dataclasses
import shutil

import numpy as np
import pytest

from tf_mesh_renderer.applications.reconstruction.__main__ import main
from tf_mesh_renderer.applications.reconstruction.baselines import (
    MeanShape,
    NearestPicture,
    VoxelMethod,
    best_threshold,
)
from tf_mesh_renderer.applications.reconstruction.baselines.voxel_training import (
    VoxelTraining,
    train_voxels,
)
from tf_mesh_renderer.applications.reconstruction.commands import baselines
from tf_mesh_renderer.applications.reconstruction.evaluation import (
    EvaluationProtocol,
    PredictedVoxels,
    evaluate,
    read_csv,
)
from tf_mesh_renderer.datasets import ShapeNetRenderings, every_view, write_split
from tf_mesh_renderer.metrics import voxel_iou

PICTURES = np.zeros([2, 16, 16, 4], np.float32)


@pytest.fixture(scope="module", name="train")
def fixture_train(data):
    """The training split of two categories, four objects each."""
    return ShapeNetRenderings(data, "train")


def mean_iou(grid, truths):
    return np.mean([voxel_iou(truth, grid) for truth in truths])


def test_mean_of_a_category_is_the_best_level_of_its_objects(train):
    truths = train.voxels("car")
    method = MeanShape(train, category_known=True)
    first, second = (method(PICTURES, "car").voxels(item, normalize=False) for item in (0, 1))
    np.testing.assert_array_equal(first, second)
    share = np.mean(truths, axis=0)
    levels = [mean_iou(share > level, truths) for level in (0.1, 0.3, 0.6, 0.8)]
    assert mean_iou(first, truths) == pytest.approx(max(levels))
    assert len(set(levels)) > 1
    other = method(PICTURES, "lamp").voxels(0, normalize=False)
    assert mean_iou(other, truths) < mean_iou(first, truths)


def test_mean_shape_is_one_for_all_categories(train):
    method = MeanShape(train, category_known=False)
    car, lamp = (method(PICTURES, name).voxels(0, normalize=False) for name in ("car", "lamp"))
    np.testing.assert_array_equal(car, lamp)
    known = MeanShape(train, category_known=True)
    for name in ("car", "lamp"):
        own = known(PICTURES, name).voxels(0, normalize=False)
        assert mean_iou(car, train.voxels(name)) < mean_iou(own, train.voxels(name))


def test_retrieval_finds_each_training_picture(train):
    method = NearestPicture(train)
    for name in ("car", "lamp"):
        truths, meshes = train.voxels(name), train.meshes(name)
        (batch,) = every_view(train, name, batch_size=8, image_size=32, viewpoints=(3, 20))
        found = method(batch["images"].numpy(), "of no importance")
        for item, row in enumerate(batch["objects"].numpy()):
            np.testing.assert_array_equal(found.voxels(item, normalize=False), truths[row])
            points = found.points(item, 50, seed=0)
            assert points.shape == (50, 3)
            assert np.abs(points).max() <= np.abs(meshes[row].vertices).max() + 1e-6
            filled = found.voxels(item, normalize=True)
            assert max(filled.any(axis=axes).sum() for axes in ((1, 2), (0, 2), (0, 1))) == 32


def test_swapped_inputs_are_compared_with_the_next_object(train):
    """Retrieval knows the training split by heart, so that what is compared is known."""
    method = NearestPicture(train)
    protocol = EvaluationProtocol(image_size=16, viewpoints=(5, 11))
    control = dataclasses.replace(protocol, swap_inputs=True)
    own, swapped = (
        evaluate(method, train, chosen, label="", progress=False) for chosen in (protocol, control)
    )
    assert own.value("voxel_iou") == 1.0
    for name in ("car", "lamp"):
        truths = train.voxels(name)
        expected = np.mean(voxel_iou(np.roll(truths, -1, axis=0), np.array(truths)))
        assert swapped.value("voxel_iou", name) == pytest.approx(float(expected), rel=1e-6)


def test_swapping_needs_two_objects(train, tmp_path):
    first = {"images": train.images("car")[:1], "voxels": train.voxels("car")[:1]}
    write_split(tmp_path, "train", "car", **first)
    protocol = EvaluationProtocol(image_size=16, viewpoints=(5,), swap_inputs=True)
    method = MeanShape(train, category_known=True)
    with pytest.raises(ValueError, match="at least two objects in each category, received one car"):
        evaluate(method, ShapeNetRenderings(tmp_path, "train"), protocol, label="", progress=False)


def test_retrieval_without_meshes(data, tmp_path):
    for file in data.glob("*_train_*.npz"):
        if "meshes" not in file.name:
            (tmp_path / file.name).symlink_to(file)
    found = NearestPicture(ShapeNetRenderings(tmp_path, "train"))(PICTURES, "car")
    assert found.points(0, 10, seed=0) is None
    grid = found.voxels(0, normalize=False)
    half = dataclasses.replace(found, voxel_grids=np.pad(grid[::2, ::2, ::2], 8)[np.newaxis])
    normalized = half.voxels(0, normalize=True)
    assert voxel_iou(grid, normalized) > 0.7 > 0.3 > voxel_iou(grid, half.voxel_grids[0])


def test_voxel_network_learns_what_the_pictures_show(train):
    """Two kinds of shapes: after some steps each picture gives its own kind."""
    training = VoxelTraining(
        16, steps=60, batch_size=4, decoder_filters=(16, 8, 8), learning_rate=3e-3
    )
    network = train_voxels(training, train, progress=False)
    threshold = best_threshold(network, train, image_size=16)
    assert 0 < threshold < 1
    scores = {}
    for swapped in (False, True):
        protocol = EvaluationProtocol(image_size=16, viewpoints=(5,), swap_inputs=swapped)
        method = VoxelMethod(network, threshold=threshold)
        run = evaluate(method, train, protocol, label="voxels", progress=False)
        scores[swapped] = run.value("voxel_iou")
    shared = MeanShape(train, category_known=False)
    protocol = EvaluationProtocol(image_size=16, viewpoints=(5,))
    mean = evaluate(shared, train, protocol, label="mean", progress=False).value("voxel_iou")
    assert scores[False] > mean + 0.05
    assert scores[False] >= scores[True] - 0.02
    grids = [method(picture[np.newaxis], "").grids[0] for picture in pictures_of(train)]
    assert np.any(grids[0] != grids[1])


def pictures_of(dataset):
    """A car and a lamp from the front."""
    for name in ("car", "lamp"):
        (batch,) = every_view(dataset, name, batch_size=4, image_size=16, viewpoints=(0,))
        yield batch["images"].numpy()[0]


def test_the_voxel_network_gets_the_budget_of_a_training(data, train_flags, tmp_path, monkeypatch):
    run = tmp_path / "run"
    short = ["--steps=4", "--learning_rate=0.002", "--nopictures", "--nodeterministic"]
    assert main(["reconstruction", "train", *train_flags, *short, f"--output={run}"]) == 0
    asked = []

    def train_nothing(training, dataset):
        budget = (training.image_size, training.steps, training.batch_size)
        asked.append((*budget, training.learning_rate, dataset.split))
        raise ValueError("enough")

    monkeypatch.setattr(baselines, "train_voxels", train_nothing)
    flags = [f"--data={data}", f"--output={tmp_path}", "--method=voxel network", f"--like={run}"]
    assert main(["reconstruction", "baselines", *flags]) == 1
    assert main(["reconstruction", "baselines", *flags, "--steps=7"]) == 1
    assert main(["reconstruction", "baselines", *flags[:-1]]) == 1
    budgets = [(16, 4, 2, 0.002), (16, 7, 2, 0.002), (64, 1500, 16, 0.001)]
    assert asked == [(*budget, "train") for budget in budgets]


def test_command(data, tmp_path, capsys):
    flags = [f"--data={data}", f"--output={tmp_path}", "--image_size=16", "--views=2"]
    assert main(["reconstruction", "baselines", *flags, "--steps=2", "--batch_size=2"]) == 0
    table = capsys.readouterr().out
    runs = {run.method: run for run in read_csv(tmp_path / "scores.csv")}
    assert list(runs) == ["mean shape", "mean of category", "retrieval", "voxel network"]
    for name, run in runs.items():
        assert name in table
        assert 0 < run.value("voxel_iou") < 1
        assert (run.value("f_score") is not None) == (name == "retrieval")
    iou = {name: run.value("voxel_iou") for name, run in runs.items()}
    assert iou["mean of category"] > iou["mean shape"]
    (scores,) = {run.categories[0].inputs for run in runs.values()}
    assert scores == 3 * 2


def test_long_work_is_not_begun_in_vain(data, tmp_path, monkeypatch, capsys):
    """Neither without the place for its results, nor without what it needs of the data."""
    copied = tmp_path / "copied"
    shutil.copytree(data, copied, ignore=shutil.ignore_patterns("*_meshes.npz", ".unpacked"))
    output = tmp_path / "file"
    output.touch()
    monkeypatch.delattr(baselines, "train_voxels")
    flags = ["--method=voxel network", f"--output={output}"]
    assert main(["reconstruction", "baselines", f"--data={data}", *flags]) == 1
    assert "File exists" in capsys.readouterr().err
    flags = [*flags[:1], f"--output={tmp_path}", "--protocol=binvox"]
    assert main(["reconstruction", "baselines", f"--data={copied}", *flags]) == 1
    assert "_test_meshes.npz" in capsys.readouterr().err


def test_categories_are_those_that_are_measured(data, tmp_path, capsys):
    copied = tmp_path / "copied"
    lamps = "03636649_train_*"
    shutil.copytree(data, copied, ignore=shutil.ignore_patterns(lamps, ".unpacked"))
    flags = [f"--data={copied}", f"--output={tmp_path / 'scores'}", "--method=mean of category"]
    assert main(["reconstruction", "baselines", *flags, "--views=1"]) == 1
    assert "03636649_train_images.npz" in capsys.readouterr().err
    assert main(["reconstruction", "baselines", *flags, "--views=1", "--categories=car"]) == 0


def test_command_by_bounding_boxes(data, tmp_path, monkeypatch):
    """Objects of the data set fill their cube already, so that little changes."""
    asked, ious = set(), {}
    voxels_of = PredictedVoxels.voxels

    def record(predictions, item, *, normalize):
        asked.add((protocol, normalize))
        return voxels_of(predictions, item, normalize=normalize)

    monkeypatch.setattr(PredictedVoxels, "voxels", record)
    for protocol in ("n3mr", "binvox"):
        output = tmp_path / protocol
        flags = [f"--data={data}", f"--output={output}", "--image_size=16", "--views=2"]
        methods = ["--method=mean of category", "--method=retrieval", f"--protocol={protocol}"]
        assert main(["reconstruction", "baselines", *flags, *methods]) == 0
        runs = read_csv(output / "scores.csv")
        assert {run.measurement.protocol for run in runs} == {protocol}
        ious[protocol] = [run.value("voxel_iou") for run in runs]
    assert asked == {("n3mr", False), ("binvox", True)}
    assert ious["binvox"] == pytest.approx(ious["n3mr"], abs=0.05)
