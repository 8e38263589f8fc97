"""Pictures laid on by texture coordinates: seams, batches, gradients, levels, `tf.function`."""

import types

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import assert_close, check_gradients
from tests.support.scenes import grid
from tf_mesh_renderer import ops
from tf_mesh_renderer.rendering import screen_derivatives
from tf_mesh_renderer.textures import UvTexture

IMAGE_SIZE = (6, 8)
BATCH = 2
FILTERS = ("nearest", "bilinear", "trilinear")


@pytest.fixture(name="scene")
def _scene():
    """A sheet that leaves a border free: vertices, faces, fragments, view, coordinates, picture."""
    vertices, faces = grid(3, 2, half_extent=0.8, dtype=np.float64)
    vertices = np.repeat(vertices, BATCH, axis=0)
    vertices *= np.random.default_rng(0).uniform(0.7, 1.4, (*vertices.shape[:2], 1))
    fragments = ops.rasterize(vertices, faces, image_size=IMAGE_SIZE)
    covered = np.mean(fragments.mask)
    assert 0.3 < covered < 0.9
    return types.SimpleNamespace(
        faces=faces,
        fragments=fragments,
        view=types.SimpleNamespace(vertices_clip=tf.constant(vertices), image_size=None),
        uv=np.random.default_rng(1).uniform(-0.2, 1.3, (vertices.shape[1], 2)),
        image=np.random.default_rng(2).random((9, 5, 3)),
    )


def _expected(scene, filter):
    """The steps one by one."""
    uv = np.repeat(scene.uv[None], BATCH, axis=0)
    derivatives = None
    if filter == "trilinear":
        derivatives = screen_derivatives(
            uv, scene.faces, scene.fragments, vertices_clip=scene.view.vertices_clip
        )
    pixels = ops.interpolate(uv, scene.faces, scene.fragments)
    colors = ops.texture(scene.image[None], pixels, uv_derivatives=derivatives, filter=filter)
    return colors * scene.fragments.mask[..., None]


@pytest.mark.parametrize("filter", FILTERS)
@pytest.mark.parametrize("leading", [(), (1,), (BATCH,)])
def test_colors_are_those_of_the_picture_and_0_elsewhere(scene, leading, filter):
    image = np.broadcast_to(scene.image, (*leading, *scene.image.shape))
    uv = np.broadcast_to(scene.uv, (*leading, *scene.uv.shape))
    colors = UvTexture(image, uv, filter=filter).sample(scene.faces, scene.fragments, scene.view)
    np.testing.assert_array_equal(colors, _expected(scene, filter))


