"""Longitude and latitude on spheres: no smear at the seam, poles, what is refused."""

import numpy as np
import pytest

from tf_mesh_renderer import geometry, render
from tf_mesh_renderer.cameras import Camera
from tf_mesh_renderer.geometry import Mesh
from tf_mesh_renderer.textures import UvTexture, spherical_uv

SPHERE = geometry.icosphere(3)


def test_known_places():
    vertices = [[0, 0, 2.0], [1.0, 0, 0], [0, 3.0, 0.0001]]
    uv, uv_faces = spherical_uv(vertices, [[0, 1, 2]])
    np.testing.assert_allclose(uv[uv_faces[0]], [[0.5, 0.5], [0.75, 0.5], [0.5, 1.0]], atol=1e-4)


def test_no_face_spans_more_than_its_angle():
    uv, uv_faces = spherical_uv(SPHERE.vertices, SPHERE.faces)
    corners = uv[uv_faces]
    level = np.abs(np.asarray(SPHERE.vertices)[np.asarray(SPHERE.faces)][..., 1]).max(axis=1)
    spans = np.ptp(corners[..., 0], axis=1)
    assert spans.max() < 0.5
    assert spans[level < 0.5].max() < 0.06
    assert corners[..., 1].min() >= 0.0
    assert corners[..., 1].max() <= 1.0


@pytest.mark.parametrize("azimuth", [0.0, 90.0, 180.0, 270.0])
def test_a_map_of_directions_is_seen_as_directions(azimuth):
    side = 256
    v, u = np.meshgrid(
        1 - (np.arange(side) + 0.5) / side, (np.arange(side) + 0.5) / side, indexing="ij"
    )
    latitude, longitude = np.pi * (v - 0.5), 2 * np.pi * (u - 0.5)
    directions = [
        np.cos(latitude) * np.sin(longitude),
        np.sin(latitude),
        np.cos(latitude) * np.cos(longitude),
    ]
    picture = (np.stack(directions, axis=-1) * 0.5 + 0.5).astype(np.float32)
    texture = UvTexture(picture, *spherical_uv(SPHERE.vertices, SPHERE.faces))
    turn = np.radians(azimuth)
    camera = Camera.look_at(3.0 * np.array([np.sin(turn), 0.3, np.cos(turn)], np.float32))
    options = {"image_size": (32, 32), "material": "unlit", "anti_aliasing": False}
    seen = render(Mesh(SPHERE.vertices, SPHERE.faces, texture), camera, **options)[0].numpy()
    from tf_mesh_renderer.textures import VertexColors

    colors = VertexColors(np.asarray(SPHERE.vertices) * 0.5 + 0.5)
    wanted = render(Mesh(SPHERE.vertices, SPHERE.faces, colors), camera, **options)[0].numpy()
    # Chords of faces against the sphere: 1280 faces are off by about a hundredth.
    assert np.abs(seen - wanted).max() < 0.06
    assert np.abs(seen - wanted).mean() < 0.01


def test_a_vertex_at_the_origin_is_refused():
    with pytest.raises(ValueError, match="none of them there"):
        spherical_uv([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]])
