"""What worker processes do: make a few objects and keep them, and put kept ones together."""

import dataclasses
import pathlib
import shutil

import numpy as np

from tf_mesh_renderer.datasets.categories import Category
from tf_mesh_renderer.datasets.layout import IMAGES, file_path
from tf_mesh_renderer.datasets.npz_files import read_arrays, write_arrays
from tf_mesh_renderer.datasets.packed_meshes import MeshArrays, PackedMeshes
from tf_mesh_renderer.datasets.shapenet import write_split
from tf_mesh_renderer.datasets.synthetic.objects import make_object

CHUNK_SIZE = 20
CHUNKS_FOLDER = ".chunks"


@dataclasses.dataclass(frozen=True)
class Section:
    """The objects of one category and split.

    Attributes:
      directory: of the data set.
      category: one of the thirteen.
      split: "train", "val" or "test".
      size: number of objects, > 0.
      seed: of the data set.
      shading: of the data set.
    """

    directory: pathlib.Path
    category: Category
    split: str
    size: int
    seed: int
    shading: str

    @property
    def is_finished(self) -> bool:
        """Whether its files are there; the images are the last one."""
        return file_path(self.directory, self.category, self.split, IMAGES.kind).is_file()

    @property
    def chunks(self) -> list["Chunk"]:
        """All its objects, a few at a time."""
        starts = range(0, self.size, CHUNK_SIZE)
        return [Chunk(self, range(i, min(i + CHUNK_SIZE, self.size))) for i in starts]

    @property
    def folder(self) -> pathlib.Path:
        """Where chunks are kept until all are there."""
        return self.directory / CHUNKS_FOLDER / f"{self.category.synset}_{self.split}"


@dataclasses.dataclass(frozen=True)
class Chunk:
    """Some objects of a section.

    Attributes:
      section: which they belong to.
      indices: their numbers in it.
    """

    section: Section
    indices: range

    @property
    def images_path(self) -> pathlib.Path:
        """Its pictures and voxels; written last."""
        return self.section.folder / f"{self.indices.start:06d}.npz"

    @property
    def meshes_path(self) -> pathlib.Path:
        """Its meshes."""
        return self.section.folder / f"{self.indices.start:06d}_meshes.npz"

    @property
    def is_finished(self) -> bool:
        """Whether an earlier run has made it."""
        return self.images_path.is_file()


def make_chunk(chunk: Chunk) -> int:
    """Makes the objects of a chunk and keeps them in files.

    Args:
      chunk: what to make.
    Returns:
      The number of objects.
    Raises:
      OSError: a file cannot be written.
    """
    section = chunk.section
    made = [
        make_object(
            section.category, section.split, index, seed=section.seed, shading=section.shading
        )
        for index in chunk.indices
    ]
    PackedMeshes.pack([one.mesh for one in made]).write(chunk.meshes_path)
    images, voxels = np.stack([one.images for one in made]), np.stack([one.voxels for one in made])
    write_arrays(chunk.images_path, images=images, voxels=voxels)
    return len(chunk.indices)


def join_chunks(section: Section) -> int:
    """Writes the files of a section of its chunks, which it removes.

    Args:
      section: all of its chunks are finished.
    Returns:
      1, the number of sections.
    Raises:
      OSError: a file cannot be read or written.
    """
    arrays = [read_arrays("join_chunks", chunk.images_path) for chunk in section.chunks]
    meshes: list[MeshArrays] = []
    for chunk in section.chunks:
        meshes += PackedMeshes.read("join_chunks", chunk.meshes_path)
    write_split(
        section.directory,
        section.split,
        section.category,
        images=np.concatenate([chunk["images"] for chunk in arrays]),
        voxels=np.concatenate([chunk["voxels"] for chunk in arrays]),
        meshes=meshes,
    )
    shutil.rmtree(section.folder)
    return 1
