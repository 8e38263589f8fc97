"""The command lines as processes: two are as one, and a kill changes nothing."""

import pytest

from tests.support.programs import (
    assert_killed_ends_as_uninterrupted,
    assert_two_processes_train_as_one,
    finish,
    start,
)

SMALL = ("--image_size=16", "--texture_size=8", "--batch_size=2", "--validation_objects=2")
EPOCHS = 8
LENGTH = (f"--steps={2 * EPOCHS}", "--checkpoint_every=2", "--notensorboard")
# Sums over processes are rounded differently, and Adam enlarges what differs. Small steps keep that
# small.
TOLERANCES = (1e-4, 1e-3, 5e-3)
SHORT = ("--steps=6", "--checkpoint_every=2", "--notensorboard", "--learning_rate=1e-5")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Folder of a training of two steps."""
    run = tmp_path_factory.mktemp("runs") / "run"
    length = ("--steps=2", "--checkpoint_every=1", "--notensorboard", "--nopictures")
    finish(start(("texture_light", "train", *SMALL, *length), run), run)
    return run


@pytest.mark.slow
def test_killed_and_resumed_is_uninterrupted_bit_for_bit(tmp_path):
    command = ("texture_light", "train", *SMALL, *LENGTH, "--nopictures")
    assert_killed_ends_as_uninterrupted(command, tmp_path, epochs=EPOCHS, killed_after=3)


@pytest.mark.slow
def test_killed_and_resumed_fine_tuning_is_uninterrupted_bit_for_bit(tmp_path, trained):
    command = ("texture_light", "finetune", f"--run={trained}", "--validation_objects=2", *LENGTH)
    assert_killed_ends_as_uninterrupted(
        command,
        tmp_path,
        epochs=EPOCHS,
        killed_after=3,
        state="adversarial",
        files=("log.csv", "figures.csv", "before.png", "after.png"),
    )


@pytest.mark.slow
def test_two_processes_train_as_one(tmp_path):
    command = ("texture_light", "train", *SMALL, *SHORT, "--nopictures")
    assert_two_processes_train_as_one(command, tmp_path, tolerances=TOLERANCES)


@pytest.mark.slow
def test_two_processes_fine_tune_as_one(tmp_path, trained):
    command = ("texture_light", "finetune", f"--run={trained}", "--validation_objects=2", *SHORT)
    assert_two_processes_train_as_one(command, tmp_path, tolerances=TOLERANCES)
