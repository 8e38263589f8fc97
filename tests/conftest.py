"""Settings for every test: fixed seeds, no GPU unless asked for, a quiet TensorFlow."""

import os
import random

import numpy as np
import pytest
from hypothesis import settings

SEED = 20180618

# The same examples in every run; machines differ too much in speed for a deadline per example.
settings.register_profile("reproducible", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("reproducible")


def pytest_configure(config):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    if "gpu" not in config.option.markexpr:
        os.environ["CUDA_VISIBLE_DEVICES"] = ""


def pytest_collection_modifyitems(config, items):
    """Tests marked `gpu` run where a GPU is asked for: they fail without one."""
    if "gpu" not in config.option.markexpr:
        on_gpu = [item for item in items if item.get_closest_marker("gpu")]
        items[:] = [item for item in items if item not in on_gpu]
        config.hook.pytest_deselected(items=on_gpu)


@pytest.fixture(autouse=True)
def _fixed_seeds():
    import tensorflow as tf  # Late: pytest_configure sets what it reads at import.

    random.seed(SEED)
    np.random.seed(SEED)
    tf.random.set_seed(SEED)
