"""SoftRas' gradient model: its two ways to the same colours, and what it refuses."""

import dataclasses
import math

import numpy as np
import pytest
import tensorflow as tf

from tests.support.scenes import triangle_soup
from tf_mesh_renderer import gradients, ops

SIZE = (12, 17)
# The op keeps numbers in float32; these are the same in both.
MODEL = gradients.SoftRas(sigma=2**-10, gamma=2**-4, eps=2**-10, max_fragments=16)
BACKGROUND = [[0.1, 0.2, 0.3], [0.9, 0.5, 0.0]]


@dataclasses.dataclass
class VertexColorShade:
    """Interpolated vertex colours, told to the model or not."""

    colors: tf.Tensor
    faces: tf.Tensor
    told: bool

    def __call__(self, fragments):
        return ops.interpolate(self.colors, self.faces, fragments)

    def vertex_colors(self):
        return self.colors if self.told else None


def soup(num_faces=9, **changes):
    vertices, faces = triangle_soup(5, num_faces, batch=2, dtype=np.float64)
    colors = np.random.default_rng(0).uniform(size=(*vertices.shape[:2], 3))
    return tf.constant(vertices), tf.constant(faces), tf.constant(colors), changes


def draw(model, vertices, faces, colors, *, told, size=SIZE, **changes):
    options = {"near": 0.5, "far": 6.0, **changes}
    view = gradients.View(vertices, faces, size, **options)
    return model.draw(view, VertexColorShade(colors, faces, told), background=BACKGROUND)


def image_and_gradients(model, scene, *, told):
    vertices, faces, colors, changes = scene
    with tf.GradientTape() as tape:
        tape.watch([vertices, colors])
        image = draw(model, vertices, faces, colors, told=told, **changes)
        weights = tf.random.stateless_normal(image.shape, seed=[1, 2], dtype=image.dtype)
        loss = tf.reduce_sum(image * weights)
    return [image, *tape.gradient(loss, [vertices, colors])]


@pytest.mark.parametrize("cull", ["none", "back", "front"])
@pytest.mark.parametrize("perspective_correct", [True, False])
@pytest.mark.parametrize("aggregate_rgb", ["softmax", "hard"])
def test_shaded_fragments_mix_as_the_op_mixes_vertex_colours(
    cull, perspective_correct, aggregate_rgb
):
    model = dataclasses.replace(
        MODEL, perspective_correct=perspective_correct, aggregate_rgb=aggregate_rgb
    )
    scene = soup(cull=cull)
    fused = image_and_gradients(model, scene, told=True)
    general = image_and_gradients(model, scene, told=False)
    for one, other in zip(fused, general, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9 * np.abs(other).max())
    assert np.abs(fused[1]).max() > 0


