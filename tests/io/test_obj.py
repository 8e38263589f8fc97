"""OBJ and MTL: every form of a face, order, seams, materials, colours, and errors with lines."""

import re
import warnings

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest

from tf_mesh_renderer.io import load_mesh, write_image
from tf_mesh_renderer.textures import DEFAULT_COLOR, FaceTexture, VertexColors

SQUARE = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\n"
SQUARE_UV = "vt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\n"
# Left lower, right lower, right upper and left upper quarter of the picture.
QUARTERS = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]], np.float32)


def write(folder, text, mtl=None, name="mesh.obj"):
    (folder / name).write_text(text)
    if mtl is not None:
        (folder / "mesh.mtl").write_text(mtl)
    return folder / name


def write_quarters(path, size=64):
    low, right, up, left = QUARTERS
    image = np.array([[left, up], [low, right]])
    write_image(path, image.repeat(size // 2, axis=0).repeat(size // 2, axis=1))


def faces(folder, text):
    return load_mesh(write(folder, text)).faces.numpy().tolist()


def cubes(folder, text, mtl, side=3):
    mesh = load_mesh(write(folder, "mtllib mesh.mtl\n" + text, mtl), texture_size=side)
    assert isinstance(mesh.texture, FaceTexture)
    return mesh.texture.cubes.numpy()


def corner_colors(texels):
    """Colours at the three corners of every face, [F, 3, C]."""
    last = texels.shape[1] - 1
    return np.stack([texels[:, last, 0, 0], texels[:, 0, last, 0], texels[:, 0, 0, last]], axis=1)


def test_vertices_and_faces_keep_their_order(tmp_path):
    text = "v 0 0 0\nv 1 0 0\nf 3 1 2\nv 0 1 0\nv 9 9 9\nf 1 3 2\n"  # also forward and unused
    mesh = load_mesh(write(tmp_path, text))
    np.testing.assert_array_equal(mesh.vertices, [[0, 0, 0], [1, 0, 0], [0, 1, 0], [9, 9, 9]])
    np.testing.assert_array_equal(mesh.faces, [[2, 0, 1], [0, 2, 1]])
    assert mesh.vertices.dtype == "float32"
    assert mesh.faces.dtype == "int32"
    assert mesh.texture is None


@pytest.mark.parametrize("corner", ["{0}", "{0}/1", "{0}//1", "{0}/1/1", "{0}/1/", "{0}/"])
def test_all_forms_of_a_corner_are_read(tmp_path, corner):
    face = "f " + " ".join(corner.format(index) for index in (1, 2, 3))
    assert faces(tmp_path, SQUARE + SQUARE_UV + "vn 0 0 1\n" + face) == [[0, 1, 2]]


def test_negative_indices_count_from_the_current_end(tmp_path):
    text = SQUARE + "f -4 -3 -2\nv 5 5 5\nf -1 -2 -3\n"
    assert faces(tmp_path, text) == [[0, 1, 2], [4, 3, 2]]


def test_polygons_become_fans_around_their_first_corner_in_place(tmp_path):
    text = SQUARE + "v 0 0 1\nf 1 2 3\nf 2 3 4 5 1\nf 1 2 3 4\n"
    expected = [[0, 1, 2], [1, 2, 3], [1, 3, 4], [1, 4, 0], [0, 1, 2], [0, 2, 3]]
    assert faces(tmp_path, text) == expected


def test_comments_joined_lines_and_other_statements_are_passed_over(tmp_path):
    text = (
        "# f 9 9 9\no name\ng a b\ns off\n" + SQUARE + "l 1 2\nf 1 \\\n2 \\\n3 # f\n\tf\t2 3 4\r\n"
    )
    assert faces(tmp_path, text) == [[0, 1, 2], [1, 2, 3]]


def test_comments_are_not_joined_and_the_last_line_is(tmp_path):
    text = "# from C:\\models\\\n" + SQUARE + "f 1 2 3\nf 2 3 \\\n4 \\"
    assert faces(tmp_path, text) == [[0, 1, 2], [1, 2, 3]]


def test_byte_order_marks_and_tabs_are_taken(tmp_path):
    text = "\ufeffusemtl\tred\n" + SQUARE + "f 1 2 3\n"
    (tmp_path / "mesh.mtl").write_text("\ufeffnewmtl\tred\n\tKd\t1 0 0\n")
    path = write(tmp_path, text.replace("usemtl", "mtllib mesh.mtl\nusemtl"))
    mesh = load_mesh(path, texture_size=1)
    np.testing.assert_array_equal(np.ravel(mesh.texture.cubes), [1, 0, 0])


def test_normalize_fits_the_unit_box(tmp_path):
    text = "v 1 0 0\nv 0 1 0\nv 0 0 1\nv 0 0 0\nf 2 4 3\nf 4 2 1\nf 3 1 2\nf 1 3 4\n"
    mesh = load_mesh(write(tmp_path, text), normalize=True)
    expected = [[1, -1, -1], [-1, 1, -1], [-1, -1, 1], [-1, -1, -1]]
    np.testing.assert_array_equal(mesh.vertices, expected)
    np.testing.assert_array_equal(mesh.faces, [[1, 3, 2], [3, 1, 0], [2, 0, 1], [0, 2, 3]])


def test_picture_lies_on_the_faces_the_right_way_round(tmp_path):
    write_quarters(tmp_path / "quarters.png")
    uv = "vt .25 .25\nvt .75 .25\nvt .75 .75\nvt .25 .75\n"
    text = SQUARE + uv + "usemtl a\nf 1/1 2/2 3/3 4/4\n"
    texels = cubes(tmp_path, text, "newmtl a\nmap_Kd quarters.png\n")
    expected = QUARTERS[[[0, 1, 2], [0, 2, 3]]]
    np.testing.assert_allclose(corner_colors(texels), expected, atol=1e-6)


def test_seams_do_not_split_vertices(tmp_path):
    write_quarters(tmp_path / "quarters.png")
    text = SQUARE + "vt .25 .25\nvt .75 .75\nusemtl a\nf 1/1 2/1 3/1\nf 1/2 3/2 4/2\n"
    path = write(tmp_path, "mtllib mesh.mtl\n" + text, "newmtl a\nmap_Kd quarters.png\n")
    mesh = load_mesh(path)
    assert mesh.num_vertices == 4
    colors = corner_colors(mesh.texture.cubes.numpy())
    np.testing.assert_allclose(colors[0], QUARTERS[[0, 0, 0]], atol=1e-6)
    np.testing.assert_allclose(colors[1], QUARTERS[[2, 2, 2]], atol=1e-6)


def test_every_face_gets_the_material_in_force(tmp_path):
    write_quarters(tmp_path / "quarters.png")
    mtl = "newmtl red\nKd 1 0 0 # red\nnewmtl with a space\nKd 0 0 1\n"
    mtl += "newmtl picture\nKd 0 1 1\nmap_Kd quarters.png\n"
    text = SQUARE + SQUARE_UV + "f 1 2 3\nusemtl red\nf 1 2 3\nusemtl with a space\nf 1 2 3 4\n"
    text += "usemtl picture\nf 1 2 3\nusemtl red\nf 1/1 2/2 3/3\n"
    expected = [DEFAULT_COLOR, (1, 0, 0), (0, 0, 1), (0, 0, 1), (0, 1, 1), (1, 0, 0)]
    texels = cubes(tmp_path, text, mtl)
    np.testing.assert_allclose(texels, np.array(expected)[:, None, None, None] + 0 * texels)


def test_only_material_serves_a_file_that_uses_none(tmp_path):
    texels = cubes(tmp_path, SQUARE + "f 1 2 3\n", "newmtl red\nKd 1 0 0\n")
    np.testing.assert_array_equal(texels[0, 0, 0, 0], [1, 0, 0])


@pytest.mark.parametrize(
    ("options", "uv"),
    [
        ("", "0.25 0.75"),
        ("-blendu on -bm 0.5 -mm 0 1", "0.25 0.75"),
        ("-s 0.5 1 1", "0.5 0.75"),
        ("-s 0.5", "0.5 0.75"),
        ("-o 0.5 -0.5 0", "-0.25 1.25"),
        ("-clamp on -o 0.5 0", "-0.25 7"),
    ],
)
def test_options_of_a_picture_are_obeyed(tmp_path, options, uv):
    (tmp_path / "sub").mkdir()
    write_quarters(tmp_path / "sub" / "my picture.png")
    mtl = f"newmtl a\nmap_Kd {options} sub\\my picture.png\n"
    texels = cubes(tmp_path, SQUARE + f"vt {uv}\nusemtl a\nf 1/1 2/1 3/1\n", mtl)
    np.testing.assert_allclose(texels - QUARTERS[3], 0, atol=1e-6)


@pytest.mark.parametrize("kind", ["grey", "rgba"])
def test_grey_pictures_and_pictures_with_alpha_are_taken(tmp_path, kind):
    value = np.full((4, 4), 0.2) if kind == "grey" else np.full((4, 4, 4), [0.2, 0.4, 0.6, 0.0])
    write_image(tmp_path / "a.png", value)
    texels = cubes(tmp_path, SQUARE + "vt 0 0\nf 1/1 2/1 3/1\n", "newmtl a\nmap_Kd a.png\n")
    expected = [0.2, 0.2, 0.2] if kind == "grey" else [0.2, 0.4, 0.6]
    np.testing.assert_allclose(texels[0, 0, 0, 0], expected, atol=1e-6)


def test_missing_picture_warns_and_leaves_kd(tmp_path):
    text, mtl = SQUARE + "vt 0 0\nf 1/1 2/1 3/1\n", "newmtl a\nKd 0 1 0\nmap_Kd lost.png\n"
    with pytest.warns(UserWarning, match=r"lost\.png.* Kd is used instead"):
        texels = cubes(tmp_path, text, mtl)
    np.testing.assert_array_equal(texels[0, 0, 0, 0], [0, 1, 0])


def test_missing_library_and_missing_material_warn(tmp_path):
    with pytest.warns(UserWarning, match=r"material library 'lost\.mtl' is missing"):
        mesh = load_mesh(write(tmp_path, "mtllib lost.mtl\n" + SQUARE + "usemtl a\nf 1 2 3\n"))
    assert mesh.texture is None
    text = "mtllib mesh.mtl\n" + SQUARE + "usemtl other\nf 1 2 3\nusemtl red\nf 1 2 3\n"
    with pytest.warns(UserWarning, match="no material named 'other'"):
        mesh = load_mesh(write(tmp_path, text, "newmtl red\nKd 1 0 0\n"))
    expected = [DEFAULT_COLOR, [1, 0, 0]]
    np.testing.assert_array_equal(mesh.texture.cubes.numpy()[:, 0, 0, 0], expected)


def test_textures_are_left_unread_on_request(tmp_path):
    path = write(tmp_path, "mtllib lost.mtl\n" + SQUARE + "usemtl a\nf 1 2 3\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert load_mesh(path, load_texture=False).texture is None


@pytest.mark.parametrize("scale", [1, 255])
def test_vertex_colours_are_read(tmp_path, scale):
    text = f"v 0 0 0 {scale} 0 0\nv 1 0 0 0 {scale} 0\nv 0 1 0 0 0 {0.2 * scale}\nf 1 2 3\n"
    mesh = load_mesh(write(tmp_path, text))
    assert isinstance(mesh.texture, VertexColors)
    np.testing.assert_allclose(mesh.texture.colors, np.diag([1, 1, 0.2]), atol=1e-7)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SQUARE + "f 1 2 3\nf 1 2 5\n", "expected vertex indices up to 4, received 5 in line 6"),
        (SQUARE + "f 1 2 0\n", "received '0' in line 5"),
        (SQUARE + "f -1 -2 -5\n", "or from -4 to -1, received '-5' in line 5"),
        (SQUARE + "vt 0 0\nf 1/1 2/2 3/1\n", "texture coordinate indices up to 1, received 2"),
        (SQUARE + "f 1 2 " + "9" * 20, "indices from 1 to 2147483647, or from -4 to -1, received"),
        (SQUARE + "f 1 2\n", "expected three or more corners, received '1 2' in line 5"),
        (SQUARE + "f 1 two 3\n", "corners like 1, 1/2, 1//3 or 1/2/3, received 'two' in line 5"),
        ("v 0 0\n", "expected 3 or more numbers, received '0 0' in line 1"),
        ("\n\nv 0 zero 0\n", "received '0 zero 0' in line 3"),
        ("v nan 0 0\n" + SQUARE + "f 2 3 4\n", "expected finite coordinates"),
        (SQUARE, "expected a mesh with faces"),
        ("", "expected a mesh with faces"),
    ],
)
def test_errors_name_the_line(tmp_path, text, message):
    with pytest.raises(ValueError, match="load_mesh: argument `path`: .*" + re.escape(message)):
        load_mesh(write(tmp_path, text))


WORDS = ["v", "vt", "f", "usemtl", "mtllib", "mesh.mtl", "newmtl", "Kd", "map_Kd", "-s", "-clamp"]
WORDS += ["on", "#", "\\", "0", "1", "-1", "2", "1/1", "1//", "/", "nan", "1e999", "é"]
LINES = st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), max_size=8)


@hypothesis.given(obj=LINES, mtl=LINES)
@hypothesis.settings(
    max_examples=200,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
def test_any_text_is_read_or_refused(tmp_path, obj, mtl):
    text = "mtllib mesh.mtl\n" + SQUARE + "f 1 2 3\n" + "\n".join(obj)
    path = write(tmp_path, text, "\n".join(mtl))
    mesh, refusal = None, "load_mesh: argument `path`: expected "
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            mesh = load_mesh(path, texture_size=2)
        except ValueError as error:
            refusal = str(error)
    assert refusal.startswith("load_mesh: argument `path`: expected ")
    if mesh is not None:
        assert np.isfinite(mesh.vertices).all()
        assert mesh.texture is None or np.isfinite(mesh.texture.cubes).all()
