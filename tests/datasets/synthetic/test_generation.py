"""Whole data sets: the same bytes however they come about."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from tf_mesh_renderer.datasets import ShapeNetRenderings, view_pairs
from tf_mesh_renderer.datasets.synthetic import chunks, generate, make_object

ROOT = pathlib.Path(__file__).resolve().parents[3]
SIZES = {"train": 3, "test": 1}
SETTINGS = {"seed": 2, "shading": "plain", "categories": ["lamp", "table"]}


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("synthetic")
    generate(folder, SIZES, **SETTINGS)
    return folder


def test_it_is_a_data_set_in_the_layout(made):
    dataset = ShapeNetRenderings(made, "train")
    assert dataset.sizes == (3, 3)
    assert [category.name for category in dataset.categories] == ["lamp", "table"]
    last = make_object(dataset.categories[1], "train", 2, seed=2, shading="plain")
    np.testing.assert_array_equal(dataset.images("table")[2], last.images)
    np.testing.assert_array_equal(dataset.voxels("table")[2], last.voxels)
    np.testing.assert_array_equal(dataset.meshes("table")[2].vertices, last.mesh.vertices)
    assert ShapeNetRenderings(made, "test").sizes == (1, 1)
    assert not list(made.glob("*_val_*"))
    batch = next(iter(view_pairs(dataset, batch_size=2, seed=0, image_size=32)))
    assert batch["images"].shape == (2, 2, 32, 32, 4)


@pytest.mark.slow
def test_several_processes_give_the_same_bytes(made, tmp_path):
    generate(tmp_path, SIZES, workers=2, **SETTINGS)
    assert contents(tmp_path) == contents(made)


def test_a_run_that_was_interrupted_goes_on(made, tmp_path, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK_SIZE", 2)
    made_before = []

    def stop_after_three(category, split, index, **settings):
        if len(made_before) == 3:
            raise KeyboardInterrupt
        made_before.append((category.name, split, index))
        return make_object(category, split, index, **settings)

    monkeypatch.setattr(chunks, "make_object", stop_after_three)
    with pytest.raises(KeyboardInterrupt):
        generate(tmp_path, SIZES, **SETTINGS)
    assert not list(tmp_path.glob("*.npz"))

    made_after = []

    def record(category, split, index, **settings):
        made_after.append((category.name, split, index))
        return make_object(category, split, index, **settings)

    monkeypatch.setattr(chunks, "make_object", record)
    generate(tmp_path, SIZES, **SETTINGS)
    assert not {("lamp", "train", 0), ("lamp", "train", 1)} & {*made_after}
    assert contents(tmp_path) == contents(made)
    assert not (tmp_path / ".chunks").exists()


def test_what_others_are_making_stays(tmp_path):
    """Two processes may make different categories of one data set."""
    theirs = [tmp_path / ".chunks" / "04379243_train" / "000000.npz"]
    theirs.append(tmp_path / ".04379243_train_images.npz.0123.partial")
    mine = tmp_path / ".03636649_train_images.npz.0123.partial"
    theirs[0].parent.mkdir(parents=True)
    for path in [*theirs, mine]:
        path.touch()
    generate(tmp_path, {"train": 1}, **{**SETTINGS, "categories": ["lamp"]})
    assert all(path.is_file() for path in theirs)
    assert not mine.exists()


def test_what_is_there_is_not_made_again(made, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("made again")

    before = contents(made)
    monkeypatch.setattr(chunks, "make_object", refuse)
    generate(made, SIZES, **SETTINGS)
    assert contents(made) == before


def test_categories_can_be_added(made, tmp_path):
    for category in ("table", "lamp"):
        generate(tmp_path, SIZES, **(SETTINGS | {"categories": [category]}))
    assert contents(tmp_path) == contents(made)


@pytest.mark.parametrize(
    "change", [{"seed": 3}, {"shading": "sh"}, {"sizes": {"train": 4, "test": 1}}]
)
def test_a_folder_with_other_data_is_refused(made, change):
    arguments = {"sizes": SIZES} | SETTINGS | change
    before = contents(made)
    with pytest.raises(ValueError, match=r"argument `directory`.*synthetic.json.*another folder"):
        generate(made, **arguments)
    assert contents(made) == before


def test_a_folder_with_the_original_data_is_refused(made, tmp_path):
    (tmp_path / "02691156_train_images.npz").write_bytes(b"")
    with pytest.raises(ValueError, match="arrays without"):
        generate(tmp_path, SIZES, **SETTINGS)
    assert len(contents(tmp_path)) == 1


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("shading", {"shading": "toon"}),
        ("sizes", {"sizes": {"dev": 1}}),
        (r"sizes\['train'\]", {"sizes": {"train": -1}}),
        ("seed", {"seed": -1}),
        ("workers", {"workers": 0}),
        ("key", {"categories": ["spoon"]}),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_written(tmp_path, name, change):
    with pytest.raises(ValueError, match=f"argument `{name}`"):
        generate(tmp_path / "new", **({"sizes": SIZES} | SETTINGS | change))
    assert not (tmp_path / "new").exists()


def command(*flags):
    arguments = [sys.executable, "-m", "tf_mesh_renderer.datasets.synthetic", *map(str, flags)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": ""}
    return subprocess.Popen(
        arguments, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


@pytest.mark.slow
def test_the_command_after_a_kill(tmp_path):
    flags = ["--train=45", "--val=0", "--test=1"]
    flags += ["--shading=plain", "--seed=2", "--categories=lamp"]
    folder, expected = tmp_path / "killed", tmp_path / "expected"
    process = command(f"--output={folder}", "--workers=2", *flags)
    deadline = time.monotonic() + 240
    while not list(folder.glob(".chunks/*/000000.npz")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not list(folder.glob("*_train_images.npz"))

    picture = tmp_path / "preview.png"
    preview = [f"--preview={picture}", "--preview_count=2"]
    process = command(f"--output={folder}", "--workers=2", *preview, *flags)
    errors = process.communicate(timeout=240)[1]
    assert process.returncode == 0, errors
    assert "100%" in errors
    assert picture.is_file()
    sizes = {"train": 45, "val": 0, "test": 1}
    generate(expected, sizes, seed=2, shading="plain", categories=["lamp"])
    assert contents(folder) == contents(expected)


@pytest.mark.slow
def test_the_command_says_what_is_missing():
    process = command()
    errors = process.communicate(timeout=120)[1]
    assert process.returncode != 0
    assert "nothing to do: name --output or --preview" in errors


def test_the_manifest_says_how_it_was_made(made):
    manifest = json.loads((made / "synthetic.json").read_text())
    assert manifest["seed"] == 2
    assert manifest["shading"] == "plain"
    assert manifest["sizes"] == {"train": 3, "val": 0, "test": 1}
