"""N3MR's renderings of ShapeNet: the files of one split, checked and memory-mapped."""

import os
import pathlib
from collections.abc import Iterable, Sequence

import numpy as np
from absl import logging

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.datasets import layout
from tf_mesh_renderer.datasets.categories import CATEGORIES, Category, find_category
from tf_mesh_renderer.datasets.npz_files import (
    ONLY_ARRAY,
    checksum,
    map_array,
    write_arrays,
)
from tf_mesh_renderer.datasets.packed_meshes import MeshArrays, PackedMeshes

_WHERE = "ShapeNetRenderings"
_ORIGIN = (
    "'python -m tf_mesh_renderer.datasets.synthetic' makes a stand-in, docs/datasets.md says where "
    "the original is"
)
_NO_MESHES = "N3MR's own files have none; those of `datasets.synthetic` and of `write_split` may"


class ShapeNetRenderings:
    """One split of a data set in N3MR's layout; nothing is read before it is asked for.

    Args:
      directory: with files such as `04379243_train_images.npz`.
      split: "train", "val" or "test".
      categories: synsets, names or `Category`s; None for all of which there are files.
      cache_directory: where arrays are unpacked, which takes 0.4 MB for each object; None for
        `.unpacked` in `directory`. Several data sets may share one.
      inverted_colors: whether the files hold 1 - colour, as N3MR's do; then batches hold what
        the surface looks like. Ours, and masks, are as they are drawn.
    Raises:
      FileNotFoundError: files are missing.
      ValueError: a category or split is unknown, or a file is not what its name says.
    """

    def __init__(
        self,
        directory: str | os.PathLike,
        split: str,
        categories: Iterable[str | Category] | None = None,
        *,
        cache_directory: str | os.PathLike | None = None,
        inverted_colors: bool = False,
    ):
        self.directory = pathlib.Path(directory)
        self.split = split
        self.inverted_colors = inverted_colors
        self.categories = self._categories(categories)
        self._cache = None if cache_directory is None else pathlib.Path(cache_directory)
        self._images = {c: self._map(c, layout.IMAGES) for c in self.categories}
        self._voxels = {c: self._map(c, layout.VOXELS) for c in self.categories}
        for category in self.categories:
            arrays = ((layout.IMAGES, self._images), (layout.VOXELS, self._voxels))
            counts = [(self._path(category, a.kind), len(of[category])) for a, of in arrays]
            layout.check_counts(_WHERE, counts)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of objects in each of `categories`."""
        return tuple(len(images) for images in self._images.values())

    @property
    def checksums(self) -> tuple[str, ...]:
        """CRC-32 of the pictures of each of `categories`: other pictures have others."""
        return tuple(checksum(images) for images in self._images.values())

    def images(self, category: str | Category) -> np.ndarray:
        """The pictures of a category as stored.

        Args:
          category: one of `categories`.
        Returns:
          [N, 24, 4, 64, 64] uint8, memory-mapped: red, green, blue, mask; row 0 is the top.
        Raises:
          ValueError: it is not one of them.
        """
        return self._images[self._find(category)]

    def voxels(self, category: str | Category) -> np.ndarray:
        """The true shapes of a category as voxels.

        Args:
          category: one of `categories`.
        Returns:
          [N, 32, 32, 32] bool, memory-mapped, with the axes x, y, z of the mesh: a view of the
          stored array that can be compared with `geometry.voxelize`.
        Raises:
          ValueError: it is not one of them.
        """
        return layout.from_stored_voxels(self._voxels[self._find(category)])

    def meshes(self, category: str | Category) -> Sequence[MeshArrays]:
        """The true shapes of a category as meshes; N3MR's own files have none.

        Args:
          category: one of `categories`.
        Returns:
          N meshes, read into memory.
        Raises:
          FileNotFoundError: there is no file of meshes.
          ValueError: the category is not one of them, or the file is damaged.
        """
        category = self._find(category)
        path = self._existing(category, layout.MESHES_KIND, hint=_NO_MESHES)
        meshes = PackedMeshes.read(_WHERE, path)
        images = self._path(category, layout.IMAGES.kind)
        counts = [(images, len(self._images[category])), (path, len(meshes))]
        layout.check_counts(_WHERE, counts)
        return meshes

    def check_meshes(self) -> None:
        """Says before long work whether there are meshes; what they hold is not looked at.

        Raises:
          FileNotFoundError: a category has no file of meshes.
        """
        for category in self.categories:
            self._existing(category, layout.MESHES_KIND, hint=_NO_MESHES)

    def _categories(self, wanted) -> tuple[Category, ...]:
        if wanted is not None:
            found = tuple(dict.fromkeys(find_category(key) for key in wanted))
        else:
            found = tuple(c for c in CATEGORIES if self._has_some_of(c))
            missing = [c.name for c in CATEGORIES if c not in found]
            if found and missing:
                logging.warning("%s has no %s data of %s", self.directory, self.split, missing)
        if not found:
            raise argument_error(
                _WHERE,
                "directory",
                expected=f"files such as '{self._path(CATEGORIES[0], layout.IMAGES.kind)}'",
                received="none" if wanted is None else "no categories",
                hint=_ORIGIN,
                error=FileNotFoundError if wanted is None else ValueError,
            )
        return found

    def _has_some_of(self, category: Category) -> bool:
        """Files of pictures or of voxels; where only one of them is, the other is missed later."""
        kinds = (layout.IMAGES.kind, layout.VOXELS.kind)
        return any(self._path(category, kind).is_file() for kind in kinds)

    def _find(self, key) -> Category:
        category = find_category(key)
        if category not in self._images:
            raise argument_error(
                _WHERE,
                "category",
                expected="one of " + ", ".join(c.name for c in self.categories),
                received=category.name,
                hint="name it in `categories`",
            )
        return category

    def _path(self, category: Category, kind: str) -> pathlib.Path:
        return layout.file_path(self.directory, category, self.split, kind)

    def _existing(self, category: Category, kind: str, hint: str = _ORIGIN) -> pathlib.Path:
        path = self._path(category, kind)
        if not path.is_file():
            raise argument_error(
                _WHERE,
                "directory",
                expected=f"the file '{path}'",
                received="no such file",
                hint=hint,
                error=FileNotFoundError,
            )
        return path

    def _map(self, category: Category, array_layout: layout.ArrayLayout) -> np.ndarray:
        path = self._existing(category, array_layout.kind)
        array = map_array(_WHERE, path, self._cache)
        array_layout.check(_WHERE, array, source=f"'{path}'")
        return array


def write_split(
    directory: str | os.PathLike,
    split: str,
    category: str | Category,
    *,
    images: np.ndarray,
    voxels: np.ndarray,
    meshes: Sequence[MeshArrays] | None = None,
) -> None:
    """Writes the files of one category and split, each as a whole; the images come last.

    Args:
      directory: of the data set; made if it is not there.
      split: "train", "val" or "test".
      category: synset, name or `Category`.
      images: [N, 24, 4, 64, 64] uint8: colour over black, and coverage; row 0 is the top.
      voxels: [N, 32, 32, 32] bool with the axes x, y, z, as `geometry.voxelize` returns; they
        are turned to the axes of the files.
      meshes: N meshes, or None to write no file of meshes.
    Raises:
      ValueError: a shape or dtype is wrong, or numbers of objects differ.
      OSError: a file cannot be written.
    """
    category = find_category(category)
    counted = {"images": images, "voxels": voxels, "meshes": images if meshes is None else meshes}
    layout.IMAGES.check("write_split", images, source="`images`")
    layout.VOXELS.check("write_split", voxels, source="`voxels`")
    layout.check_counts("write_split", [(name, len(rows)) for name, rows in counted.items()])
    if meshes is not None:
        path = layout.file_path(directory, category, split, layout.MESHES_KIND)
        PackedMeshes.pack(meshes).write(path)
    stored = {layout.VOXELS: layout.to_stored_voxels(voxels), layout.IMAGES: images}
    for array_layout, array in stored.items():
        path = layout.file_path(directory, category, split, array_layout.kind)
        write_arrays(path, **{ONLY_ARRAY: array})
