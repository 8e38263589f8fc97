"""Flags that all examples share, and the mesh and the folder they stand for."""

import pathlib
import sys

from absl import flags

import tf_mesh_renderer as mr

MESH = flags.DEFINE_string(
    "mesh", None, "OBJ, PLY, OFF, STL, GLB or glTF file; without it the Utah teapot is taken."
)
OUTPUT = flags.DEFINE_string(
    "output", None, "Folder for results; default: output/ and the name of the example."
)
IMAGE_SIZE = flags.DEFINE_integer("image_size", 256, "Side of the images in pixels.", lower_bound=8)


def load_mesh(*, texture_size: int = 4) -> mr.Mesh:
    """The mesh the user asked for, centred, with its longest side from -1 to 1."""
    if MESH.value is None:
        return mr.geometry.utah_teapot()
    return mr.load_mesh(MESH.value, texture_size=texture_size, normalize=True)


def image_size() -> tuple[int, int]:
    """(height, width)."""
    return IMAGE_SIZE.value, IMAGE_SIZE.value


def output_folder() -> pathlib.Path:
    """Where the example that runs writes its files."""
    return pathlib.Path(OUTPUT.value or f"output/{pathlib.Path(sys.argv[0]).stem}")
