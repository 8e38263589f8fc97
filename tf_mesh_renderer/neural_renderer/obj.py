"""OBJ files, with the arguments and results of the Chainer package."""

import numpy as np

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.io import load_mesh, save_mesh
from tf_mesh_renderer.textures.face import FaceTexture


def load_obj(filename_obj, normalization=True, texture_size=4, load_texture=False):
    """Reads vertices and faces, and on request textures, of an OBJ file.

    Args:
      filename_obj: path of the file.
      normalization: centre the bounding box at 0 and scale its longest side to [-1, 1].
      texture_size: texels T along each axis of a face's cube.
      load_texture: whether to read the materials of the file.
    Returns:
      Vertices [V, 3] float32 and faces [F, 3] int32 as NumPy arrays; with `load_texture` also
      textures [F, T, T, T, 3] float32.
    Raises:
      FileNotFoundError: no such file.
      ValueError: the file holds no mesh, or no materials although they are asked for.
    """
    mesh = load_mesh(
        filename_obj,
        texture_size=texture_size,
        normalize=normalization,
        load_texture=load_texture,
    )
    vertices, faces = np.asarray(mesh.vertices), np.asarray(mesh.faces)
    if not load_texture:
        return vertices, faces
    if not isinstance(mesh.texture, FaceTexture):
        raise argument_error(
            "load_obj",
            "filename_obj",
            expected="a file with materials",
            received=f"'{filename_obj}' without",
            hint="pass load_texture=False",
        )
    return vertices, faces, np.asarray(mesh.texture.cubes)


def save_obj(filename, vertices, faces, textures=None) -> None:
    """Writes an OBJ file; with textures also an MTL and a PNG file of the same name.

    Args:
      filename: path of the file, ending in ".obj".
      vertices: [V, 3] float.
      faces: [F, 3] int.
      textures: [F, T, T, T, 3] float in [0, 1], or None.
    Raises:
      ValueError: an argument has a batch dimension.
    """
    texture = None if textures is None else FaceTexture(textures)
    save_mesh(filename, Mesh(vertices, faces, texture))
