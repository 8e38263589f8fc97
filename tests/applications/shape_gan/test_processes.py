"""The command line as processes: two are as one, and a kill changes nothing."""

import pytest

from tests.support.programs import (
    assert_killed_ends_as_uninterrupted,
    assert_two_processes_train_as_one,
)

# Sums over processes are rounded differently, which critics and generator enlarge in turn. Small
# steps keep that small.
TOLERANCES = (1e-4, 1e-3, 5e-3)
RATE = "--learning_rate=1e-5"


@pytest.mark.slow
def test_two_processes_train_as_one(train_flags, tmp_path):
    command = ("shape_gan", "train-shape", *train_flags, RATE)
    assert_two_processes_train_as_one(command, tmp_path, tolerances=TOLERANCES)


@pytest.mark.slow
def test_killed_and_resumed_is_uninterrupted_bit_for_bit(train_flags, tmp_path):
    command = ("shape_gan", "train-shape", *train_flags, "--steps=16", "--nopictures")
    assert_killed_ends_as_uninterrupted(command, tmp_path, epochs=8, killed_after=3)
