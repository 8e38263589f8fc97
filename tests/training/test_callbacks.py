"""What a training shows and when it stops; both go on after a kill."""

import types

import pytest

from tf_mesh_renderer.training import EpochTimes, ProgressBar, StopWithoutProgress, read_log

EPOCHS, STEPS = 4, 3


@pytest.mark.parametrize("cut_after", [0, 1, 2, 3])
def test_stopping_remembers(cut_after):
    values = [0.1, 0.3, 0.2, 0.25, 0.4]
    stop = StopWithoutProgress(
        "val_iou", patience=2, earlier=[{"val_iou": value} for value in values[:cut_after]]
    )
    stop.set_model(types.SimpleNamespace(stop_training=False))
    for epoch in range(cut_after, len(values)):
        stop.on_epoch_end(epoch, {"val_iou": values[epoch]})
        if stop.model.stop_training:
            break
    assert epoch == 3


@pytest.mark.parametrize(("values", "stopped"), [([0.1, 0.3, 0.2], False), ([0.3, 0.2, 0.1], True)])
def test_a_training_that_was_stopped_early_stays_so(values, stopped):
    stop = StopWithoutProgress(
        "val_iou", patience=2, earlier=[{"val_iou": value} for value in values]
    )
    assert stop.has_stopped == stopped


def test_the_bar_counts_steps_and_shows_losses(capsys):
    bar = ProgressBar("train")
    bar.set_params({"epochs": EPOCHS, "steps": STEPS})
    bar.on_train_begin()
    bar.on_epoch_begin(2)
    bar.on_train_batch_end(0, {"loss": 0.123456})
    bar.on_train_batch_end(2, {"loss": 0.0625})
    bar.on_epoch_end(2, {"loss": 0.5, "val_iou": 0.75})
    bar.on_train_end()
    text = capsys.readouterr().err.split("\r")[-1]
    assert "train" in text
    assert f"{3 * STEPS}/{EPOCHS * STEPS}" in text
    assert "val_iou=0.75" in text


def test_times_go_on_where_they_were_cut(tmp_path):
    path = tmp_path / "times.csv"
    for start in (0, 2):
        times = EpochTimes(path)
        for epoch in (start, start + 1):
            times.on_epoch_begin(epoch)
            times.on_epoch_end(epoch)
    rows = read_log(path)
    assert [row["epoch"] for row in rows] == [0, 1, 2, 3]
    assert all(0 <= row["seconds"] < 1 for row in rows)
