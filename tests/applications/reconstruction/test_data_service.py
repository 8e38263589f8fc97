"""Training on batches that a tf.data service draws; here its servers are part of this process."""

import socket

import pytest

from tf_mesh_renderer.applications.reconstruction.__main__ import main
from tf_mesh_renderer.training import read_log
from tf_mesh_renderer.training.data_service import start_dispatcher, start_worker


@pytest.fixture(name="train")
def fixture_train(train_flags, tmp_path):
    """Trains for two epochs into a folder, with a service."""

    def train(address):
        flags = [f"--output={tmp_path}", "--steps=4", "--nopictures", "--nodeterministic"]
        flags.append(f"--data_service={address}")
        return main(["reconstruction", "train", *train_flags, *flags])

    return train


def test_a_service_draws_what_training_sees(train, tmp_path):
    dispatcher = start_dispatcher()
    address = dispatcher.target.partition("://")[2]
    worker = start_worker(address)
    assert train(address) == 0
    log = read_log(tmp_path / "log.csv")
    assert [row["epoch"] for row in log] == [0, 1]
    # A sphere in the middle and an object in the middle overlap, but not for empty pictures.
    assert all(0.2 < row["iou"] < 1 for row in log)
    del worker  # before its dispatcher


def test_a_lit_data_set_is_refused(train, data, capsys):
    """A network would learn from other pictures than it is measured on."""
    record = data / "synthetic.json"
    record.write_text('{"shading": "lambert"}', encoding="utf-8")
    try:
        assert train("localhost:1") == 1
    finally:
        record.unlink()
    assert "have the shading 'lambert'. Hint: make a data set" in capsys.readouterr().err


def test_without_a_service_the_command_says_how_to_start_one(train, capsys):
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    assert train(f"localhost:{port}") == 1
    assert "Hint: start it: python -m tf_mesh_renderer" in capsys.readouterr().err
