"""Meshes through every format: exact geometry, colours to the precision of the format, errors."""

import warnings

import numpy as np
import pytest
import tensorflow as tf
import trimesh
from PIL import Image

from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.geometry.primitives import cube, icosphere
from tf_mesh_renderer.io import load_mesh, save_mesh
from tf_mesh_renderer.textures import FaceTexture, VertexColors

EXTENSIONS = (".obj", ".ply", ".off", ".stl", ".glb", ".gltf")
HALF_BYTE = 0.5 / 255


def crumpled_sphere():
    """Coordinates of very different size, all bits used."""
    sphere = icosphere(1)
    random = np.random.default_rng(0)
    stretch = 10.0 ** random.uniform(-12, 6, sphere.vertices.shape)
    return Mesh((sphere.vertices.numpy() * stretch).astype(np.float32), sphere.faces)


def painted(colors, side=4):
    """The cube with cubes of texels that show a linear blend of corner colours [12, 3, 3]."""
    index = np.stack(np.indices((side,) * 3), axis=-1)
    weights = index / np.maximum(index.sum(axis=-1, keepdims=True), 1)
    weights[0, 0, 0] = 1 / 3
    texels = np.einsum("ijkv,fvc->fijkc", weights, colors).astype(np.float32)
    box = cube()
    return Mesh(box.vertices, box.faces, FaceTexture(texels))


def random_colors(*shape):
    return np.random.default_rng(1).random(shape).astype(np.float32)


def triangles(mesh):
    return mesh.vertices.numpy()[mesh.faces.numpy()]


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_geometry_round_trip_is_exact(tmp_path, extension):
    mesh = crumpled_sphere()
    path = tmp_path / "new" / "folder" / f"mesh{extension}"
    save_mesh(path, mesh)
    again = load_mesh(path)
    assert again.texture is None
    np.testing.assert_array_equal(triangles(again), triangles(mesh))
    assert again.num_vertices == mesh.num_vertices
    if extension != ".stl":  # which has no list of vertices
        np.testing.assert_array_equal(again.vertices, mesh.vertices)
        np.testing.assert_array_equal(again.faces, mesh.faces)


@pytest.mark.parametrize("extension", [".obj", ".glb", ".gltf"])
def test_face_textures_round_trip(tmp_path, extension):
    colors = random_colors(12, 3, 3)
    mesh = painted(colors)
    save_mesh(tmp_path / f"mesh{extension}", mesh)
    again = load_mesh(tmp_path / f"mesh{extension}", texture_size=4)
    np.testing.assert_array_equal(again.vertices, mesh.vertices)  # seams are joined again
    np.testing.assert_array_equal(again.faces, mesh.faces)
    before, after = mesh.texture.cubes.numpy(), again.texture.cubes.numpy()
    on_plane = np.indices((4, 4, 4)).sum(axis=0) == 3
    np.testing.assert_allclose(after[:, on_plane], before[:, on_plane], atol=1.01 * HALF_BYTE)
    # Texels beside the plane are blended with their neighbours by what is shown, and saved.
    contrast = np.ptp(colors, axis=1).max()
    assert np.abs(after - before).max() < 0.15 * contrast


@pytest.mark.parametrize("extension", [".obj", ".glb"])
def test_other_programs_see_the_same_colours(tmp_path, extension):
    """trimesh, which reads by itself, finds the colour of every corner in the picture."""
    colors = random_colors(12, 3, 3)
    mesh = painted(colors)
    save_mesh(tmp_path / f"mesh{extension}", mesh)
    loaded = trimesh.load_mesh(tmp_path / f"mesh{extension}", process=False)
    seen = loaded.visual.to_color().vertex_colors[loaded.faces][..., :3] / 255
    np.testing.assert_allclose(seen, colors, atol=2 * HALF_BYTE)
    np.testing.assert_array_equal(loaded.vertices[loaded.faces], triangles(mesh))


