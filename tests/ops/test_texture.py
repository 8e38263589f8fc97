"""Textures at their border: values and gradients against the oracle, sizes, modes and errors."""

import numpy as np
import pytest
import tensorflow as tf

from tests.reference.texture import texture as reference_texture
from tests.reference.texture import texture_gradient as reference_gradient
from tests.support.gradient_checker import assert_close, check_gradients
from tf_mesh_renderer.ops import texture

IMAGE_SIZE = (7, 70)
BATCH = 2
WRAPS = ("repeat", "clamp", "mirror")
FILTERS = ("nearest", "bilinear", "trilinear")
# Relative to the largest entry. In float32 a coordinate of 2 in a picture of 9 texels is exact to
# 2e-6 texels, and sums go over hundreds of pixels.
RTOL = {np.float32: 2e-4, np.float64: 1e-10}


def _inputs(dtype=np.float64, *, size=(5, 9), items=BATCH, num_channels=3, image_size=IMAGE_SIZE):
    """Texels, coordinates far beyond the picture, and footprints of 0.3 to 8 texels."""
    rng = np.random.default_rng(0)
    texels = rng.normal(size=(items, *size, num_channels))
    uv = rng.uniform(-1.5, 2.5, (BATCH, *image_size, 2))
    scale = np.exp2(rng.uniform(-1.5, 3.0, (BATCH, *image_size, 1, 1))) / max(size)
    derivatives = rng.normal(size=(BATCH, *image_size, 2, 2)) * scale
    return [value.astype(dtype) for value in (texels, uv, derivatives)]


def _call(texels, uv, derivatives, *, filter, wrap, covered=None):
    given = derivatives if filter == "trilinear" else None
    return texture(texels, uv, covered=covered, uv_derivatives=given, filter=filter, wrap=wrap)


def _mask(kind):
    """Coverage with blocks of pixels that are covered wholly, in part and not at all."""
    if kind == "all":
        return np.ones((BATCH, *IMAGE_SIZE), bool)
    mask = np.random.default_rng(2).random((BATCH, *IMAGE_SIZE)) > 0.3
    mask[:, 2:4] = False
    mask[:, 4:5] = True
    return mask


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("wrap", WRAPS)
@pytest.mark.parametrize("filter", FILTERS)
@pytest.mark.parametrize(
    ("size", "items", "num_channels", "mask"),
    [
        ((5, 9), 2, 3, "some"),
        ((8, 16), 1, 1, "all"),
        ((1, 6), 1, 4, "some"),
        ((7, 1), 2, 2, "all"),
        ((1, 1), 2, 6, "some"),
        ((4, 6), 1, 3, "all"),
    ],
)
def test_meets_the_oracle(size, items, num_channels, mask, filter, wrap, dtype):
    inputs = _inputs(dtype, size=size, items=items, num_channels=num_channels)
    covered = _mask(mask)
    shown = covered[..., None]
    upstream = np.random.default_rng(1).normal(size=(BATCH, *IMAGE_SIZE, num_channels))
    upstream = upstream.astype(dtype)
    tensors = [tf.constant(value) for value in inputs]
    given = covered if mask == "some" else None
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        output = _call(*tensors, filter=filter, wrap=wrap, covered=given)
    gradients = tape.gradient(output, tensors, tf.constant(upstream))
    settings = {"filter": filter, "wrap": wrap}
    if filter == "trilinear":
        settings["uv_derivatives"] = inputs[2]
    assert_close(output, shown * reference_texture(*inputs[:2], **settings), rtol=RTOL[dtype])
    expected = reference_gradient(*inputs[:2], shown * upstream, **settings)
    for ours, theirs in zip(gradients, expected, strict=True):
        if theirs is None:
            assert ours is None
        else:
            atol = 1e-5 if dtype == np.float32 else 1e-10  # the derivative of one texel is 0
            assert_close(ours, theirs, rtol=RTOL[dtype], atol=atol)


