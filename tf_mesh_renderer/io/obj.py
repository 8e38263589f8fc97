"""Wavefront OBJ, read so that vertices stay as they are in the file.

trimesh's reader keeps one texture coordinate for each vertex: with `maintain_order` a seam gets the
coordinate of one of its sides, without it the seam splits the vertex. It also cannot say in which
line a wrong index stands. Here texture coordinates belong to corners of faces.
"""

import itertools
import pathlib
import warnings

import numpy as np

from tf_mesh_renderer.io.files import path_error, read_lines
from tf_mesh_renderer.io.images import BYTE_MAX
from tf_mesh_renderer.io.mesh_data import MeshData
from tf_mesh_renderer.io.mtl import read_mtl
from tf_mesh_renderer.textures import Material

# What fits the int32 of faces.
_LARGEST_INDEX = np.iinfo(np.int32).max


def read_obj(path: pathlib.Path, *, load_texture: bool) -> MeshData:
    """Reads vertices, faces, texture coordinates, vertex colours and materials.

    Polygons become a fan around their first corner, in the order of the file, as in N3MR. Negative
    indices count back from the last vertex read so far. Normals, groups, lines, points, curves and
    surfaces are passed over.

    Args:
      path: the file.
      load_texture: also read the material libraries and their pictures.
    Returns:
      `MeshData` with float64 vertices.
    Raises:
      ValueError: a number cannot be read, a face has fewer than three corners or an index is out of
        range; the message names the line.
    Source:
      Wavefront, "Object files (.obj)", Advanced Visualizer manual, appendix B1.
    """
    reader = _Reader(path)
    reader.read()
    return reader.mesh_data(load_texture)


class _Reader:
    """Collects the statements of one file."""

    def __init__(self, path):
        self._path = path
        self._line = 0
        self._vertices = []
        self._uv = []
        self._corners = []  # [vertex, uv or 0] of three corners for each triangle, counted from 1
        self._face_lines = []
        self._face_materials = []
        self._material_names = []
        self._material = -1
        self._libraries = []
        self._statements = {
            "v": lambda text: self._vertices.append(self._numbers(text, 3)),
            "vt": lambda text: self._uv.append(self._numbers(text, 1)),
            "f": self._add_face,
            "usemtl": self._use_material,
            "mtllib": self._libraries.append,
        }

    def read(self):
        """Goes through the file once."""
        lines = [*read_lines(self._path), ""]  # ends a joined line at the end of the file
        start, joined = 1, ""
        for number, line in enumerate(lines, start=1):
            is_comment = (joined + line).lstrip().startswith("#")  # it may end in a Windows path
            if line.endswith("\\") and not is_comment:
                joined += line[:-1] + " "
                continue
            self._line = start
            words = (joined + line).split(None, 1)
            statement = self._statements.get(words[0]) if words else None
            if statement:
                statement(words[1].strip() if len(words) > 1 else "")
            start, joined = number + 1, ""

    def mesh_data(self, load_texture):
        """Turns the lists into arrays and checks the indices, which may point forward."""
        corners = np.array(self._corners, np.int64).reshape(-1, 3, 2)
        self._check_range("vertex", corners[..., 0], 1, len(self._vertices))
        self._check_range("texture coordinate", corners[..., 1], 0, len(self._uv))
        vertices = np.array([vertex[:3] for vertex in self._vertices], np.float64).reshape(-1, 3)
        materials, material_id = self._materials() if load_texture else ((), None)
        return MeshData(
            vertices=vertices,
            faces=(corners[..., 0] - 1).astype(np.int32),
            uv=self._corner_uv(corners[..., 1]),
            materials=materials,
            material_id=material_id,
            vertex_colors=self._vertex_colors(),
        )

    def _numbers(self, text, at_least):
        words = text.split("#")[0].split()
        try:
            values = [float(word) for word in words]
        except ValueError:
            values = []
        if len(values) < at_least:
            raise self._error(f"{at_least} or more numbers", repr(text), self._line)
        return values

    def _add_face(self, text):
        corners = [self._corner(word) for word in text.split("#")[0].split()]
        if len(corners) < 3:
            raise self._error("three or more corners", repr(text), self._line)
        for second, third in itertools.pairwise(corners[1:]):
            self._corners.append((corners[0], second, third))
            self._face_lines.append(self._line)
            self._face_materials.append(self._material)

    def _corner(self, word):
        """`v`, `v/vt`, `v//vn` or `v/vt/vn` to (v, vt), absolute, vt = 0 for none."""
        parts = word.split("/")
        try:
            vertex = int(parts[0])
            uv = int(parts[1]) if len(parts) > 1 and parts[1] else None
        except ValueError:
            expected = "corners like 1, 1/2, 1//3 or 1/2/3"
            raise self._error(expected, repr(word), self._line) from None
        vertex = self._absolute(vertex, self._vertices, word)
        return vertex, 0 if uv is None else self._absolute(uv, self._uv, word)

    def _absolute(self, index, elements, word):
        absolute = index if index > 0 else len(elements) + 1 + index
        if index == 0 or not 1 <= absolute <= _LARGEST_INDEX:
            expected = f"indices from 1 to {_LARGEST_INDEX}, or from -{len(elements)} to -1"
            raise self._error(expected, repr(word), self._line)
        return absolute

    def _use_material(self, name):
        if name not in self._material_names:
            self._material_names.append(name)
        self._material = self._material_names.index(name)

    def _check_range(self, what, indices, lowest, count):
        bad = np.argwhere((indices > count) | (indices < lowest))
        if len(bad):
            face, corner = bad[0]
            expected = f"{what} indices up to {count}"
            raise self._error(expected, indices[face, corner], self._face_lines[face])

    def _corner_uv(self, indices):
        if not indices.any():
            return None
        # Row 0 stands for "no coordinate"; `vt u` alone means v = 0.
        table = np.array([[np.nan] * 2] + [[*uv, 0.0][:2] for uv in self._uv], np.float64)
        return table[indices]

    def _vertex_colors(self):
        if not self._vertices or min(map(len, self._vertices)) < 6:
            return None
        colors = np.array([vertex[3:6] for vertex in self._vertices], np.float64)
        return colors / BYTE_MAX if colors.max() > 1.0 else colors

    def _materials(self):
        library = {}
        for text in self._libraries:
            for path in self._library_paths(text):
                library.update(read_mtl(path))
        if len(library) == 1 and not self._material_names:
            # Some exporters write one material and forget to use it.
            return list(library.values()), np.zeros(len(self._corners), np.int64)
        missing = [name for name in self._material_names if name not in library]
        if missing and library:
            self._warn(f"no material named {', '.join(map(repr, missing))}; its faces become grey")
        if not any(name in library for name in self._material_names):
            return (), None
        materials = [library.get(name, Material()) for name in self._material_names]
        return materials, np.array(self._face_materials, np.int64)

    def _library_paths(self, text):
        """Files of one `mtllib` line: a name with spaces, or several names."""
        whole = self._path.parent / text.replace("\\", "/")
        paths = [whole] if whole.is_file() else [self._path.parent / name for name in text.split()]
        found = [path for path in paths if path.is_file()]
        if len(found) < len(paths):
            self._warn(f"material library {text!r} is missing; its colours are lost")
        return found

    def _warn(self, message):
        warnings.warn(f"load_mesh: '{self._path}': {message}.", stacklevel=2)

    def _error(self, expected, received, line):
        return path_error(
            "load_mesh",
            expected=expected,
            received=f"{received} in line {line} of '{self._path}'",
            hint="repair that line or export the mesh again",
        )
