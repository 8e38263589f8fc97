"""Methods that learn nothing, or learn from true shapes: what mesh networks have to beat.

Each is a `Method` that `evaluate` measures as it measures a network.
"""

import dataclasses
import functools
from collections.abc import Iterable, Sequence

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.applications.reconstruction.predictions import PredictedVoxels
from tf_mesh_renderer.datasets import (
    Category,
    MeshArrays,
    ShapeNetRenderings,
    decode_images,
    every_view,
)
from tf_mesh_renderer.geometry import sample_surface, voxelize
from tf_mesh_renderer.models import VoxelReconstruction

# Shares of objects, or probabilities, above which a voxel may count as occupied.
_THRESHOLDS = np.linspace(0.05, 0.95, 19, dtype=np.float32)
_CHUNK = 256


class MeanShape:
    """Always the same voxels: those that enough training objects fill.

    How many are enough is what gives the best mean IoU with the training objects themselves.

    Args:
      dataset: the training split.
      category_known: whether each category has its own voxels. The method is then told what the
        picture shows, which networks are not. Without, all categories count alike.
    """

    def __init__(self, dataset: ShapeNetRenderings, *, category_known: bool):
        groups = {c.name: [dataset.voxels(c)] for c in dataset.categories}
        if not category_known:
            everything = [voxels for (voxels,) in groups.values()]
            groups = dict.fromkeys(groups, everything)
            shared = _best_mean(everything)
            self._grids = dict.fromkeys(groups, shared)
        else:
            self._grids = {name: _best_mean(group) for name, group in groups.items()}

    def __call__(self, images: np.ndarray, category: str) -> PredictedVoxels:
        """The voxels of the category, whatever the pictures are.

        Args:
          images: [B, S, S, 4], not looked at.
          category: name of a category of the data set.
        Returns:
          `PredictedVoxels` of B equal shapes.
        """
        grid = self._grids[category]
        return PredictedVoxels(np.broadcast_to(grid, (len(images), *grid.shape)))


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
        """See `Predictions`; normalized ones need meshes."""
        if not normalize:
            return self.voxel_grids[item]
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


class VoxelMethod:
    """A trained voxel network as a method.

    Args:
      network: from pictures to probabilities.
      threshold: above which a voxel is occupied, see `best_threshold`.
    """

    def __init__(self, network: VoxelReconstruction, *, threshold: float):
        self._predict = tf.function(network, reduce_retracing=True)
        self._threshold = threshold

    def __call__(self, images: np.ndarray, category: str) -> PredictedVoxels:
        """Reconstructs; the category is not looked at.

        Args:
          images: [B, S, S, 4] float32 in [0, 1], colour over black and mask.
          category: ignored.
        Returns:
          `PredictedVoxels` of B shapes.
        """
        return PredictedVoxels(self._predict(tf.constant(images)).numpy() > self._threshold)


def best_threshold(
    network: VoxelReconstruction,
    dataset: ShapeNetRenderings,
    *,
    image_size: int,
    viewpoint: int = 0,
) -> float:
    """The threshold that gives the best mean IoU on a split.

    Args:
      network: from pictures to probabilities.
      dataset: a split that is not the one to be measured.
      image_size: side of the pictures.
      viewpoint: from which every object is seen.
    Returns:
      A number in (0, 1).
    """
    predict = tf.function(network, reduce_retracing=True)
    scores = []
    for category in dataset.categories:
        pictures = np.asarray(dataset.images(category)[:, viewpoint])
        truth = dataset.voxels(category)
        for start in range(0, len(pictures), _CHUNK):
            images = decode_images(
                pictures[start : start + _CHUNK],
                image_size,
                inverted_colors=dataset.inverted_colors,
            )
            probabilities = predict(images).numpy()
            scores += _ious(probabilities, truth[start : start + _CHUNK])
    return float(_THRESHOLDS[np.argmax(np.mean(scores, axis=0))])


def _ious(probabilities: np.ndarray, truth: np.ndarray) -> Iterable[np.ndarray]:
    """[thresholds] IoUs of each grid [n, n, n] of two batches."""
    for predicted, wanted in zip(probabilities, truth, strict=True):
        occupied = predicted.ravel() > _THRESHOLDS[:, np.newaxis]
        common = np.sum(occupied & wanted.ravel(), axis=1)
        yield common / np.maximum(np.sum(occupied | wanted.ravel(), axis=1), 1)


def _best_mean(groups: Sequence[np.ndarray]) -> np.ndarray:
    """[n, n, n] bool of groups of grids [N, n, n, n]; all groups count alike."""
    share = np.mean([np.mean(group, axis=0, dtype=np.float32) for group in groups], axis=0)
    scores = [np.mean(list(_ious([share] * len(group), group)), axis=0) for group in groups]
    return share > _THRESHOLDS[np.argmax(np.mean(scores, axis=0))]


def _flat(images: tf.Tensor) -> np.ndarray:
    """[B, H W] float32: the masks."""
    masks = np.asarray(images[..., 3])
    return masks.reshape(len(masks), -1)