@pytest.mark.parametrize("wrap", WRAPS)
@pytest.mark.parametrize("filter", ["bilinear", "trilinear"])
def test_gradients_meet_finite_differences(filter, wrap):
    texels, uv, derivatives = _inputs(num_channels=2, image_size=(3, 4), items=1)
    # Away from texel centres, of this level and the upper ones, where a blend has a kink.
    uv = np.round(uv * 720) / 720 + 1 / 2897
    weights = tf.constant(np.random.default_rng(3).normal(size=(BATCH, 3, 4, 2)))

    def loss(texels, uv, derivatives):
        output = _call(texels, uv, derivatives, filter=filter, wrap=wrap)
        return tf.reduce_sum(output**2 * weights)

    check_gradients(loss, [texels, uv, derivatives])


def test_rows_and_columns_lie_as_in_a_picture_file():
    texels = np.array([[[[0.0], [1.0]], [[2.0], [3.0]]]])
    corners = np.array([[[[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]]]])
    for filter in ("nearest", "bilinear"):
        np.testing.assert_allclose(
            texture(texels, corners, filter=filter)[0, 0, :, 0], [2, 3, 0, 1]
        )
    between = np.array([[[[0.5, 0.25]]]])
    np.testing.assert_allclose(texture(texels, between), [[[[2.5]]]])


def test_the_level_follows_the_footprint():
    """A pixel as wide as the picture shows its mean, one of two texels the first level."""
    texels = np.random.default_rng(0).normal(size=(1, 8, 8, 3))
    uv = np.full((1, 1, 1, 2), 0.25)
    halved = texels.reshape(1, 4, 2, 4, 2, 3).mean(axis=(2, 4))

    def shown(pixel):
        derivatives = np.array([[pixel, 0.0], [0.0, pixel]]).reshape(1, 1, 1, 2, 2)
        return texture(texels, uv, uv_derivatives=derivatives, filter="trilinear")

    assert_close(shown(1.0)[0, 0, 0], texels.mean(axis=(1, 2))[0], rtol=1e-12)
    assert_close(shown(2 / 8), texture(halved, uv), rtol=1e-12)
    assert_close(shown(1 / 8), texture(texels, uv), rtol=1e-12)
    assert_close(shown(0.0), texture(texels, uv), rtol=1e-12)


@pytest.mark.parametrize("filter", FILTERS)
def test_a_shared_texture_equals_a_repeated_one(filter):
    texels, uv, derivatives = _inputs(items=1)
    shared, repeated = tf.constant(texels), tf.constant(np.repeat(texels, BATCH, axis=0))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([shared, repeated])
        outputs = [
            _call(t, uv, derivatives, filter=filter, wrap="clamp") for t in (shared, repeated)
        ]
        losses = [tf.reduce_sum(output**2) for output in outputs]
    np.testing.assert_array_equal(*outputs)
    gradient = tape.gradient(losses[1], repeated)
    assert_close(tape.gradient(losses[0], shared), tf.reduce_sum(gradient, 0, True), rtol=1e-12)


def test_shared_textures_serve_an_empty_batch():
    texels, uv, _ = _inputs(items=1)
    assert texture(texels, uv[:0]).shape == (0, *IMAGE_SIZE, 3)


@pytest.mark.parametrize("wrap", WRAPS)
def test_far_coordinates_are_legal(wrap):
    texels, _, _ = _inputs(np.float32)
    far = np.array([1e37, -1e37, 2.0**24, -(2.0**31), 3.0e9, 0.0], np.float32)
    uv = np.stack(np.meshgrid(far, far), axis=-1)[None].repeat(BATCH, axis=0)
    output = texture(texels, uv, wrap=wrap).numpy()
    if wrap == "clamp":
        np.testing.assert_array_equal(output[:, 0, 0], texels[:, 0, -1])  # top right
    else:
        np.testing.assert_array_equal(output, np.broadcast_to(output[:, -1:, -1:], output.shape))


