"""A few small photographs of procedural birds, and a training that takes seconds."""

import pytest

from tf_mesh_renderer.applications.single_view.__main__ import main
from tf_mesh_renderer.datasets.birds import generate

TINY = (
    *("--steps=2", "--checkpoint_every=1", "--batch_size=2", "--image_size=16"),
    *("--texture_size=8", "--notensorboard", "--jit_compile=false"),
)


@pytest.fixture(scope="session")
def birds(tmp_path_factory):
    """Folder of the data set, in CUB's layout."""
    directory = tmp_path_factory.mktemp("birds")
    generate(directory, {"train": 4, "val": 2, "test": 3}, seed=1)
    return directory


@pytest.fixture(scope="session")
def run_of(tmp_path_factory, birds):
    """Trains with some flags and returns the folder."""

    def train(*flags, output=None):
        output = tmp_path_factory.mktemp("run") if output is None else output
        flags = (f"--data={birds}", f"--output={output}", *TINY, *flags)
        assert main(["single_view", "train", *flags]) == 0
        return output

    return train


@pytest.fixture(scope="session")
def trained(run_of):
    """Folder of a training with validation and pictures."""
    return run_of("--validation=val")
