"""Scores: averages, the file, the table and the plot."""

import dataclasses
import pathlib

import numpy as np
import pytest

from tf_mesh_renderer import read_image
from tf_mesh_renderer.applications.reconstruction.baselines.voxel_training import VoxelTraining
from tf_mesh_renderer.applications.reconstruction.evaluation import (
    CategoryScores,
    Measurement,
    MethodScores,
    check_comparable,
    fingerprint,
    over_seeds,
    read_csv,
    tables,
    write_csv,
)
from tf_mesh_renderer.applications.reconstruction.experiment import ReconstructionExperiment
from tf_mesh_renderer.datasets import CATEGORIES
from tf_mesh_renderer.models.reconstruction import preset

RESULTS = pathlib.Path(__file__).resolve().parents[4] / "docs" / "results" / "reconstruction"
ON = Measurement("test", "n3mr", 24)


def run(method, seed, *ious, checksum="c0ffee00", training="1", **figures):
    names = ("car", "chair", "lamp")
    rows = tuple(CategoryScores(n, checksum, 24, iou, **figures) for n, iou in zip(names, ious))
    return MethodScores(method, seed, training, ON, rows)


def replaced(**changes):
    """A run as the first that was measured differently."""
    return dataclasses.replace(
        run("dibr", 0, 0.4, 0.5), measurement=dataclasses.replace(ON, **changes)
    )


RUNS = [
    run("n3mr", 0, 0.5, 0.7, f_score=0.25, f_score_ceiling=0.5),
    run("n3mr", 1, 0.6, 0.8, f_score=0.75, f_score_ceiling=0.5),
    run("mean shape", 0, 0.125, 1 / 3),
]


def test_the_mean_counts_every_category_once():
    uneven = MethodScores(
        "a", 0, "", ON, (CategoryScores("car", "", 1, 0.0), CategoryScores("chair", "", 99, 1.0))
    )
    assert uneven.value("voxel_iou") == 0.5
    assert uneven.value("voxel_iou", "chair") == 1.0
    assert uneven.value("f_score") is None
    assert uneven.value("voxel_iou", "lamp") is None


def test_spread_over_seeds():
    spread = over_seeds(RUNS[:2], "voxel_iou")
    assert spread.mean == pytest.approx(0.65)
    assert spread.deviation == pytest.approx(np.std([0.6, 0.7], ddof=1))
    assert over_seeds(RUNS[:1], "voxel_iou").deviation is None
    assert over_seeds(RUNS, "f_score") is None
    assert over_seeds([], "voxel_iou") is None


def test_the_file_gives_the_same_runs(tmp_path):
    write_csv(tmp_path / "scores.csv", RUNS)
    assert read_csv(tmp_path / "scores.csv") == RUNS


def test_runs_that_can_be_compared():
    """The order of categories does not matter."""
    turned = dataclasses.replace(RUNS[0], seed=2, categories=RUNS[0].categories[::-1])
    check_comparable([*RUNS, turned])


def test_fingerprints_are_of_what_decides():
    training = ReconstructionExperiment(preset("long"), ("car",), ("c0ffee00",))
    assert fingerprint(training) == fingerprint(dataclasses.replace(training, seed=3))
    longer = dataclasses.replace(training, settings=preset("long").with_steps(6000))
    other = dataclasses.replace(training, data=("0",))
    others = {fingerprint(changed) for changed in (training, longer, other)}
    assert len(others | {fingerprint(training, untrained=True)}) == 4


def test_fingerprints_of_voxel_networks_know_the_schedule():
    rates = (
        1e-3,
        preset("long").learning_rate_schedule(),
        preset("color").learning_rate_schedule(),
    )
    trainings = [VoxelTraining(16, 100, learning_rate=rate) for rate in rates]
    assert len({fingerprint(training) for training in trainings}) == 3
    again = VoxelTraining(16, 100, learning_rate=preset("long").learning_rate_schedule(), seed=1)
    assert fingerprint(trainings[1]) == fingerprint(again)


