"""Colours at fragments: what a gradient model may mix without asking for them."""

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer import gradients, ops
from tf_mesh_renderer.cameras.camera import Camera
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.geometry.primitives import cube
from tf_mesh_renderer.rendering import render, screen_derivatives
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


class Slopes:
    """A texture that shows a coordinate, and how it changes by column and row."""

    uv = tf.constant([[[0.0], [1.0], [3.0]]], tf.float64)

    def sample(self, faces, fragments, view):
        """The coordinate, and its derivatives as a texture with mipmaps would have them."""
        slopes = screen_derivatives(
            self.uv, faces, fragments, vertices_clip=view.vertices_clip, image_size=view.image_size
        )
        place = ops.interpolate(self.uv, faces, fragments)
        return tf.concat([place, slopes[..., 0, :]], axis=-1)


@pytest.mark.parametrize(
    "gradient",
    [
        gradients.DibR(perspective_correct=False),
        gradients.SoftRas(perspective_correct=False),
        gradients.SoftRas(perspective_correct=False, aggregate_rgb="hard"),
    ],
)
def test_textures_see_colours_that_are_linear_on_the_image_as_such(gradient):
    """Otherwise they would read the wrong levels of their mipmaps."""
    corners = np.array([[-4.0, -1.0, 1.5], [4.0, -1.0, 1.5], [0.0, 1.5, -5.0]])
    mesh = Mesh(corners, [[0, 1, 2]], Slopes())
    near = Camera.look_at((0.0, 0.0, 3.0), near=1.0, far=9.0)
    image = render(mesh, near, image_size=(32, 32), gradient=gradient, anti_aliasing=False)[0]
    around, claimed = image[17:24, 13:20, 0].numpy(), image[18:23, 14:19, 1:3].numpy()
    np.testing.assert_array_equal(image[17:24, 13:20, 3], 1.0)
    by_column = (around[1:-1, 2:] - around[1:-1, :-2]) / 2
    by_row = (around[2:, 1:-1] - around[:-2, 1:-1]) / 2
    np.testing.assert_allclose(claimed, np.stack([by_column, by_row], axis=-1), rtol=1e-6)
