"""Small runs of the programs that edit meshes."""

import numpy as np
import pytest

import tf_mesh_renderer as mr
from tf_mesh_renderer.applications.editing.run import RunOptions


@pytest.fixture(name="options")
def fixture_options(tmp_path):
    """Options of a run that writes small pictures."""
    return RunOptions(str(tmp_path / "output"), frames=2, size=16)


@pytest.fixture(name="style", scope="session")
def fixture_style(tmp_path_factory):
    """A picture file with stripes."""
    path = tmp_path_factory.mktemp("style") / "stripes.png"
    picture = np.zeros((48, 40, 3), np.float32)
    picture[:, ::8], picture[:, 4::8] = (0.9, 0.5, 0.1), (0.1, 0.2, 0.7)
    mr.write_image(path, picture)
    return str(path)


@pytest.fixture(name="textured_mesh", scope="session")
def fixture_textured_mesh(tmp_path_factory):
    """An OBJ file with texture coordinates and a picture."""
    path = tmp_path_factory.mktemp("mesh") / "sphere.obj"
    mesh = mr.geometry.icosphere(1)
    uv = np.asarray(mesh.vertices)[:, :2] / 2 + 0.5
    picture = mr.UvTexture(np.full((8, 8, 3), 0.5, np.float32), uv.astype(np.float32))
    mr.save_mesh(path, mr.Mesh(mesh.vertices, mesh.faces, picture))
    return str(path)


@pytest.fixture(name="plain_mesh", scope="session")
def fixture_plain_mesh(tmp_path_factory):
    """An OBJ file without texture coordinates."""
    path = tmp_path_factory.mktemp("mesh") / "plain.obj"
    mr.save_mesh(path, mr.geometry.icosphere(1))
    return str(path)
