"""A small data set in N3MR's layout."""

import numpy as np
import pytest

from tf_mesh_renderer.datasets import MeshArrays, write_split

SIZES = {"bench": 2, "car": 3, "table": 1}


def random_arrays(rng, count):
    """Pictures and voxels without meaning."""
    images = rng.integers(256, size=[count, 24, 4, 64, 64], dtype=np.uint8)
    return {"images": images, "voxels": rng.random([count, 32, 32, 32]) < 0.5}


def random_meshes(rng, count):
    """Meshes without meaning, of different sizes."""
    return [
        MeshArrays(
            rng.uniform(-0.5, 0.5, [4 + i, 3]).astype(np.float32),
            rng.integers(4 + i, size=[2 * i + 1, 3], dtype=np.int32),
            rng.integers(256, size=[4 + i, 3], dtype=np.uint8),
        )
        for i in range(count)
    ]


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    """A folder with training data of three categories, and what was written into it."""
    folder, rng = tmp_path_factory.mktemp("shapenet"), np.random.default_rng(5)
    arrays = {}
    for name, count in SIZES.items():
        arrays[name] = random_arrays(rng, count) | {"meshes": random_meshes(rng, count)}
        write_split(folder, "train", name, **arrays[name])
    return folder, arrays
