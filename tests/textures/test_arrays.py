"""What textures are given: arrays take the dtype of the mesh, tensors keep theirs."""

import numpy as np
import pytest
import tensorflow as tf

import tf_mesh_renderer as mr

RNG = np.random.default_rng(0)
SPHERE = mr.geometry.icosphere(0)
CAMERA = mr.Camera.look_at((0.7, 0.9, 3.0), near=1.0, far=6.0)
# Numbers that both dtypes hold, so that the results can be compared.
COLORS = RNG.integers(0, 256, (12, 3)) / 256
CUBES = RNG.integers(0, 256, (20, 2, 2, 2, 3)) / 256
IMAGE = RNG.integers(0, 256, (4, 5, 3)) / 256
UV = RNG.integers(0, 256, (12, 2)) / 256
TEXTURES = {
    "colors": lambda kind: mr.VertexColors(kind(COLORS)),
    "cubes": lambda kind: mr.FaceTexture(kind(CUBES)),
    "picture": lambda kind: mr.UvTexture(kind(IMAGE), kind(UV), filter="trilinear"),
}
ARRAYS = {
    "float32": lambda array: array.astype(np.float32),
    "float64": lambda array: array,
    "half": lambda array: array.astype(np.float16),
    "list": lambda array: array.tolist(),
}


@pytest.mark.parametrize("gradient", ["n3mr", "softras"])
@pytest.mark.parametrize("texture", TEXTURES.values(), ids=TEXTURES)
@pytest.mark.parametrize("kind", ARRAYS.values(), ids=ARRAYS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_arrays_take_the_dtype_of_the_mesh(dtype, kind, texture, gradient):
    vertices = np.asarray(SPHERE.vertices).astype(dtype)
    options = {"image_size": (4, 5), "gradient": gradient}
    tensors = mr.Mesh(vertices, SPHERE.faces, texture(lambda array: tf.constant(array, dtype)))
    arrays = mr.Mesh(vertices, SPHERE.faces, texture(kind))
    expected = mr.render(tensors, CAMERA, **options)
    np.testing.assert_array_equal(mr.render(arrays, CAMERA, **options), expected)
    compiled = tf.function(lambda mesh: mr.render(mesh, CAMERA, **options))
    np.testing.assert_allclose(compiled(arrays), expected, rtol=1e-6)


@pytest.mark.parametrize("texture", TEXTURES.values(), ids=TEXTURES)
def test_without_a_mesh_arrays_take_the_dtype_of_the_fragments(texture):
    mesh = mr.Mesh(np.asarray(SPHERE.vertices, np.float32)[np.newaxis], SPHERE.faces)
    view = mr.gradients.View(CAMERA.project(mesh.vertices), mesh.faces, (4, 5))
    colors = texture(np.asarray).sample(mesh.faces, view.rasterize(), view)
    assert colors.dtype == tf.float32


def test_tensors_keep_their_dtype():
    wide = mr.VertexColors(tf.constant(COLORS))
    mesh = mr.Mesh(np.asarray(SPHERE.vertices, np.float32), SPHERE.faces, wide)
    with pytest.raises(TypeError, match=r"expected the dtype of .*float32, received float64"):
        mr.render(mesh, CAMERA, image_size=(4, 5))


def test_tensors_may_come_in_a_list():
    row = tf.Variable(COLORS[0])
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(mr.VertexColors([row] * 12).colors)
    np.testing.assert_array_equal(tape.gradient(total, row), [12] * 3)


@pytest.mark.parametrize(
    "bad", [np.ones((12, 3), int), np.ones((12, 3), np.uint8), tf.ones([3, 3], tf.int32)]
)
def test_integers_are_refused(bad):
    form = (
        r"VertexColors: argument `colors`: expected float32 or float64, received u?int\d+\. Hint: "
    )
    with pytest.raises(TypeError, match=form):
        mr.VertexColors(bad)
