"""The command `finetune`: from a training to another, with figures, and after a kill."""

import csv

import numpy as np
import pytest

from tf_mesh_renderer.applications.texture_light.__main__ import main
from tf_mesh_renderer.applications.texture_light.experiment import TextureLightExperiment
from tf_mesh_renderer.io import read_image
from tf_mesh_renderer.training import SaveCheckpoints, read_log

SMALL = ("--image_size=16", "--texture_size=8", "--batch_size=2", "--validation_objects=2")
STEPS = ("--steps=2", "--checkpoint_every=1", "--notensorboard")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Folder of a training of two steps."""
    run = tmp_path_factory.mktemp("run")
    assert main(["", "train", f"--output={run}", *SMALL, *STEPS, "--nopictures"]) == 0
    return run


def finetune(run, output, *flags):
    """Exit status of a small fine-tuning."""
    places = (f"--run={run}", f"--output={output}", "--validation_objects=2")
    return main(["", "finetune", *places, *STEPS, *flags])


def rows_of(path):
    with path.open(encoding="utf-8") as file:
        first, *rows = csv.reader(file)
    return {row[0]: dict(zip(first[1:], map(float, row[1:]))) for row in rows}


@pytest.mark.slow
def test_a_run_that_was_killed_ends_as_one_that_was_not(trained, tmp_path, monkeypatch, capsys):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert finetune(trained, whole) == 0
    assert "gradient_norm" in capsys.readouterr().out
    save = SaveCheckpoints.on_epoch_end

    def save_and_die(self, epoch, logs=None):
        save(self, epoch, logs)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SaveCheckpoints, "on_epoch_end", save_and_die)
        with pytest.raises(KeyboardInterrupt):
            finetune(trained, killed)
    assert len(read_log(killed / "log.csv")) == 1
    assert finetune(trained, killed) == 0
    assert read_log(killed / "log.csv") == read_log(whole / "log.csv")
    figures = rows_of(whole / "figures.csv")
    assert figures == rows_of(killed / "figures.csv")
    check_results(trained, whole, figures)


def check_results(trained, output, figures):
    """What a fine-tuning leaves in its folder."""
    before, after = figures["before"], figures["after"]
    assert before["real_detail"] == after["real_detail"] > 0
    assert before["color"] != after["color"]
    for name in ("before.png", "after.png"):
        assert read_image(output / name).ndim == 3
    assert "detail" in (output / "table.txt").read_text(encoding="utf-8")
    # Its network is read like that of a training, and is another one.
    (_, old), (experiment, new) = (
        TextureLightExperiment.load(trained),
        TextureLightExperiment.load(output),
    )
    assert experiment.settings.steps == 2
    pairs = zip(old.network.get_weights(), new.network.get_weights(), strict=True)
    assert all(np.any(one != other) for one, other in pairs if one.ndim > 1)


def test_flags_change_the_objective(trained, tmp_path):
    flags = ("--adversarial_weight=0", "--perceptual_weight=0", "--penalty_at=interpolates")
    assert finetune(trained, tmp_path, *flags, "--feature_network=none") == 0
    log = read_log(tmp_path / "log.csv")[-1]
    assert log["loss"] == pytest.approx(log["color"], rel=1e-5)
    assert not {"adversarial", "perceptual", "feature_matching"} & log.keys()


def test_wrong_flags_are_explained(trained, tmp_path, capsys):
    assert finetune(tmp_path / "none", tmp_path / "out") == 1
    assert "a folder that `train` wrote" in capsys.readouterr().err
    assert finetune(trained, tmp_path / "out", "--checkpoint_every=3") == 1
    assert "divides the 2 steps" in capsys.readouterr().err
