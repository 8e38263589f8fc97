"""What makes a texture: one method is enough, for the pipeline and for every gradient model."""

import warnings

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer.cameras import Camera
from tf_mesh_renderer.geometry import Mesh, cube
from tf_mesh_renderer.rendering import render
from tf_mesh_renderer.textures import FaceTexture, Texture, UvTexture, VertexColors


class Barycentric:
    """Shows where on its face a pixel lies."""

    def sample(self, faces, fragments, view=None):
        """The barycentrics."""
        del faces, view
        return fragments.barycentrics


@pytest.mark.parametrize("gradient", ["n3mr", "dibr", "softras"])
def test_a_further_texture_needs_one_method(gradient):
    mesh = Mesh(cube().vertices, cube().faces, Barycentric())
    camera = Camera.look_at((0.7, 0.9, 3.0), near=1.0, far=6.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        image = render(mesh, camera, image_size=(8, 8), gradient=gradient)
    colors = image[0, 4, 4, :3]
    np.testing.assert_allclose(tf.reduce_sum(colors), 1.0, rtol=1e-4)
    assert np.ptp(colors) > 0.1


def test_the_textures_of_the_package_are_some():
    given = (
        Barycentric(),
        FaceTexture(np.zeros([1, 2, 2, 2, 3])),
        VertexColors(np.zeros([3, 3])),
        UvTexture(np.zeros([2, 2, 3]), np.zeros([3, 2])),
    )
    for texture in given:
        assert isinstance(texture, Texture)
    assert not isinstance(VertexColors(np.zeros([3, 3])).colors, Texture)