@pytest.mark.parametrize("extension", [".obj", ".ply", ".glb", ".gltf"])
def test_vertex_colours_round_trip(tmp_path, extension):
    sphere = icosphere(1)
    colors = random_colors(sphere.num_vertices, 3)
    save_mesh(tmp_path / f"m{extension}", Mesh(sphere.vertices, sphere.faces, VertexColors(colors)))
    again = load_mesh(tmp_path / f"m{extension}")
    assert isinstance(again.texture, VertexColors)
    np.testing.assert_array_equal(again.vertices, sphere.vertices)
    tolerance = 0 if extension == ".obj" else 1.01 * HALF_BYTE
    np.testing.assert_allclose(again.texture.colors, colors, atol=tolerance)


def test_ply_keeps_one_colour_for_each_face(tmp_path):
    colors = np.repeat(random_colors(12, 1, 3), 3, axis=1)
    save_mesh(tmp_path / "mesh.ply", painted(colors))
    texels = load_mesh(tmp_path / "mesh.ply", texture_size=2).texture.cubes.numpy()
    assert texels.shape == (12, 2, 2, 2, 3)
    difference = texels - colors[:, 0][:, None, None, None]
    np.testing.assert_allclose(difference, 0, atol=1.01 * HALF_BYTE)


@pytest.mark.parametrize("extension", [".off", ".stl"])
def test_colours_that_a_format_cannot_hold_give_a_warning(tmp_path, extension):
    with pytest.warns(UserWarning, match=f"{extension} holds no colours"):
        save_mesh(tmp_path / f"mesh{extension}", painted(random_colors(12, 3, 3)))
    assert load_mesh(tmp_path / f"mesh{extension}").num_faces == 12


def test_float64_text_keeps_all_digits(tmp_path):
    box = cube()
    vertices = box.vertices.numpy().astype(np.float64) * np.pi
    save_mesh(tmp_path / "mesh.obj", Mesh(vertices, box.faces))
    rows = [line.split()[1:] for line in (tmp_path / "mesh.obj").open() if line.startswith("v ")]
    np.testing.assert_array_equal(np.array(rows, np.float64), vertices)


def test_batch_of_one_padding_and_other_channel_counts_are_saved(tmp_path):
    box = cube()
    padded = tf.concat([box.faces[:5], [[-1, -1, -1]], box.faces[5:]], axis=0)[tf.newaxis]
    texels = random_colors(1, 13, 2, 2, 2, 1)
    mesh = Mesh(box.vertices[tf.newaxis], padded, FaceTexture(texels))
    save_mesh(tmp_path / "mesh.obj", mesh)
    again = load_mesh(tmp_path / "mesh.obj", texture_size=2)
    np.testing.assert_array_equal(again.faces, box.faces)
    corner = np.delete(texels[0], 5, axis=0)[:, 1, 0, 0]
    expected = np.repeat(corner, 3, axis=-1)
    np.testing.assert_allclose(
        again.texture.cubes.numpy()[:, 1, 0, 0], expected, atol=1.01 * HALF_BYTE
    )


def test_tile_sets_the_size_of_the_picture(tmp_path):
    save_mesh(tmp_path / "mesh.obj", painted(random_colors(12, 3, 3)), tile=7)
    with Image.open(tmp_path / "mesh.png") as picture:
        assert picture.size == (4 * 7, 3 * 7)


def test_all_meshes_of_a_scene_are_joined_where_the_scene_puts_them(tmp_path):
    scene = trimesh.Scene()
    red = trimesh.visual.material.PBRMaterial(baseColorFactor=[255, 0, 0, 255])
    plain = trimesh.creation.box()
    colored = trimesh.creation.icosahedron()
    colored.visual = trimesh.visual.TextureVisuals(uv=np.zeros((12, 2)), material=red)
    scene.add_geometry(plain)
    move = trimesh.transformations.translation_matrix([5, 0, 0])
    scene.add_geometry(colored, transform=move @ np.diag([-1, 1, 1, 1]))  # a mirror image
    scene.export(tmp_path / "scene.glb")
    mesh = load_mesh(tmp_path / "scene.glb")
    assert mesh.num_vertices == 8 + 12
    assert mesh.num_faces == 12 + 20
    corners = triangles(mesh).astype(np.float64)
    moved = corners[:, :, 0].min(axis=1) > 2
    assert moved.sum() == 20
    local = corners[moved] - [5, 0, 0]
    assert np.einsum("fc,fc->", local[:, 0], np.cross(local[:, 1], local[:, 2])) > 0
    texels = mesh.texture.cubes.numpy()
    np.testing.assert_allclose(texels[moved] - [1, 0, 0], 0, atol=1e-6)
    np.testing.assert_allclose(texels[~moved] - 0.5, 0, atol=1e-6)


