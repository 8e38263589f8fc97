"""SoftRas' ops at their limits: extreme numbers, nothing to draw, wrong input."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from tests.support.softras_scenes import IMAGE_SIZE, SOFT, background_for, colors_for, soup
from tf_mesh_renderer.ops import (
    SoftrasSettings,
    softras_color,
    softras_fragments,
    softras_silhouette,
)


def _inputs(dtype=np.float64, side=0):
    vertices, faces = soup(dtype)
    return vertices, faces, colors_for(vertices, faces, side=side), background_for(vertices)


def _image_and_gradients(inputs, upstream=1.0, **options):
    vertices, faces, colors, background = inputs
    tensors = [tf.constant(array) for array in (vertices, colors, background)]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        image = softras_color(tensors[0], faces, *tensors[1:], **options)
    upstream = tf.broadcast_to(tf.cast(upstream, image.dtype), image.shape)
    return image.numpy(), [g.numpy() for g in tape.gradient(image, tensors, upstream)]


@pytest.mark.parametrize("channel", [0, 3], ids=["colour", "alpha"])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_upstream_that_is_not_finite_is_not_hidden(bad, channel):
    """Or loss scaling would take the step it must skip."""
    upstream = np.zeros((2, *IMAGE_SIZE, 4))
    upstream[0, ..., channel] = bad
    _, (moves, colors, background) = _image_and_gradients(
        _inputs(), upstream, image_size=IMAGE_SIZE, settings=SOFT
    )
    assert not np.all(np.isfinite(moves[0]))
    assert not np.any(moves[1])
    assert np.all(np.isfinite(colors[0])) == np.all(np.isfinite(background[0])) == (channel == 3)
    assert not np.any(colors[1])
    assert not np.any(background[1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("scale", [1e-37, 1e-20, 1.0, 1e30])
@pytest.mark.parametrize("sigma", [1e-12, 1e-4, 1e12])
@pytest.mark.parametrize("distance", ["euclidean", "barycentric"])
def test_numbers_of_any_size_stay_finite(distance, sigma, scale, dtype):
    vertices, faces, colors, background = _inputs(dtype)
    vertices[:, 4:9, :2] *= 1e5
    vertices = (vertices * scale).astype(dtype)
    settings = SoftrasSettings(sigma=sigma, distance=distance, near=-1.0, far=1e12, dist_eps=1e-30)
    image, gradients = _image_and_gradients(
        (vertices, faces, colors, background), image_size=(9, 11), settings=settings
    )
    for array in (image, *gradients):
        assert np.all(np.isfinite(array))
    assert np.all((image[..., 3] >= 0.0) & (image[..., 3] <= 1.0))


@pytest.mark.parametrize("batch", [0, 1, 2])
@pytest.mark.parametrize("num_faces", [0, 2])
def test_nothing_to_draw_and_one_pixel(batch, num_faces):
    vertices = np.ones((batch, 3, 4), np.float32)
    faces = np.zeros((num_faces, 3), np.int32)
    background = np.full((batch, 2), 0.25, np.float32)
    inputs = vertices, faces, np.ones((batch, 3, 2), np.float32), background
    image, gradients = _image_and_gradients(inputs, image_size=(1, 1))
    np.testing.assert_allclose(image, np.tile([0.25, 0.25, 0.0], (batch, 1, 1, 1)), rtol=1e-6)
    assert not np.any(gradients[0])
    assert not np.any(gradients[1])
    np.testing.assert_allclose(gradients[2], np.ones((batch, 2)), rtol=1e-6)
    fragments = softras_fragments(vertices, faces, image_size=(1, 1), num_fragments=2)
    assert not np.any(fragments.count)
    assert np.all(fragments.face_id == -1)


def test_padding_changes_nothing():
    vertices, faces, colors, background = _inputs(np.float32)
    settings = dataclasses.replace(SOFT, aggregate_alpha="sum")
    padded = np.insert(faces, [0, 3, 3], -1, axis=0)
    plain, with_padding = (
        _image_and_gradients(
            (vertices, rows, colors, background), image_size=IMAGE_SIZE, settings=settings
        )
        for rows in (faces, padded)
    )
    np.testing.assert_array_equal(with_padding[0], plain[0])
    for ours, theirs in zip(with_padding[1], plain[1], strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("side", [0, 2])
def test_same_bits_in_a_graph_of_unknown_shapes(side):
    inputs = _inputs(np.float32, side)
    options = {"image_size": (9, 12), "settings": SOFT}

    floats = tf.TensorSpec(None)

    @tf.function(input_signature=[floats, tf.TensorSpec(None, tf.int32), floats, floats])
    def graph(vertices, faces, colors, background):
        with tf.GradientTape() as tape:
            tape.watch([vertices, colors, background])
            image = softras_color(vertices, faces, colors, background, **options)
        return image, tape.gradient(image, [vertices, colors, background])

    image, gradients = graph(*inputs)
    expected, of_eager = _image_and_gradients(inputs, **options)
    np.testing.assert_array_equal(image, expected)
    for ours, theirs in zip(gradients, of_eager, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_half_precision_is_computed_in_float32():
    vertices, faces, colors, background = (tf.constant(array) for array in _inputs(np.float32))
    half = tf.cast(vertices, tf.float16)
    assert softras_silhouette(half, faces, image_size=(2, 2)).dtype == tf.float32
    image = softras_color(half, faces, colors, background, image_size=(2, 2))
    assert image.dtype == tf.float32


BAD_NUMBERS = [
    *[("sigma", bad) for bad in (0.0, -1e-5, 1e-13, 1e13, np.inf, np.nan)],
    *[("gamma", bad) for bad in (0.0, -1e-4, np.nan)],
    *[("dist_eps", bad) for bad in (0.0, 0.6, -0.1, np.nan)],
    *[("eps", bad) for bad in (-1e-3, np.inf, np.nan)],
    *[("near", bad) for bad in (100.0, 200.0, np.nan, -np.inf)],
    *[("far", bad) for bad in (np.inf, 1e13)],
]


@pytest.mark.parametrize(("name", "bad"), BAD_NUMBERS)
def test_numbers_that_make_no_sense(name, bad):
    settings = SoftrasSettings()
    object.__setattr__(settings, name, bad)  # past the checks of the class, to those of the op
    says = rf"SoftrasColor: argument `({name}|near)`: expected .+, received .+\. Hint: .+\."
    with pytest.raises(tf.errors.InvalidArgumentError, match=says):
        softras_color(*_inputs(), image_size=(4, 4), settings=settings)


@pytest.mark.parametrize(
    ("name", "bad"), [pair for pair in BAD_NUMBERS if pair[0] != "near" and not pair[1] > 0]
)
def test_settings_refuse_numbers_out_of_range(name, bad):
    says = rf"SoftrasSettings: argument `{name}`: expected a number .+, received .+\. Hint: .+\."
    with pytest.raises(ValueError, match=says):
        SoftrasSettings(**{name: bad})


@pytest.mark.parametrize("depths", [{"near": 100.0}, {"near": 3.0, "far": 2.0}, {"far": np.nan}])
def test_far_is_above_near(depths):
    with pytest.raises(ValueError, match="argument `far`: expected a number above `near`, rec"):
        SoftrasSettings(**depths)


@pytest.mark.parametrize(("dtype", "eps"), [(np.float32, 0.0081), (np.float64, 0.0701)])
def test_background_must_not_overflow(dtype, eps):
    says = "argument `eps`: expected eps / gamma of at most .* exp.* must not overflow, received"
    settings = SoftrasSettings(gamma=1e-4, eps=eps)
    with pytest.raises(tf.errors.InvalidArgumentError, match=says):
        softras_color(*_inputs(dtype), image_size=(4, 4), settings=settings)
    almost = SoftrasSettings(gamma=1e-4, eps=eps * 0.98)
    assert np.all(np.isfinite(softras_color(*_inputs(dtype), image_size=(4, 4), settings=almost)))


@pytest.mark.parametrize(
    "field", ["distance", "aggregate_rgb", "aggregate_alpha", "depth_from", "cull"]
)
def test_misspelt_choices(field):
    says = f"SoftrasSettings: argument `{field}`: expected one of .*, received 'blurred'"
    with pytest.raises(ValueError, match=says):
        SoftrasSettings(**{field: "blurred"})


@pytest.mark.parametrize("name", ["distance", "aggregate"])
def test_misspelt_choices_of_the_silhouette(name):
    vertices, faces = soup()
    with pytest.raises(ValueError, match=f"softras_silhouette: argument `{name}`: expected one of"):
        softras_silhouette(vertices, faces, image_size=(4, 4), **{name: "blurred"})


def test_settings_are_settings():
    with pytest.raises(TypeError, match="softras_color: argument `settings`: expected a Softras"):
        softras_color(*_inputs(), image_size=(4, 4), settings={"sigma": 1e-3})
    with pytest.raises(TypeError, match="SoftrasSettings: argument `sigma`: expected a number"):
        SoftrasSettings(sigma="small")


@pytest.mark.parametrize("mode", ["eager", "graph"])
@pytest.mark.parametrize(
    ("shape", "says"),
    [
        ((2, 6, 3, 3), r"S = R x R, R >= 1, received S = 3"),
        ((2, 6, 0, 3), r"S = R x R, R >= 1, received S = 0"),
        ((3, 6, 4, 3), "N = 1 or N = B = 2, received N = 3"),
        ((2, 5, 4, 3), "F = 6 as in `faces`"),
        ((2, 17, 3), "V = 18 as in `vertices_clip`"),
    ],
)
def test_refuses_shapes_of_colours(shape, says, mode):
    vertices, faces, _, background = _inputs()

    def draw():
        colors = np.zeros(shape)
        return softras_color(vertices, faces, colors, background, image_size=(4, 4))

    with pytest.raises((tf.errors.InvalidArgumentError, ValueError), match=says):
        (tf.function(draw) if mode == "graph" else draw)()


def test_all_floats_have_one_dtype():
    vertices, faces, colors, background = _inputs()
    says = "argument `background`: expected the dtype of `vertices_clip`, float64, received float32"
    with pytest.raises(TypeError, match=says):
        softras_color(vertices, faces, colors, tf.cast(background, tf.float32), image_size=(4, 4))
