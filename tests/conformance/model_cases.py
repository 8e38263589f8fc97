"""Every Keras model once: how to make it small, with unusual arguments, and what it returns."""

import dataclasses
from collections.abc import Callable

import numpy as np

from tf_mesh_renderer import gradients
from tf_mesh_renderer.geometry.primitives import cube, icosphere
from tf_mesh_renderer.models import reconstruction

SIDE = 16
_SIZE = reconstruction.ReconstructionSize((8, 12), (24,), 16, (20, 28))


@dataclasses.dataclass(frozen=True)
class ModelCase:
    """A model and what it returns.

    Attributes:
      make: builds the model with arguments that differ from the defaults, and its variables.
      num_vertices: of the meshes that it predicts.
      has_colors: whether it returns the colours of vertices.
    """

    make: Callable
    num_vertices: int
    has_colors: bool

    @property
    def name(self):
        """The name of the class."""
        return type(self.make()).__name__


def images(batch, seed=0):
    """[batch, SIDE, SIDE, 4] float32 in [0, 1]."""
    return np.random.default_rng(seed).random((batch, SIDE, SIDE, 4)).astype(np.float32)


def view_pairs(batch, seed=0):
    """A batch of training data."""
    rng = np.random.default_rng(seed)
    pictures = images(2 * batch, seed).reshape(batch, 2, SIDE, SIDE, 4)
    pictures[..., 3] = np.round(pictures[..., 3])
    viewpoints = rng.integers(0, 24, (batch, 2)).astype(np.int32)
    return {"images": pictures, "viewpoints": viewpoints}


def _built(network):
    network.build([None, SIDE, SIDE, 4])
    return network


def make_trainer(network=None, *, rendering=None, **weights):
    """A small `MultiViewTrainer` with arguments that differ from the defaults."""
    if rendering is None:
        rendering = reconstruction.MultiViewRendering(
            (gradients.SoftRas(sigma=1e-3), gradients.SoftRas(sigma=5e-4)), (2,), False
        )
    weights = {"color": 0.5, "laplacian": 0.01, "flatten": 0.001} | weights
    return reconstruction.MultiViewTrainer(
        make_dibr() if network is None else network,
        rendering=rendering,
        weights=reconstruction.LossWeights(**weights, laplacian_of="displacements"),
    )


def make_n3mr(kind=reconstruction.N3mrReconstruction, **options):
    """A small network with N3MR's parametrization, on a cube."""
    return _built(kind(cube(), size=_SIZE, **({"predicts_colors": True} | options)))


def make_dibr(**options):
    """A small network of DIB-R, on a sphere."""
    options = {"half_extent": 0.45, "predicts_colors": True} | options
    return _built(reconstruction.DibrReconstruction(icosphere(1), size=_SIZE, **options))


CASES = (
    ModelCase(make_n3mr, 8, True),
    ModelCase(lambda: make_n3mr(reconstruction.SoftRasReconstruction, picture_colors=3), 8, True),
    ModelCase(lambda: make_dibr(predicts_colors=False), 42, False),
    ModelCase(make_trainer, 42, True),
)
