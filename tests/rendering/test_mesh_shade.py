"""Colours at fragments: what a gradient model may mix without asking for them."""

import numpy as np
import pytest

from tf_mesh_renderer.cameras.camera import Camera
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.geometry.primitives import cube
from tf_mesh_renderer.rendering import render
from tf_mesh_renderer.textures.face import VertexColors

SIZE = (20, 32)


class Dim:
    """A shading model that changes colours although there is no light."""

    def shade(self, albedo, scene):
        """A tenth of the albedo."""
        del scene
        return 0.1 * albedo


@pytest.mark.parametrize("gradient", ["n3mr", "dibr", "softras"])
@pytest.mark.parametrize("texture", [None, VertexColors(np.ones([8, 3], np.float32))])
def test_a_model_may_change_colours_without_lights(gradient, texture):
    mesh = Mesh(cube().vertices, cube().faces, texture)
    near = Camera.look_at((0.7, 0.9, 3.0), aspect=1.6, near=1.0, far=6.0)
    image = render(mesh, near, image_size=SIZE, material=Dim(), gradient=gradient)
    np.testing.assert_allclose(image[0, 10, 16], [0.1, 0.1, 0.1, 1.0], rtol=1e-4)
