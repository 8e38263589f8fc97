"""A small data set of two categories, and flags of a training that takes seconds."""

import numpy as np
import pytest

from tf_mesh_renderer.datasets import MeshArrays, camera_of_view, write_split
from tf_mesh_renderer.geometry import Mesh, cube, icosphere, voxelize
from tf_mesh_renderer.rendering import render
from tf_mesh_renderer.textures import VertexColors

NUM_VIEWS = 24
SIZES = {"train": 4, "val": 2, "test": 3}


def make_object(category, rng):
    """A flat red box, or a slim ball that is green above and blue below."""
    if category == "car":
        mesh, size = cube(), (1.0, rng.uniform(0.2, 0.5), rng.uniform(0.4, 0.6))
        color = np.array([0.9, 0.2, 0.1])
    else:
        mesh, size = icosphere(2), (rng.uniform(0.3, 0.5), 1.0, rng.uniform(0.3, 0.5))
        color = np.array([0.1, 0.8, 0.2])
    vertices = np.asarray(mesh.vertices)
    low, high = vertices.min(0), vertices.max(0)
    vertices = ((vertices - (low + high) / 2) / (high - low) * size).astype(np.float32)
    colors = np.where(vertices[:, 1:2] > 0, color, color[::-1])
    return MeshArrays(vertices, np.asarray(mesh.faces), np.round(255 * colors).astype(np.uint8))


def pictures(mesh):
    """[24, 4, 64, 64] uint8, as the data set has them."""
    painted = Mesh(mesh.vertices, mesh.faces, VertexColors(mesh.colors / np.float32(255.0)))
    camera = camera_of_view(np.arange(NUM_VIEWS))
    image = render(painted, camera, image_size=(64, 64), material="unlit").numpy()
    return np.round(255 * image).astype(np.uint8).transpose(0, 3, 1, 2)


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """Folder of the data set."""
    directory = tmp_path_factory.mktemp("data")
    for split, size in SIZES.items():
        for category in ("car", "lamp"):
            rng = np.random.default_rng([size, len(category)])
            meshes = [make_object(category, rng) for _ in range(size)]
            write_split(
                directory,
                split,
                category,
                images=np.stack([pictures(mesh) for mesh in meshes]),
                voxels=np.stack([voxelize(mesh.vertices, mesh.faces) for mesh in meshes]),
                meshes=meshes,
            )
    return directory


@pytest.fixture(scope="session")
def train_flags(data):
    """What all trainings of these tests have in common."""
    return [
        f"--data={data}",
        "--preset=tiny",
        "--image_size=16",
        "--batch_size=2",
        "--steps=8",
        "--checkpoint_every=2",
        "--validation_objects=1",
        "--notensorboard",
    ]
