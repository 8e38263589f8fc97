"""Many meshes of different sizes in few arrays."""

import dataclasses
import pathlib
from collections.abc import Iterable, Sequence

import numpy as np

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.datasets.npz_files import read_arrays, write_arrays
from tf_mesh_renderer.geometry import Mesh
from tf_mesh_renderer.textures import VertexColors

_BYTE_MAX = 255


@dataclasses.dataclass(frozen=True, eq=False)
class MeshArrays:
    """One mesh with a colour for each vertex.

    Attributes:
      vertices: [V, 3] float32.
      faces: [F, 3] int32 in [0, V), counter-clockwise seen from outside.
      colors: [V, 3] uint8, linear, 255 is 1.
    """

    vertices: np.ndarray
    faces: np.ndarray
    colors: np.ndarray

    def to_mesh(self) -> Mesh:
        """The mesh for the renderer.

        Returns:
          `geometry.Mesh` without batch axis; its texture is `VertexColors` in [0, 1].
        """
        colors = self.colors.astype(np.float32) / _BYTE_MAX
        return Mesh(self.vertices, self.faces, VertexColors(colors))


class PackedMeshes(Sequence[MeshArrays]):
    """A sequence of meshes, held as their concatenation.

    Args:
      vertices: [sum of V, 3] float32.
      faces: [sum of F, 3] int32; indices count from the first vertex of the same mesh.
      colors: [sum of V, 3] uint8.
      num_vertices: [N] int, V of each mesh.
      num_faces: [N] int, F of each mesh.
    Raises:
      ValueError: the counts do not add up to the lengths of the arrays.
    """

    def __init__(self, vertices, faces, colors, num_vertices, num_faces):
        self._columns = {"vertices": vertices, "faces": faces, "colors": colors}
        self._first_vertex = np.concatenate([[0], np.cumsum(num_vertices)])
        self._first_face = np.concatenate([[0], np.cumsum(num_faces)])
        found = [len(vertices), len(colors), len(faces), len(num_vertices)]
        last_vertex, last_face = int(self._first_vertex[-1]), int(self._first_face[-1])
        expected = [last_vertex, last_vertex, last_face, len(num_faces)]
        if found != expected:
            raise argument_error(
                "PackedMeshes",
                "num_vertices",
                expected=f"{expected} vertices, colors, faces and meshes",
                received=found,
                hint="the arrays must be written together",
            )

    def __len__(self) -> int:
        return len(self._first_vertex) - 1

    def __getitem__(self, index: int) -> MeshArrays:
        index = range(len(self))[index]  # negative ones count from the end; IndexError
        vertices = slice(*self._first_vertex[index : index + 2])
        faces = slice(*self._first_face[index : index + 2])
        return MeshArrays(
            self._columns["vertices"][vertices],
            self._columns["faces"][faces],
            self._columns["colors"][vertices],
        )

    @staticmethod
    def pack(meshes: Iterable[MeshArrays]) -> "PackedMeshes":
        """Puts meshes together.

        Args:
          meshes: at least one.
        Returns:
          The same meshes.
        Raises:
          ValueError: there is none.
        """
        meshes = list(meshes)
        return PackedMeshes(
            np.concatenate([mesh.vertices for mesh in meshes]).astype(np.float32),
            np.concatenate([mesh.faces for mesh in meshes]).astype(np.int32),
            np.concatenate([mesh.colors for mesh in meshes]).astype(np.uint8),
            np.array([len(mesh.vertices) for mesh in meshes], np.int32),
            np.array([len(mesh.faces) for mesh in meshes], np.int32),
        )

    def write(self, path: pathlib.Path) -> None:
        """Writes one compressed archive.

        Args:
          path: the file.
        Raises:
          OSError: it cannot be written.
        """
        counts = {
            "num_vertices": np.diff(self._first_vertex).astype(np.int32),
            "num_faces": np.diff(self._first_face).astype(np.int32),
        }
        write_arrays(path, **self._columns, **counts)

    @staticmethod
    def read(where: str, path: pathlib.Path) -> "PackedMeshes":
        """Reads what `write` wrote.

        Args:
          where: calling function or class, for the error.
          path: the file, which must exist.
        Returns:
          The meshes.
        Raises:
          ValueError: the file is damaged or holds something else.
        """
        arrays = read_arrays(where, path)
        try:
            return PackedMeshes(**arrays)
        except (TypeError, ValueError) as error:
            raise argument_error(
                where,
                "meshes",
                expected=f"vertices, faces, colors, num_vertices and num_faces in '{path}'",
                received=f"{sorted(arrays)} ({error})",
                hint="docs/datasets.md describes the files",
            ) from error