def test_polygons_of_ply_and_off_are_split(tmp_path):
    (tmp_path / "a.off").write_text("OFF\n4 1 0\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n4 0 1 2 3\n")
    header = "ply\nformat ascii 1.0\nelement vertex 4\nproperty float x\nproperty float y\n"
    header += "property float z\nelement face 1\nproperty list uchar int vertex_indices\n"
    (tmp_path / "a.ply").write_text(header + "end_header\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n4 0 1 2 3\n")
    for name in ("a.off", "a.ply"):
        mesh = load_mesh(tmp_path / name)
        sides = np.cross(*np.moveaxis(np.diff(triangles(mesh), axis=1), 1, 0))
        np.testing.assert_allclose(sides, [[0, 0, 1]] * 2)


def test_textures_are_left_unread_on_request(tmp_path):
    save_mesh(tmp_path / "mesh.glb", painted(random_colors(12, 3, 3)))
    mesh = load_mesh(tmp_path / "mesh.glb", load_texture=False)
    assert mesh.texture is None
    assert mesh.num_vertices == 8


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_missing_file_is_said(tmp_path, extension):
    with pytest.raises(FileNotFoundError, match="load_mesh: argument `path`: expected a file"):
        load_mesh(tmp_path / f"nothing{extension}")


def test_unknown_extension_is_said(tmp_path):
    (tmp_path / "mesh.xyz").write_text("")
    for call in (lambda path: load_mesh(path), lambda path: save_mesh(path, cube())):
        with pytest.raises(ValueError, match=r"ending in \.obj, \.ply, \.off, \.stl, \.glb, \.gl"):
            call(tmp_path / "mesh.xyz")


@pytest.mark.parametrize("extension", [".ply", ".off", ".glb", ".gltf"])
def test_damaged_file_is_said(tmp_path, extension):
    (tmp_path / f"mesh{extension}").write_text("this is no mesh")
    with pytest.raises(ValueError, match="load_mesh: argument `path`: expected a"):
        load_mesh(tmp_path / f"mesh{extension}")


def test_index_out_of_range_in_ply_is_said(tmp_path):
    save_mesh(tmp_path / "mesh.ply", cube())
    data = (tmp_path / "mesh.ply").read_bytes()
    (tmp_path / "mesh.ply").write_bytes(data[:-4] + (77).to_bytes(4, "little"))
    with pytest.raises(ValueError, match="received 77 in face 11"):
        load_mesh(tmp_path / "mesh.ply")


def test_point_cloud_is_refused(tmp_path):
    trimesh.PointCloud(np.eye(3)).export(tmp_path / "points.ply")
    with pytest.raises(ValueError, match="expected a mesh with faces"):
        load_mesh(tmp_path / "points.ply")


@pytest.mark.parametrize(
    ("mesh", "message"),
    [
        (
            Mesh(np.zeros((2, 8, 3), np.float32), cube().faces),
            "one mesh, vertices with 2 dimensions",
        ),
        (
            Mesh(cube().vertices, cube().faces, FaceTexture(np.zeros((12, 2, 2, 2, 5)))),
            "colours with 1, 3 or 4 channels",
        ),
    ],
)
def test_meshes_that_cannot_be_saved_are_refused(tmp_path, mesh, message):
    with pytest.raises(ValueError, match="save_mesh: argument `mesh`: expected " + message):
        save_mesh(tmp_path / "mesh.obj", mesh)


def test_texture_size_below_one_is_refused(tmp_path):
    save_mesh(tmp_path / "mesh.obj", cube())
    with pytest.raises(ValueError, match="load_mesh: argument `texture_size`"):
        load_mesh(tmp_path / "mesh.obj", texture_size=0)


def test_nothing_warns_on_the_usual_path(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for extension in (".obj", ".glb"):
            save_mesh(tmp_path / f"mesh{extension}", painted(random_colors(12, 3, 3)))
            load_mesh(tmp_path / f"mesh{extension}")
