"""Retrieval: the training object whose picture is most alike."""

import dataclasses
import functools
from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.datasets import Category, MeshArrays, ShapeNetRenderings, every_view
from tf_mesh_renderer.geometry import normalized_voxels, sample_surface, voxelize

_CHUNK = 256


@dataclasses.dataclass(frozen=True, eq=False)
class RetrievedShapes:
    """Shapes of a data set as `Predictions`.

    Attributes:
      voxel_grids: [B, 32, 32, 32] bool.
      meshes: B meshes, or None of a data set without.
      colors: none: the meshes have different vertices.
    """

    voxel_grids: np.ndarray
    meshes: Sequence[MeshArrays] | None
    colors: None = None

    def voxels(self, item: int, *, normalize: bool) -> np.ndarray:
        """See `Predictions`; without meshes normalized ones are resampled."""
        if not normalize:
            return self.voxel_grids[item]
        if self.meshes is None:
            return normalized_voxels(self.voxel_grids[item])
        mesh = self.meshes[item]
        return voxelize(mesh.vertices, mesh.faces, normalize=True)

    def points(self, item: int, num_points: int, *, seed: int) -> np.ndarray | None:
        """See `Predictions`."""
        if self.meshes is None:
            return None
        mesh = self.meshes[item]
        return sample_surface(mesh.vertices, mesh.faces, num_points, seed=seed)


class NearestPicture:
    """The shape of the training picture whose mask is most alike: least squares over its pixels.

    Colours are left out: they say little of the shape, and objects of other shapes may have them.
    Every view of every training object is kept, at 1 KB a picture for the default side.

    Args:
      dataset: the training split.
      side: to which pictures are reduced before they are compared; at most that of the pictures
        that the method is called with.
    """

    def __init__(self, dataset: ShapeNetRenderings, *, side: int = 16):
        self._dataset = dataset
        self._side = side
        features, rows = [], []
        for category in dataset.categories:
            for batch in every_view(dataset, category, batch_size=_CHUNK, image_size=side):
                features.append(_flat(batch["images"]))
                rows += [(category, int(item)) for item in batch["objects"]]
        self._features = np.concatenate(features)  # [N, side²]
        self._lengths = np.sum(np.square(self._features), axis=1)
        self._rows = rows
        self._meshes = functools.cache(self._meshes_of)

    def __call__(self, images: np.ndarray, category: str) -> RetrievedShapes:
        """Looks up; the category is not looked at.

        Args:
          images: [B, S, S, 4] float32 in [0, 1], colour over black and mask.
          category: ignored.
        Returns:
          `RetrievedShapes` of B objects of the training split.
        """
        queries = _flat(tf.image.resize(images, (self._side, self._side), method="area"))
        nearest = np.argmin(self._lengths - 2 * queries @ self._features.T, axis=1)
        found = [self._rows[row] for row in nearest]
        grids = np.stack([self._dataset.voxels(category)[item] for category, item in found])
        meshes = [self._meshes(category) for category, _ in found]
        if None in meshes:
            return RetrievedShapes(grids, None)
        return RetrievedShapes(grids, [m[item] for m, (_, item) in zip(meshes, found, strict=True)])

    def _meshes_of(self, category: Category) -> Sequence[MeshArrays] | None:
        try:
            return self._dataset.meshes(category)
        except FileNotFoundError:
            return None


def _flat(images: tf.Tensor) -> np.ndarray:
    """[B, H W] float32: the masks."""
    masks = np.asarray(images[..., 3])
    return masks.reshape(len(masks), -1)
