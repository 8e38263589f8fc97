"""A small data set of flat coloured balls, and flags of trainings that take seconds."""

import numpy as np
import pytest

from tf_mesh_renderer.datasets import MeshArrays, write_split
from tf_mesh_renderer.geometry import icosphere, voxelize

SIZES = {"train": 5, "test": 3}


def make_object(rng):
    ball = icosphere(2, radius=0.5)
    vertices = np.asarray(ball.vertices) * (1.0, *rng.uniform(0.4, 0.8, 2))
    colors = np.where(vertices[:, 1:2] > 0, rng.uniform(0, 1, 3), rng.uniform(0, 1, 3))
    return MeshArrays(
        vertices.astype(np.float32), np.asarray(ball.faces), np.round(255 * colors).astype(np.uint8)
    )


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """Folder of the data set; its pictures are not looked at."""
    directory = tmp_path_factory.mktemp("data")
    for split, size in SIZES.items():
        rng = np.random.default_rng(size)
        meshes = [make_object(rng) for _ in range(size)]
        write_split(
            directory,
            split,
            "car",
            images=np.zeros([size, 24, 4, 64, 64], np.uint8),
            voxels=np.stack([voxelize(mesh.vertices, mesh.faces) for mesh in meshes]),
            meshes=meshes,
        )
    return directory


@pytest.fixture(scope="session")
def train_flags(data):
    """What all trainings of these tests have in common."""
    return [
        f"--data={data}",
        "--category=car",
        "--steps=6",
        "--checkpoint_every=2",
        "--batch_size=2",
        "--critic_steps=1",
        "--scored_samples=4",
        "--notensorboard",
    ]
