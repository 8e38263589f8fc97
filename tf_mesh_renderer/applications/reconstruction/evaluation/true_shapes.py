"""The true shapes of a category, as measurements need them."""

import functools

import numpy as np

from tf_mesh_renderer.datasets import Category, ShapeNetRenderings
from tf_mesh_renderer.geometry import sample_surface, surface_area, voxelize

# DIB-R's evaluation scales shapes so that the largest coordinate is 0.45; their longest side is 1
# in the data set.
F_SCORE_SCALE = 0.9
# Objects whose points are kept; all views of an object come one after another.
_KEPT = 64


class TrueShapes:
    """Voxels and, where the data set has meshes, points of the objects of one category.

    Args:
      dataset: the split.
      category: one of its categories.
      normalize: compare voxels of bounding boxes, as in `geometry.voxelize`; needs meshes.
      num_points: for the F-score.
      seed: of the points.
    Raises:
      FileNotFoundError: `normalize` without meshes.
    """

    def __init__(
        self,
        dataset: ShapeNetRenderings,
        category: Category,
        *,
        normalize: bool,
        num_points: int,
        seed: int,
    ):
        self._voxels = dataset.voxels(category)
        self._num_points = num_points
        self._seed = seed
        try:
            self._meshes = dataset.meshes(category)
        except FileNotFoundError:
            if normalize:
                raise
            self._meshes = None
        self._normalize = normalize
        self.voxels = functools.lru_cache(_KEPT)(self._voxels_of)
        self.points = functools.lru_cache(_KEPT)(self._points_of)

    def __len__(self) -> int:
        return len(self._voxels)

    @property
    def have_meshes(self) -> bool:
        """Whether there are meshes, so that F-scores can be had."""
        return self._meshes is not None

    def area(self, item: int) -> float:
        """Area of the surface of an object in the frame of the F-score.

        Args:
          item: row in the category.
        Returns:
          A number > 0.
        """
        mesh = self._meshes[item]
        return surface_area(mesh.vertices, mesh.faces) * F_SCORE_SCALE**2

    def _voxels_of(self, item: int) -> np.ndarray:
        if not self._normalize:
            return np.asarray(self._voxels[item])
        mesh = self._meshes[item]
        return voxelize(mesh.vertices, mesh.faces, normalize=True)

    def _points_of(self, item: int) -> np.ndarray:
        mesh = self._meshes[item]
        return sample_surface(mesh.vertices, mesh.faces, self._num_points, seed=self._seed)
