"""A training that is killed at any moment ends as if it had not been."""

from tests.support.programs import assert_killed_ends_as_uninterrupted

EPOCHS = 8


def test_killed_and_resumed_is_uninterrupted_bit_for_bit(tmp_path, train_flags):
    flags = [f"--steps={2 * EPOCHS}", "--nopictures", "--gradient=dibr", "--patience=7"]
    command = ("reconstruction", "train", *train_flags, *flags)
    assert_killed_ends_as_uninterrupted(command, tmp_path, epochs=EPOCHS, killed_after=3)