def test_worked_example():
    """The middle of a face reads at the mean of its coordinates; a ramp shows them as colours."""
    ramp = np.stack(np.meshgrid((np.arange(30) + 0.5) / 30, (29.5 - np.arange(30)) / 30), axis=-1)
    middle = ops.Fragments(
        tf.zeros([1, 1, 1], tf.int32), tf.fill([1, 1, 1, 3], tf.constant(1 / 3, tf.float64)), None
    )
    texture = UvTexture(ramp, np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    colors = texture.sample(np.array([[0, 1, 2]]), middle)
    np.testing.assert_allclose(colors[0, 0, 0], [1 / 3, 1 / 3])


def test_seams_are_laid_by_rows_of_their_own(scene):
    """Coordinates listed corner by corner, as a mesh file may, show the same picture."""
    corners = scene.uv[scene.faces].reshape(-1, 2)
    rows = np.arange(len(corners)).reshape(-1, 3)
    for filter in FILTERS:
        whole = UvTexture(scene.image, scene.uv, filter=filter)
        split = UvTexture(scene.image, corners, rows, filter=filter)
        expected = whole.sample(scene.faces, scene.fragments, scene.view)
        ours = split.sample(scene.faces, scene.fragments, scene.view)
        assert_close(ours, expected, rtol=1e-12)
    assert split.uv_faces.dtype == tf.int32


def test_rows_for_a_batch_of_one_serve_any_batch(scene):
    for filter in FILTERS:
        alone = UvTexture(scene.image, scene.uv, scene.faces, filter=filter)
        shared = UvTexture(scene.image, scene.uv, scene.faces[np.newaxis], filter=filter)
        expected = alone.sample(scene.faces, scene.fragments, scene.view)
        colors = shared.sample(scene.faces, scene.fragments, scene.view)
        np.testing.assert_array_equal(colors, expected)


def test_each_image_may_have_its_own_picture_and_coordinates(scene):
    rng = np.random.default_rng(5)
    images = rng.random((BATCH, 4, 4, 2))
    uvs = rng.random((BATCH, *scene.uv.shape))
    rows = np.stack([scene.faces, scene.faces[:, [1, 2, 0]]])
    both = UvTexture(images, uvs, rows).sample(scene.faces, scene.fragments)
    for b in range(BATCH):
        alone = ops.Fragments(*(field[b : b + 1] for field in scene.fragments))
        expected = UvTexture(images[b], uvs[b], rows[b]).sample(scene.faces, alone)
        np.testing.assert_array_equal(both[b], expected[0])


@pytest.mark.parametrize("filter", ["bilinear", "trilinear"])
def test_gradients_to_picture_coordinates_and_vertices_meet_finite_differences(scene, filter):
    weights = tf.constant(np.random.default_rng(6).normal(size=(BATCH, *IMAGE_SIZE, 3)))

    @tf.function
    def loss(image, uv, barycentrics, vertices_clip):
        texture = UvTexture(image, uv, filter=filter, wrap="mirror")
        fragments = scene.fragments._replace(barycentrics=barycentrics)
        view = types.SimpleNamespace(vertices_clip=vertices_clip, image_size=IMAGE_SIZE)
        return tf.reduce_sum(weights * texture.sample(scene.faces, fragments, view))

    inputs = [scene.image, scene.uv, scene.fragments.barycentrics, scene.view.vertices_clip]
    check_gradients(loss, inputs, rtol=1e-5)


def test_fragments_side_by_side_are_read_at_the_level_of_the_image(scene):
    """As gradient models with several faces per pixel have them."""
    texture = UvTexture(scene.image, 3 * scene.uv, filter="trilinear")
    colors = texture.sample(scene.faces, scene.fragments, scene.view)
    twice = ops.Fragments(*(tf.concat([field, field], axis=2) for field in scene.fragments))
    view = types.SimpleNamespace(vertices_clip=scene.view.vertices_clip, image_size=IMAGE_SIZE)
    both = texture.sample(scene.faces, twice, view)
    np.testing.assert_array_equal(both, tf.concat([colors, colors], axis=2))


def test_finer_pictures_do_not_flicker_when_trilinear(scene):
    """Far more texels than pixels: single texels have next to no say in what is shown."""
    noise = np.random.default_rng(7).random((512, 512, 1))
    variances = {}
    for filter in ("bilinear", "trilinear"):
        texture = UvTexture(noise, scene.uv, filter=filter)
        colors = texture.sample(scene.faces, scene.fragments, scene.view).numpy()
        variances[filter] = np.var(colors[scene.fragments.mask == 1])
    assert variances["trilinear"] < variances["bilinear"] / 50


@pytest.mark.parametrize("filter", FILTERS)
@pytest.mark.parametrize("with_rows", [False, True])
def test_is_an_argument_of_tf_function(scene, with_rows, filter):
    @tf.function
    def sample(texture):
        return texture.sample(scene.faces, scene.fragments, scene.view)

    rows = scene.faces if with_rows else None
    texture = UvTexture(scene.image, scene.uv, rows, filter=filter, wrap="clamp")
    expected = texture.sample(scene.faces, scene.fragments, scene.view)
    np.testing.assert_allclose(sample(texture), expected, rtol=1e-12)  # graphs may round otherwise


def test_variables_stay_variables(scene):
    image, uv = tf.Variable(scene.image), tf.Variable(scene.uv)
    with tf.GradientTape() as tape:
        colors = UvTexture(image, uv).sample(scene.faces, scene.fragments)
        loss = tf.reduce_sum(colors)
    to_image, to_uv = tape.gradient(loss, [image, uv])
    # Each covered pixel spreads weight 1 over its texels, in each of three channels.
    np.testing.assert_allclose(tf.reduce_sum(to_image), 3 * np.sum(scene.fragments.mask))
    assert np.any(to_uv != 0)


def test_what_pixels_without_a_face_would_show_stays_out_of_the_gradient(scene):
    image = scene.image.copy()
    image[-1, 0] = image[0, -1] = image[0, 0] = image[-1, -1] = np.inf  # where (0, 0) reads
    uv = np.clip(scene.uv, 0.3, 0.7)
    tensors = [tf.constant(image), tf.constant(uv)]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        colors = UvTexture(*tensors).sample(scene.faces, scene.fragments)
    assert np.all(np.isfinite(colors))
    for gradient in tape.gradient(colors, tensors):
        assert np.all(np.isfinite(gradient))


def test_says_whether_it_is_differentiable_in_place():
    image, uv = np.zeros((2, 2, 3)), np.zeros((3, 2))
    assert [UvTexture(image, uv, filter=f).is_differentiable_in_place for f in FILTERS] == [
        False,
        True,
        True,
    ]


def test_trilinear_needs_the_view(scene):
    texture = UvTexture(scene.image, scene.uv, filter="trilinear")
    with pytest.raises(ValueError, match=r"UvTexture.sample: argument `view`: .* 'trilinear'"):
        texture.sample(scene.faces, scene.fragments)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"image": np.zeros((4, 4))}, ValueError, "UvTexture: argument `image`: expected 3"),
        ({"uv": np.zeros(2)}, ValueError, "UvTexture: argument `uv`: expected 2"),
        ({"uv_faces": np.zeros(3, np.int32)}, ValueError, "argument `uv_faces`: expected 2"),
        ({"uv_faces": np.zeros((1, 3))}, TypeError, "argument `uv_faces`: expected integers"),
        ({"image": np.zeros((4, 4, 3), np.uint8)}, TypeError, "`image`: expected float32 or"),
        ({"filter": "cubic"}, ValueError, "UvTexture: argument `filter`: expected one of"),
        ({"wrap": "border"}, ValueError, "UvTexture: argument `wrap`: expected one of"),
    ],
)
def test_wrong_arguments_are_named(arguments, error, says):
    legal = {"image": np.zeros((4, 4, 3)), "uv": np.zeros((3, 2))}
    with pytest.raises(error, match=says):
        UvTexture(**{**legal, **arguments})