@pytest.mark.parametrize(
    ("other", "problem"),
    [
        (run("n3mr", 1, 0.4, 0.5), "'n3mr', seed 1, twice"),
        (run("dibr", 0, 0.4), "'dibr' on car. Hint"),
        (run("dibr", 0, 0.4, 0.5, checksum="1"), "'dibr' on other car, chair"),
        (run("n3mr", 2, 0.4, 0.5, training="2"), "'n3mr', seeds 0 and 2, trained in different"),
        (replaced(split="val"), "val split"),
        (replaced(protocol="binvox"), "binvox protocol"),
        (replaced(views=4), "4 views"),
        (replaced(max_objects=2), "at most 2 objects"),
    ],
)
def test_runs_that_cannot_be_compared(tmp_path, other, problem):
    """Nor do they become one in a file."""
    write_csv(tmp_path / "scores.csv", [*RUNS, other])
    if other.measurement != ON:
        assert read_csv(tmp_path / "scores.csv") == [*RUNS, other]
    with pytest.raises(ValueError, match=problem):
        check_comparable([*RUNS, other])


@pytest.mark.parametrize("path", sorted(RESULTS.rglob("scores.csv")), ids=lambda p: p.parent.name)
def test_published_scores_can_be_compared(path):
    check_comparable(read_csv(path))


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n", "method,seed,category,inputs,voxel_iou\na,b,c,1,1\n"]
)
def test_a_file_without_scores_is_an_error_that_names_it(tmp_path, text):
    path = tmp_path / "other.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"scores with the columns method, seed.*other\.csv"):
        read_csv(path)


def test_the_table_has_a_row_for_every_category_and_a_column_for_every_method():
    first, empty, *lines = tables.text_table(RUNS).splitlines()
    assert first == "test split, all objects of each category, 24 views of each, n3mr protocol"
    assert not empty
    assert lines[0] == "voxel IoU (32^3)"
    assert lines[1].split() == ["n3mr", "mean", "shape"]
    assert lines[2].split() == ["car", "0.5500", "+-0.0707", "0.1250"]
    assert lines[3].split() == ["chair", "0.7500", "+-0.0707", "0.3333"]
    assert lines[4].split() == ["mean", "0.6500", "+-0.0707", "0.2292"]
    assert lines[6] == "F-score"
    assert lines[8].split() == ["car", "0.5000", "+-0.3536", "-"]
    assert not any("colour" in line for line in lines)


def test_the_plot_has_bars_as_high_as_the_scores(tmp_path):
    """Twice the score, about twice the coloured pixels."""
    sizes = []
    for iou in (0.4, 0.8):
        tables.plot(tmp_path / "plot.png", [run("n3mr", 0, iou, iou)])
        image = read_image(tmp_path / "plot.png")
        sizes.append(np.sum(image.max(-1) - image.min(-1) > 0.2))
    assert 1.8 < sizes[1] / sizes[0] < 2.2


def test_the_plot_has_lines_where_there_are_such_figures(tmp_path):
    """One above F-scores, one above colour errors, and entries of both in the legend."""
    dark = {}
    colors = {"color_error": 0.1, "color_coverage": 1.0}
    for name, figures in {
        "none": {"f_score": 0.5, **colors},
        "one": {"f_score": 0.5, "f_score_ceiling": 0.7, **colors},
        "two": {"f_score": 0.5, "f_score_ceiling": 0.7, "flat_color_error": 0.12, **colors},
    }.items():
        tables.plot(tmp_path / "plot.png", [run("n3mr", 0, 0.4, 0.4, **figures)])
        image = read_image(tmp_path / "plot.png")[..., :3]
        dark[name] = np.sum(image.max(-1) < 0.5)
    assert dark["none"] + 100 < dark["one"] < dark["two"] - 100


def test_the_plot_of_several_methods_and_seeds(tmp_path):
    tables.plot(tmp_path / "plot.png", RUNS)
    assert read_image(tmp_path / "plot.png").min() < 0.1


def test_the_plot_of_many_categories_fits_into_a_page(tmp_path):
    """Ten methods on thirteen categories: rows one below the other, bars in ten colours."""
    rows = tuple(CategoryScores(category.name, "", 24, 0.5) for category in CATEGORIES)
    runs = [MethodScores(f"method {i}", 0, "", ON, rows) for i in range(10)]
    tables.plot(tmp_path / "plot.png", runs)
    image = read_image(tmp_path / "plot.png")[..., :3]
    height, width = image.shape[:2]
    assert 600 < width <= 1200
    assert 400 < height <= 1200
    colors, counts = np.unique(np.round(255 * image).reshape(-1, 3), axis=0, return_counts=True)
    lively = np.ptp(colors, axis=1) > 50
    assert np.sum(counts[lively] > 1000) == 9, "all but the grey one"
