"""What a method makes of a batch of pictures, in a form that can be measured."""

import dataclasses
from typing import Protocol

import numpy as np

from tf_mesh_renderer.geometry import normalized_voxels, sample_surface, surface_area, voxelize


class Predictions(Protocol):
    """Shapes of a batch; what cannot be had of them is None."""

    colors: np.ndarray | None

    def voxels(self, item: int, *, normalize: bool) -> np.ndarray:
        """Solid voxels of one shape.

        Args:
          item: index in the batch.
          normalize: as in `geometry.voxelize`.
        Returns:
          [32, 32, 32] bool.
        """

    def points(self, item: int, num_points: int, *, seed: int) -> np.ndarray | None:
        """Points on the surface of one shape.

        Args:
          item: index in the batch.
          num_points: N.
          seed: int >= 0.
        Returns:
          [N, 3] float, world space, or None of a shape without surface.
        """


class Method(Protocol):
    """A way from pictures to shapes."""

    def __call__(self, images: np.ndarray, category: str) -> Predictions:
        """Reconstructs.

        Args:
          images: [B, S, S, 4] float32 in [0, 1], colour over black and mask.
          category: what the pictures show; methods that need not be told ignore it.
        Returns:
          `Predictions` of B shapes.
        """


@dataclasses.dataclass(frozen=True, eq=False)
class PredictedMeshes:
    """Meshes with common faces.

    Attributes:
      vertices: [B, V, 3] float, world space, in (-0.5, 0.5).
      faces: [F, 3] int.
      colors: [B, V, 3] float in [0, 1], linear; None of meshes without colour.
    """

    vertices: np.ndarray
    faces: np.ndarray
    colors: np.ndarray | None = None

    def voxels(self, item: int, *, normalize: bool) -> np.ndarray:
        """See `Predictions`."""
        return voxelize(self.vertices[item], self.faces, normalize=normalize)

    def points(self, item: int, num_points: int, *, seed: int) -> np.ndarray | None:
        """See `Predictions`; of a mesh without area, its vertices again and again."""
        vertices = self.vertices[item]
        if surface_area(vertices, self.faces) > 0:
            return sample_surface(vertices, self.faces, num_points, seed=seed)
        return np.resize(vertices, (num_points, 3))


@dataclasses.dataclass(frozen=True, eq=False)
class PredictedVoxels:
    """Solids without surface; they have no F-score.

    Attributes:
      grids: [B, 32, 32, 32] bool, axes x, y, z.
    """

    grids: np.ndarray
    colors: np.ndarray | None = None

    def voxels(self, item: int, *, normalize: bool) -> np.ndarray:
        """See `Predictions`; a normalized grid is resampled."""
        grid = self.grids[item]
        return normalized_voxels(grid) if normalize else grid

    def points(self, item: int, num_points: int, *, seed: int) -> np.ndarray | None:
        """See `Predictions`."""
        return None
