"""Pictures of mesh files as textures, and textures as pictures for mesh files."""

import dataclasses
import pathlib

import numpy as np

from tf_mesh_renderer.io.files import path_error
from tf_mesh_renderer.io.mesh_data import MeshData
from tf_mesh_renderer.textures import UvTexture, cubes_to_atlas, sample_image


def picture_texture(path: pathlib.Path, data: MeshData) -> UvTexture:
    """The picture of a mesh file, kept as it is.

    Args:
      path: the file, for the error.
      data: what it holds.
    Returns:
      `UvTexture` with image [h, w, 3] float32 and one uv for each corner.
    Raises:
      ValueError: not every face has the same material with a picture, or some have no uv.
    """
    used = np.unique(data.material_id) if data.material_id is not None else np.array([-1])
    material = data.materials[used[0]] if len(used) == 1 and used[0] >= 0 else None
    if material is None or material.image is None or not np.isfinite(data.uv).all():
        raise path_error(
            "load_mesh",
            expected="one material with a picture, and texture coordinates, on all faces",
            received=f"{len(used)} materials in '{path}', or faces without picture or coordinates",
            hint="texture='cubes' takes any materials",
        )
    uv = data.uv * material.uv_scale + material.uv_offset
    corners = np.arange(data.faces.size, dtype=np.int32).reshape(-1, 3)
    image = np.asarray(material.image, np.float32)
    return UvTexture(image, uv.reshape(-1, 2).astype(np.float32), corners, wrap=material.wrap)


def uv_of_corners(texture: UvTexture, faces: np.ndarray) -> np.ndarray:
    """Texture coordinates of the corners of all faces.

    Args:
      texture: with coordinates of one mesh, not of a batch of several.
      faces: [F, 3] int.
    Returns:
      [F, 3, 2] float; any value where a row of faces is padding.
    """
    uv = np.asarray(texture.uv).reshape(-1, 2)
    rows = faces if texture.uv_faces is None else np.asarray(texture.uv_faces).reshape(-1, 3)
    return uv[np.maximum(rows, 0)]


def with_picture(
    data: MeshData, paint: np.ndarray, tile: int | None
) -> tuple[MeshData, np.ndarray]:
    """A mesh with texture coordinates, and the picture that they are for.

    Args:
      data: with `uv`, if `paint` is a picture.
      paint: picture [h, w, 3], or cubes [F, T, T, T, 3], which are laid out in an atlas.
      tile: as in `cubes_to_atlas`.
    Returns:
      The mesh and a picture [h, w, 3].
    """
    if data.uv is not None:
        return data, paint
    image, uv = cubes_to_atlas(paint, tile=tile)
    return dataclasses.replace(data, uv=uv), image


def mean_face_colors(data: MeshData, paint: np.ndarray) -> np.ndarray:
    """One colour for each face, for formats without pictures.

    Args:
      data: with `uv`, if `paint` is a picture.
      paint: picture [h, w, 3], read at the centre of every face, or cubes [F, T, T, T, 3], of
        which the texels on the plane of the face are averaged.
    Returns:
      [F, 3].
    """
    if data.uv is not None:
        return sample_image(paint, data.uv.mean(axis=1))
    side = paint.shape[1]
    on_plane = np.indices((side,) * 3).sum(axis=0) == side - 1
    return paint[:, on_plane].mean(axis=1)