def test_pixels_that_are_not_covered_neither_read_nor_add():
    texels, uv, _ = _inputs()
    nowhere = np.zeros((BATCH, *IMAGE_SIZE), bool)
    unlimited = tf.fill(texels.shape, tf.constant(np.inf, tf.float64))
    tensors = [unlimited, tf.constant(uv)]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        output = texture(*tensors, covered=nowhere)
    for value in (output, *tape.gradient(output, tensors)):
        np.testing.assert_array_equal(value, 0)


def test_half_precision_is_computed_in_float32():
    texels, uv, _ = _inputs(np.float32)
    half = tf.cast(texels, tf.bfloat16)
    ours = texture(half, tf.cast(uv, tf.float16))
    assert ours.dtype == tf.float32
    expected = texture(tf.cast(half, tf.float32), tf.cast(uv.astype(np.float16), tf.float32))
    np.testing.assert_array_equal(ours, expected)


@pytest.mark.parametrize("argument", ["uv", "uv_derivatives"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e101])
def test_coordinates_that_are_not_finite_are_refused(argument, bad):
    texels, uv, derivatives = _inputs()
    (uv if argument == "uv" else derivatives)[1, 3, 4, 1] = bad
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=rf"Texture: argument `{argument}`: .*at"
    ):
        _call(texels, uv, derivatives, filter="trilinear", wrap="repeat")


def test_coordinates_of_pixels_that_are_not_read_may_be_anything():
    texels, uv, derivatives = _inputs()
    covered = np.ones(uv.shape[:3], bool)
    covered[1, 3, 4] = covered[0, 0, :3] = False
    expected = _with_gradients(texels, uv, derivatives, covered)
    uv[~covered] = np.nan
    derivatives[~covered] = np.inf
    for ours, usual in zip(_with_gradients(texels, uv, derivatives, covered), expected):
        np.testing.assert_array_equal(ours, usual)


def _with_gradients(texels, uv, derivatives, covered):
    sources = [tf.constant(array) for array in (texels, uv, derivatives)]
    with tf.GradientTape() as tape:
        tape.watch(sources)
        image = texture(
            *sources[:2], uv_derivatives=sources[2], covered=covered, filter="trilinear"
        )
    return image, *tape.gradient(image, sources)


@pytest.mark.parametrize("mode", ["eager", "graph"])
@pytest.mark.parametrize(
    ("shape", "says"),
    [
        ((3, 5, 9, 3), "N = 1 or N = B = 2, received N = 3"),
        ((2, 0, 9, 3), "1 <= Y, X <= 32768, received Y = 0"),
        ((1, 1, 32769, 1), "1 <= Y, X <= 32768, received X = 32769"),
        ((5, 9, 3), r"shape \[N, Y, X, C\], received shape \[5, 9, 3\]"),
    ],
)
def test_refuses_textures_of_other_shapes(shape, says, mode):
    _, uv, _ = _inputs(np.float32)
    call = tf.function(texture) if mode == "graph" else texture
    with pytest.raises((tf.errors.InvalidArgumentError, ValueError), match=says):
        call(np.zeros(shape, np.float32), uv)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"filter": "linear"}, "texture: argument `filter`: expected one of 'nearest', 'bilinear'"),
        ({"wrap": "reflect"}, "texture: argument `wrap`: expected one of 'repeat', 'clamp'"),
        ({"filter": "trilinear"}, "`uv_derivatives`: expected derivatives with .*'trilinear'"),
        ({"uv_derivatives": np.zeros(4)}, "`uv_derivatives`: expected None with .*'bilinear'"),
    ],
)
def test_refuses_settings(settings, says):
    texels, uv, _ = _inputs()
    with pytest.raises(ValueError, match=says):
        texture(texels, uv, **settings)


def test_refuses_other_dtypes():
    texels, uv, _ = _inputs(np.float32)
    with pytest.raises(TypeError, match="texture: argument `covered`: expected bool, received int"):
        texture(texels, uv, covered=_mask("some").astype(np.int32))
    with pytest.raises(TypeError, match="argument `texture`: expected the dtype of `uv`, float32"):
        texture(tf.cast(texels, tf.float64), uv)
