"""What holds for the tests of all programs."""

import pytest
import tensorflow as tf


@pytest.fixture(scope="session", autouse=True)
def _exactness_is_not_switched_on():
    """Programs are called within this process, and TensorFlow's determinism stays on for good."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tf.config.experimental, "enable_op_determinism", lambda: None)
        yield
