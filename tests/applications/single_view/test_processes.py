"""The command line as processes: two are as one, and a kill changes nothing."""

import pytest

from tests.support.programs import (
    assert_killed_ends_as_uninterrupted,
    assert_two_processes_train_as_one,
)

SMALL = ("--batch_size=2", "--image_size=16", "--texture_size=8", "--notensorboard")
# Sums over processes are rounded differently, and Adam enlarges what differs. Small steps keep that
# small.
TOLERANCES = (1e-4, 1e-3, 5e-3)


@pytest.mark.slow
def test_killed_and_resumed_is_uninterrupted_bit_for_bit(tmp_path, birds):
    length = ("--steps=16", "--checkpoint_every=2", "--nopictures")
    command = ("single_view", "train", f"--data={birds}", *SMALL, *length)
    assert_killed_ends_as_uninterrupted(command, tmp_path, epochs=8, killed_after=3)


@pytest.mark.slow
def test_two_processes_train_as_one(tmp_path, birds):
    length = ("--steps=6", "--checkpoint_every=2", "--learning_rate=1e-5", "--nopictures")
    command = ("single_view", "train", f"--data={birds}", *SMALL, *length)
    assert_two_processes_train_as_one(command, tmp_path, tolerances=TOLERANCES)
