"""Meshes with pictures through files, kept as pictures."""

import numpy as np
import pytest

from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.geometry.primitives import cube
from tf_mesh_renderer.io import load_mesh, save_mesh
from tf_mesh_renderer.textures import FaceTexture, UvTexture

HALF_BYTE = 0.5 / 255


def pictured_cube(*, per_corner):
    """A cube with a random picture; coordinates with a seam at every edge, or one per vertex."""
    rng = np.random.default_rng(0)
    image = rng.random((5, 8, 3)).astype(np.float32)
    box = cube()
    faces = box.faces.numpy()
    if not per_corner:
        uv = rng.random((box.num_vertices, 2)).astype(np.float32)
        return Mesh(box.vertices, faces, UvTexture(image, uv))
    uv = rng.random((faces.size, 2)).astype(np.float32)
    corners = np.arange(faces.size, dtype=np.int32).reshape(faces.shape)
    return Mesh(box.vertices, faces, UvTexture(image, uv, corners))


def uv_of(mesh):
    texture = mesh.texture
    rows = mesh.faces if texture.uv_faces is None else texture.uv_faces
    return texture.uv.numpy()[np.asarray(rows)]


@pytest.mark.parametrize("per_corner", [True, False])
@pytest.mark.parametrize("extension", [".obj", ".glb", ".gltf"])
def test_round_trip_keeps_picture_and_coordinates(tmp_path, extension, per_corner):
    mesh = pictured_cube(per_corner=per_corner)
    path = tmp_path / f"box{extension}"
    save_mesh(path, mesh)
    restored = load_mesh(path, texture="picture")
    assert isinstance(restored.texture, UvTexture)
    np.testing.assert_array_equal(restored.faces, mesh.faces)
    np.testing.assert_array_equal(restored.vertices, mesh.vertices)
    np.testing.assert_allclose(uv_of(restored), uv_of(mesh), atol=1e-6)
    np.testing.assert_allclose(restored.texture.image, mesh.texture.image, atol=HALF_BYTE + 1e-6)
    assert isinstance(load_mesh(path).texture, FaceTexture)  # baked, as before


def test_ply_gets_the_colour_at_the_centre_of_each_face(tmp_path):
    mesh = pictured_cube(per_corner=True)
    image = np.full((4, 4, 3), [0.2, 0.4, 0.6], np.float32)
    plain = Mesh(
        mesh.vertices, mesh.faces, UvTexture(image, mesh.texture.uv, mesh.texture.uv_faces)
    )
    path = tmp_path / "box.ply"
    save_mesh(path, plain)
    cubes = load_mesh(path, texture_size=1).texture.cubes.numpy()
    np.testing.assert_allclose(cubes.reshape(-1, 3), [[0.2, 0.4, 0.6]] * 12, atol=HALF_BYTE)


def test_materials_that_one_picture_cannot_hold_are_refused(tmp_path):
    path = tmp_path / "box.obj"
    path.write_text("mtllib box.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nusemtl red\nf 1 2 3\n", "utf-8")
    (tmp_path / "box.mtl").write_text("newmtl red\nKd 1 0 0\n", "utf-8")
    with pytest.raises(ValueError, match=r"one material with a picture.*texture='cubes'"):
        load_mesh(path, texture="picture")
    assert isinstance(load_mesh(path).texture, FaceTexture)


def test_unknown_kinds_of_texture_are_refused(tmp_path):
    path = tmp_path / "box.obj"
    save_mesh(path, cube())
    with pytest.raises(ValueError, match="argument `texture`: expected one of"):
        load_mesh(path, texture="atlas")
