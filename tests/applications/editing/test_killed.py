"""A run that is killed between two checkpoints ends as if it had not been."""

import pytest

from tests.support.programs import assert_killed_ends_as_uninterrupted

STEPS, CHECKPOINT_EVERY = 60, 10
LENGTH = (f"--steps={STEPS}", f"--checkpoint_every={CHECKPOINT_EVERY}")
SMALL = ("--image_size=16", "--batch_size=2", "--texture_size=2", "--frames=2", "--size=16")
RESULTS = ("result.obj", "result.png", "result.glb", "report.json", "sheet.png")


@pytest.mark.slow
@pytest.mark.parametrize("program", ["style_transfer", "deep_dream"])
def test_killed_and_resumed_is_uninterrupted_bit_for_bit(tmp_path, plain_mesh, style, program):
    flags = [f"--mesh={plain_mesh}", *([f"--style={style}"] if program == "style_transfer" else [])]
    assert_killed_ends_as_uninterrupted(
        (program, *flags, *SMALL, *LENGTH),
        tmp_path,
        epochs=STEPS // CHECKPOINT_EVERY,
        killed_after=2,
        files=RESULTS,
    )
