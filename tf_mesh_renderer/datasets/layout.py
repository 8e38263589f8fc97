"""Names, shapes and dtypes of the files of N3MR's data set."""

import dataclasses
import os
import pathlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from tf_mesh_renderer.arguments import argument_error, check_choice
from tf_mesh_renderer.datasets.categories import Category
from tf_mesh_renderer.datasets.views import IMAGE_SIZE, NUM_VIEWS

SPLITS = ("train", "val", "test")
NUM_CHANNELS = 4  # red, green, blue, coverage
VOXEL_RESOLUTION = 32


@dataclasses.dataclass(frozen=True)
class ArrayLayout:
    """What one kind of file holds: an array with one row for each object.

    Attributes:
      kind: the word at the end of the file's name.
      item_shape: shape of one row.
      dtype: of the elements.
    """

    kind: str
    item_shape: tuple[int, ...]
    dtype: type

    def check(self, where: str, array: Any, *, source: str) -> None:
        """Refuses an array that is something else.

        Args:
          where: calling function or class, for the error.
          array: anything with a shape and a dtype.
          source: name of the file or argument, for the error.
        Raises:
          ValueError: another shape or dtype, or no rows.
        """
        shape = tuple(array.shape)
        if shape[1:] == self.item_shape and shape[0] > 0 and array.dtype == self.dtype:
            return
        sizes = ", ".join(["N >= 1", *map(str, self.item_shape)])
        raise argument_error(
            where,
            self.kind,
            expected=f"{np.dtype(self.dtype).name} [{sizes}] in {source}",
            received=f"{array.dtype.name} {list(shape)}",
            hint="docs/datasets.md describes the files",
        )


IMAGES = ArrayLayout("images", (NUM_VIEWS, NUM_CHANNELS, IMAGE_SIZE, IMAGE_SIZE), np.uint8)
VOXELS = ArrayLayout("voxels", (VOXEL_RESOLUTION,) * 3, np.bool_)
MESHES_KIND = "meshes"  # an addition of this package


def file_path(
    directory: str | os.PathLike, category: Category, split: str, kind: str
) -> pathlib.Path:
    """Where the data of a category lie, such as `04379243_train_images.npz`.

    Args:
      directory: of the data set.
      category: one of the thirteen.
      split: "train", "val" or "test".
      kind: "images", "voxels" or "meshes".
    Returns:
      The path, whether or not there is a file.
    Raises:
      ValueError: there is no such split.
    """
    check_choice("file_path", "split", value=split, choices=SPLITS)
    return pathlib.Path(directory) / f"{category.synset}_{split}_{kind}.npz"


def check_counts(where: str, counts: Sequence[tuple[Any, int]]) -> None:
    """Refuses files or arguments of one category that hold different numbers of objects.

    Args:
      where: calling function or class, for the error.
      counts: pairs of a name and a number.
    Raises:
      ValueError: the numbers differ.
    """
    if len({count for _, count in counts}) > 1:
        raise argument_error(
            where,
            "directory",
            expected="as many objects of every kind",
            received=", ".join(f"{count} in {source}" for source, count in counts),
            hint="the files must come from the same data set",
        )


# The voxels come from Perspective Transformer Nets (Yan et al., NIPS 2016). Their axes are y, x and
# minus z of the meshes: the evaluation of N3MR turns the voxels of its predictions that way.
def to_stored_voxels(voxels: np.ndarray) -> np.ndarray:
    """Turns voxels to the axes of the files.

    Args:
      voxels: [..., n, n, n] with the axes x, y, z of the mesh, as `geometry.voxelize` returns.
    Returns:
      A view [..., n, n, n].
    """
    return np.swapaxes(voxels, -3, -2)[..., ::-1]


def from_stored_voxels(voxels: np.ndarray) -> np.ndarray:
    """The inverse of `to_stored_voxels`.

    Args:
      voxels: [..., n, n, n] as in the files.
    Returns:
      A view [..., n, n, n] with the axes x, y, z.
    """
    return np.swapaxes(voxels, -3, -2)[..., ::-1]
