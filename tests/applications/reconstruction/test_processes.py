"""The command line in two processes: the same log as in one, and one set of files."""

import pytest

from tests.support.programs import assert_two_processes_train_as_one

# Of values of the log, by epoch. Sums over processes are rounded differently, and Adam enlarges
# what differs: the step of a weight whose gradient is nearly zero may have either sign. Small steps
# keep that small.
TOLERANCES = (1e-5, 1e-3, 1e-3, 1e-3)
RATE = "--learning_rate=1e-4"


@pytest.mark.slow
def test_two_processes_train_as_one(train_flags, tmp_path):
    command = ("reconstruction", "train", *train_flags, RATE)
    assert_two_processes_train_as_one(
        command, tmp_path, tolerances=TOLERANCES, together=["--patience=9"]
    )
