"""Scenes in which something is missing are drawn as background, with gradients of zero."""

import numpy as np
import pytest
import tensorflow as tf

import tf_mesh_renderer as mr

CAMERA = mr.Camera.look_at((0.7, 0.9, 3.0), near=1.0, far=6.0)
LIGHTS = (mr.AmbientLight(), mr.DirectionalLight(), mr.PointLight(position=(1.0, 1.0, 1.0)))
BACKGROUND = 0.25
TEXTURES = {
    "none": lambda b, v: None,
    "picture": lambda b, v: mr.UvTexture(tf.ones((1, 4, 4, 3)), tf.ones((b, v, 2))),
}


def drawn(batch, num_vertices, faces, *, texture, material, gradient):
    """Image, and its gradient to the vertices."""
    vertices = tf.ones((batch, num_vertices, 3))
    with tf.GradientTape() as tape:
        tape.watch(vertices)
        texture = TEXTURES[texture](batch, num_vertices)
        image = mr.render(
            mr.Mesh(vertices, faces, texture),
            CAMERA,
            image_size=(4, 5),
            lights=LIGHTS,
            material=material,
            gradient=gradient,
            background=BACKGROUND,
        )
        loss = tf.reduce_sum(image)
    return image, tape.gradient(loss, vertices, unconnected_gradients="zero")


@pytest.mark.parametrize(
    ("texture", "material", "gradient"),
    [("none", "flat", "dibr"), ("none", "lambert", "n3mr"), ("picture", "phong", "softras")],
)
@pytest.mark.parametrize(
    ("batch", "num_vertices", "num_faces"),
    [(0, 5, 4), (0, 5, 0), (0, 0, 0), (2, 5, 0), (2, 0, 0), (2, 0, 4)],
)
def test_what_is_missing_shows_the_background(
    batch, num_vertices, num_faces, texture, material, gradient
):
    # Without vertices only padding is legal.
    faces = np.full((num_faces, 3), 0 if num_vertices else -1, np.int32)
    for given in (faces, np.broadcast_to(faces, (batch, num_faces, 3))):
        image, to_vertices = drawn(
            batch, num_vertices, given, texture=texture, material=material, gradient=gradient
        )
        expected = np.broadcast_to(np.float32([BACKGROUND] * 3 + [0]), (batch, 4, 5, 4))
        np.testing.assert_allclose(image, expected, rtol=1e-6)
        np.testing.assert_array_equal(to_vertices, np.zeros((batch, num_vertices, 3)))
