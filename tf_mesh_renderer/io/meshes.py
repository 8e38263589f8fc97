"""Meshes from and to files: `load_mesh` and `save_mesh`."""

import os
import pathlib
import warnings

import numpy as np

from tf_mesh_renderer.arguments import argument_error, check_choice
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.geometry.transforms import normalize_to_unit_box
from tf_mesh_renderer.io.exchange import read_exchange, split_at_seams, write_exchange
from tf_mesh_renderer.io.files import existing_file, file_to_write, path_error
from tf_mesh_renderer.io.images import to_bytes
from tf_mesh_renderer.io.mesh_data import MeshData
from tf_mesh_renderer.io.obj import read_obj
from tf_mesh_renderer.io.pictures import (
    mean_face_colors,
    picture_texture,
    uv_of_corners,
    with_picture,
)
from tf_mesh_renderer.io.text import write_obj, write_off
from tf_mesh_renderer.textures import FaceTexture, UvTexture, VertexColors, bake_materials

_EXCHANGE = (".ply", ".off", ".stl", ".glb", ".gltf")
_TEXTURES = ("cubes", "picture")
_READERS = {".obj": read_obj} | dict.fromkeys(_EXCHANGE, read_exchange)


def load_mesh(
    path: str | os.PathLike,
    *,
    texture: str = "cubes",
    texture_size: int = 4,
    normalize: bool = False,
    load_texture: bool = True,
) -> Mesh:
    """Reads a triangle mesh from OBJ, PLY, OFF, STL, GLB or glTF.

    Vertices and faces keep the order of the file; polygons become fans around their first corner.
    Texture seams do not split vertices, and vertices that STL and glTF have to repeat are joined,
    so that the surface stays closed when its vertices move. All meshes of a file become one.

    Args:
      path: the file; its extension says the format.
      texture: what becomes of the picture of a material: "cubes" bakes it into texels of the faces,
        as N3MR does, whatever the materials; "picture" keeps it, as `UvTexture`, and needs one
        material with a picture on all faces.
      texture_size: T, texels along each axis of the cubes made from materials and face colours.
        Memory is 12 T^3 bytes for each face.
      normalize: centre the bounding box at 0 and scale its longest side to [-1, 1], as N3MR does.
      load_texture: False leaves colours and pictures unread.
    Returns:
      `Mesh` with vertices [V, 3] float32, faces [F, 3] int32 and as texture: `UvTexture` for a
      picture that is kept; else `FaceTexture` with cubes [F, T, T, T, 3] for materials (Kd, map_Kd,
      base colour) or face colours, grey 0.5 in faces without; `VertexColors` with colors [V, 3]; or
      None if the file has no colour. Colours are the file's own values in [0, 1]; OBJ pictures take
      the place of Kd, those of glTF are multiplied by the base colour. A picture that is missing
      gives a warning and leaves the plain colour.
    Raises:
      FileNotFoundError: no such file.
      ValueError: unknown extension, unreadable content, materials that one picture cannot hold, no
        faces, coordinates that are not finite,
        or an index out of range (for OBJ with the number of the line).
    """
    path = existing_file("load_mesh", path)
    _check_extension("load_mesh", path)
    check_choice("load_mesh", "texture", value=texture, choices=_TEXTURES)
    _check_texture_size(texture_size)
    data = _READERS[path.suffix.lower()](path, load_texture=load_texture)
    _check_data(path, data)
    vertices = np.asarray(data.vertices, np.float32)
    if normalize:
        vertices = normalize_to_unit_box(vertices)
    painted = None
    if load_texture:
        keeps_picture = texture == "picture"
        painted = picture_texture(path, data) if keeps_picture else _texture(data, texture_size)
    return Mesh(vertices, np.asarray(data.faces, np.int32), painted)


def save_mesh(path: str | os.PathLike, mesh: Mesh, *, tile: int | None = None) -> None:
    """Writes a mesh as OBJ, PLY, OFF, STL, GLB or glTF; the extension says which.

    A `UvTexture` or `FaceTexture` becomes a picture with texture coordinates in OBJ (with an MTL
    and a PNG file of the same name), GLB and glTF, and one colour for each face in PLY.
    `VertexColors` are kept by OBJ, PLY, GLB and glTF. Colours have 8 bits but for vertex colours in
    OBJ. What a format cannot hold is left out with a warning. Positions are exact: text has all
    digits, binary is float32.

    Args:
      path: the file; folders above it are made.
      mesh: one mesh: vertices [V, 3] or [1, V, 3]; colours with 1, 3 or 4 channels in [0, 1] (alpha
        is left out). Padding faces are left out.
      tile: pixels along each side of the square that shows a face of a `FaceTexture`; None: 16 or a
        little more, see `textures.cubes_to_atlas`.
    Raises:
      ValueError: unknown extension, a batch of several meshes, or colours of another shape.
    """
    _check_extension("save_mesh", pathlib.Path(path))
    data, paint = _mesh_data(mesh)
    path = file_to_write(path)
    extension = path.suffix.lower()
    if extension in (".off", ".stl") and not (paint is None and data.vertex_colors is None):
        warnings.warn(f"save_mesh: {extension} holds no colours; they are left out.", stacklevel=2)
        data, paint = MeshData(data.vertices, data.faces), None
    if extension == ".off":
        write_off(path, data)
    elif paint is None:
        write_obj(path, data) if extension == ".obj" else write_exchange(path, data)
    elif extension == ".obj":
        data, image = with_picture(data, paint, tile)
        write_obj(path, data, image=image)
    elif extension in (".glb", ".gltf"):
        _save_gltf(path, *with_picture(data, paint, tile))
    else:
        colors = mean_face_colors(data, paint)
        write_exchange(path, MeshData(data.vertices, data.faces, face_colors=colors))