@pytest.mark.parametrize("max_fragments", [61, 64])
@pytest.mark.parametrize("size", [(2, 600), (600, 2)])
def test_images_are_as_large_as_with_other_models(size, max_fragments):
    """All fragments in a row would be wider than an image may be."""
    assert max(size) * max_fragments > 32768
    vertices, faces, colors, _ = soup()
    model = dataclasses.replace(MODEL, max_fragments=max_fragments)
    fused = draw(model, vertices, faces, colors, told=True, size=size)
    general = draw(model, vertices, faces, colors, told=False, size=size)
    np.testing.assert_allclose(general, fused, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("max_fragments", [9, 11, 13])
def test_any_number_of_fragments_mixes_the_same(max_fragments):
    vertices, faces, colors, _ = soup()
    model = dataclasses.replace(MODEL, max_fragments=max_fragments)
    expected = draw(MODEL, vertices, faces, colors, told=False)
    image = draw(model, vertices, faces, colors, told=False)
    np.testing.assert_allclose(image, expected, rtol=1e-12, atol=1e-12)


def test_silhouette_is_the_alpha_of_the_image():
    vertices, faces, colors, _ = soup()
    image = draw(MODEL, vertices, faces, colors, told=False)
    silhouette = MODEL.draw(gradients.View(vertices, faces, SIZE))
    np.testing.assert_array_equal(image[..., 3:], silhouette)


@pytest.mark.parametrize("told", [True, False])
def test_hard_colours_are_those_of_the_nearest_face(told):
    vertices, faces, colors, _ = soup()
    model = dataclasses.replace(MODEL, aggregate_rgb="hard", max_fragments=1)
    image = draw(model, vertices, faces, colors, told=told)
    hard = draw(gradients.N3mr(), vertices, faces, colors, told=False)
    np.testing.assert_allclose(image[..., :3], hard[..., :3], rtol=1e-12)
    assert np.abs(image[..., 3] - hard[..., 3]).max() > 0.1


@pytest.mark.parametrize("aggregate_rgb", ["softmax", "hard"])
@pytest.mark.parametrize("told", [True, False])
def test_colours_may_be_linear_on_the_image(aggregate_rgb, told):
    vertices, faces, colors, _ = soup()
    model = dataclasses.replace(MODEL, aggregate_rgb=aggregate_rgb)
    exact = draw(model, vertices, faces, colors, told=told)
    linear = dataclasses.replace(model, perspective_correct=False)
    image = draw(linear, vertices, faces, colors, told=told)
    assert np.abs(image - exact)[..., :3].max() > 0.02
    np.testing.assert_array_equal(image[..., 3], exact[..., 3])


@pytest.mark.parametrize("aggregate_rgb", ["softmax", "hard"])
@pytest.mark.parametrize("told", [True, False])
def test_faces_that_reach_behind_the_camera_take_no_part(aggregate_rgb, told):
    vertices = tf.constant([[[-1.0, -1.0, 0.0, -0.5], [1, -1, 0, 1], [0, 1, 0, 1]]] * 2, tf.float64)
    faces, colors = tf.constant([[0, 1, 2]]), tf.ones([2, 3, 3], tf.float64)
    assert np.any(gradients.View(vertices, faces, SIZE).rasterize().face_id >= 0)
    model = dataclasses.replace(MODEL, aggregate_rgb=aggregate_rgb)
    image = draw(model, vertices, faces, colors, told=told, near=0.1).numpy()
    expected = np.broadcast_to(np.array(BACKGROUND)[:, None, None], image[..., :3].shape)
    np.testing.assert_allclose(image[..., :3], expected, rtol=1e-12)
    np.testing.assert_array_equal(image[..., 3], 0.0)


def test_more_faces_in_reach_than_fragments_are_an_error_or_are_truncated():
    vertices, faces, colors, _ = soup()
    few = dataclasses.replace(MODEL, max_fragments=1)
    says = r"expected at least 2, as many faces .+, received 1\. Hint: .*`max_fragments`"
    with pytest.raises(tf.errors.InvalidArgumentError, match=says):
        draw(few, vertices, faces, colors, told=False)
    draw(dataclasses.replace(MODEL, max_fragments=2), vertices, faces, colors, told=False)
    truncated = dataclasses.replace(few, on_overflow="truncate")
    image = draw(truncated, vertices, faces, colors, told=False)
    exact = draw(MODEL, vertices, faces, colors, told=False)
    np.testing.assert_array_equal(image[..., 3], exact[..., 3])  # alpha counts all
    assert 0 < np.abs(image - exact).max() < 1


def test_overflow_is_found_in_graphs_too():
    vertices, faces, colors, _ = soup()
    few = dataclasses.replace(MODEL, max_fragments=1)
    with pytest.raises(tf.errors.InvalidArgumentError, match="max_fragments"):
        tf.function(lambda: draw(few, vertices, faces, colors, told=False))()


def test_empty_scenes_show_the_background():
    vertices, faces, colors, _ = soup()
    nothing = faces[:0]
    for told in (True, False):
        image = draw(MODEL, vertices, nothing, colors, told=told).numpy()
        expected = np.broadcast_to(np.array(BACKGROUND)[:, None, None], image[..., :3].shape)
        np.testing.assert_allclose(image[..., :3], expected, rtol=1e-12)
        np.testing.assert_array_equal(image[..., 3], 0.0)


def test_far_must_be_finite():
    vertices, faces, colors, _ = soup()
    with pytest.raises(ValueError, match=r"SoftRas: argument `view.far`: expected a finite number"):
        draw(MODEL, vertices, faces, colors, told=False, far=math.inf)


@pytest.mark.parametrize(
    "wrong", [{"distance": "cosine"}, {"aggregate_rgb": "mean"}, {"on_overflow": "warn"}]
)
def test_unknown_choices_are_refused(wrong):
    with pytest.raises(ValueError, match=f"argument `{next(iter(wrong))}`: expected one of"):
        gradients.SoftRas(**wrong)


@pytest.mark.parametrize(
    ("name", "bad"),
    [("sigma", -1.0), ("gamma", 0.0), ("eps", -0.1), ("dist_eps", 3.0)]
    + [("max_fragments", bad) for bad in (-4, 0, 1025)],
)
def test_numbers_out_of_range_are_refused(name, bad):
    with pytest.raises(ValueError, match=rf"argument `{name}`: expected .*, received {bad}.*Hint"):
        gradients.SoftRas(**{name: bad})


@pytest.mark.parametrize("bad", [2.5, "many", None, tf.constant(2.5)])
def test_fragments_are_counted_by_an_integer(bad):
    with pytest.raises(TypeError, match="SoftRas: argument `max_fragments`: expected an integer"):
        gradients.SoftRas(max_fragments=bad)


def test_fragments_are_not_counted_by_symbolic_tensors():
    @tf.function
    def make(count):
        gradients.SoftRas(max_fragments=count)

    with pytest.raises(TypeError, match="SoftRas: argument `max_fragments`: expected an integer"):
        make(tf.constant(3))


@pytest.mark.parametrize("hard", [{"distance": "hard"}, {"aggregate_alpha": "hard"}])
def test_a_silhouette_without_gradient_warns(hard):
    vertices, faces, _, _ = soup()
    with pytest.warns(UserWarning, match="piecewise constant"):
        dataclasses.replace(MODEL, **hard).draw(gradients.View(vertices, faces, SIZE))
