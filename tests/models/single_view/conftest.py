"""A small network and a batch in which everything is known."""

import numpy as np
import pytest

from tf_mesh_renderer.geometry import icosphere
from tf_mesh_renderer.models import single_view

SIDE, KEYPOINTS = 16, 5
SIZE = {
    "filters": (8, 12),
    "convolutions": 1,
    "light_blocks": 1,
    "grid": 2,
    "shape_units": (16,),
    "batch_norm": False,
}


def make_network(**options):
    """A small `SingleViewNetwork` with its variables."""
    options = {"num_keypoints": KEYPOINTS, "size": SIZE, "texture_size": (8, 12)} | options
    network = single_view.SingleViewNetwork(icosphere(1), **options)
    network.build([None, SIDE, SIDE, 4])
    return network


def randomize(network, scale=0.3, seed=3):
    """Weights without meaning, so that nothing is symmetric or zero by chance."""
    rng = np.random.default_rng(seed)
    for weight in network.weights:
        weight.assign(scale * rng.normal(size=weight.shape))
    return network


def make_batch(count=3, seed=0):
    """Photographs without meaning, each with a disc for a mask."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2
    mask = np.broadcast_to(np.hypot(x, y) < SIDE / 3, [count, SIDE, SIDE])
    colors = rng.random([count, SIDE, SIDE, 3])
    quaternions = rng.normal(size=[count, 4])
    poses = [np.full([count, 1], 1.3), rng.uniform(-0.1, 0.1, [count, 2]), quaternions]
    keypoints = rng.uniform(-0.6, 0.6, [count, KEYPOINTS, 3])
    keypoints[..., 2] = keypoints[..., 2] > 0
    arrays = {
        "images": np.concatenate([colors, mask[..., None]], axis=-1),
        "poses": np.concatenate(poses, axis=-1),
        "keypoints": keypoints,
    }
    arrays = {name: value.astype(np.float32) for name, value in arrays.items()}
    return arrays | {"indices": np.arange(count, dtype=np.int32)}


@pytest.fixture
def batch():
    return make_batch()