def _texture(data, texture_size):
    if data.material_id is not None:
        no_uv = np.full((len(data.faces), 3, 2), np.nan)
        uv = no_uv if data.uv is None else data.uv
        return FaceTexture(bake_materials(data.materials, data.material_id, uv, side=texture_size))
    if data.face_colors is not None:
        shape = (len(data.faces), texture_size, texture_size, texture_size, 3)
        colors = data.face_colors.astype(np.float32)[:, None, None, None]
        return FaceTexture(np.broadcast_to(colors, shape).copy())
    if data.vertex_colors is not None:
        return VertexColors(data.vertex_colors.astype(np.float32))
    return None


def _mesh_data(mesh):
    """The mesh as arrays, and its paint: a picture [h, w, 3] where `uv` is set, cubes, or None."""
    vertices = _single(mesh.vertices, 2, "vertices")
    faces = _single(mesh.faces, 2, "faces")
    drawn = (faces >= 0).all(axis=-1)
    paint = colors = uv = None
    if isinstance(mesh.texture, UvTexture):
        paint = _rgb(_single(mesh.texture.image, 3, "texture"))
        uv = uv_of_corners(mesh.texture, faces)[drawn]
    elif isinstance(mesh.texture, FaceTexture):
        paint = _rgb(_single(mesh.texture.cubes, 5, "texture"))[drawn]
    elif isinstance(mesh.texture, VertexColors):
        colors = _rgb(_single(mesh.texture.colors, 2, "texture"))
    paint = paint if drawn.any() else None
    return MeshData(vertices, faces[drawn], uv, vertex_colors=colors), paint


def _single(value, rank, name):
    """The only item of a batch, or the value itself if it has no batch dimension."""
    array = np.asarray(value)
    if array.ndim == rank + 1 and len(array) == 1:
        array = array[0]
    if array.ndim != rank:
        raise argument_error(
            "save_mesh",
            "mesh",
            expected=f"one mesh, {name} with {rank} dimensions",
            received=f"shape {array.shape}",
            hint="save the items of a batch one by one",
        )
    return array


def _rgb(colors):
    if colors.shape[-1] not in (1, 3, 4):
        raise argument_error(
            "save_mesh",
            "mesh",
            expected="colours with 1, 3 or 4 channels",
            received=f"shape {colors.shape}",
            hint="select the channels to save",
        )
    return np.broadcast_to(colors[..., :3], (*colors.shape[:-1], 3))


def _save_gltf(path, data, image):
    vertices, faces, uv = split_at_seams(data.vertices, data.faces, data.uv)
    write_exchange(path, MeshData(vertices, faces, uv), image=to_bytes(image))


def _check_extension(where, path):
    if path.suffix.lower() not in _READERS:
        raise path_error(
            where,
            expected="a file name ending in " + ", ".join(_READERS),
            received=f"'{path}'",
            hint="convert the mesh or rename the file",
        )


def _check_texture_size(texture_size):
    if texture_size < 1:
        raise argument_error(
            "load_mesh",
            "texture_size",
            expected="an integer >= 1",
            received=texture_size,
            hint="N3MR uses 4; load_texture=False leaves colours unread",
        )


def _check_data(path, data):
    faces, count = np.asarray(data.faces), len(data.vertices)
    if not len(faces):
        raise path_error(
            "load_mesh",
            expected="a mesh with faces",
            received=f"'{path}' with {count} vertices and no faces",
            hint="point clouds and curves cannot be rendered",
        )
    broken = np.flatnonzero(~np.isfinite(data.vertices).all(axis=-1))
    if len(broken):
        raise path_error(
            "load_mesh",
            expected="finite coordinates",
            received=f"{data.vertices[broken[0]]} in vertex {broken[0]} of '{path}'",
            hint="the file is damaged; export it again",
        )
    bad = np.argwhere((faces < 0) | (faces >= count))
    if len(bad):
        face, corner = bad[0]
        raise path_error(
            "load_mesh",
            expected=f"vertex indices from 0 to {count - 1}",
            received=f"{faces[face, corner]} in face {face} of '{path}'",
            hint="the file is damaged; export it again",
        )
