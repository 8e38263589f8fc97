"""What `render` refuses, in one form: function, argument, expected, received, hint."""

import numpy as np
import pytest
import tensorflow as tf

import tf_mesh_renderer as mr

CAMERA = mr.Camera.look_at((0.7, 0.9, 3.0), near=1.0, far=6.0)
LIGHTS = (mr.AmbientLight(), mr.DirectionalLight())
MODELS = ["n3mr", "dibr", "softras", mr.SoftRas(aggregate_rgb="hard")]
MATERIALS = ["flat", "lambert", "phong", "blinn_phong"]


def draw(*, channels=3, batch=1, camera=CAMERA, **options):
    mesh = mr.geometry.icosphere(0)
    colors = np.random.default_rng(0).random((batch, 12, channels)).astype(np.float32)
    mesh = mr.Mesh(mesh.vertices, mesh.faces, mr.VertexColors(colors))
    return mr.render(mesh, camera, image_size=(4, 5), **options)


def refused(argument, expected, received, error=ValueError):
    form = rf"argument `{argument}`: expected {expected}.*, received {received}.*\. Hint: .+\."
    return pytest.raises(error, match=form)


@pytest.mark.parametrize("gradient", MODELS)
@pytest.mark.parametrize("lights", [(), LIGHTS])
@pytest.mark.parametrize(
    ("background", "error"),
    [
        (None, TypeError),
        ("x", TypeError),
        ([0.1, 0.2], ValueError),
        (np.zeros((2, 3), np.float32), ValueError),
        (tf.zeros((1, 4, 5, 3)), ValueError),
    ],
)
def test_backgrounds_that_do_not_fit(gradient, lights, background, error):
    with refused("background", r"a number, or shape \[3\] or \[1, 3\]", ".*", error):
        draw(gradient=gradient, lights=lights, background=background)


@pytest.mark.parametrize("gradient", MODELS)
@pytest.mark.parametrize("channels", [1, 2, 4])
def test_backgrounds_with_another_number_of_channels(gradient, channels):
    with refused("background", rf"a number, or shape \[{channels}\]", r"shape \(3,\)"):
        draw(channels=channels, gradient=gradient, background=[0.1, 0.2, 0.3])


@pytest.mark.parametrize("gradient", MODELS)
@pytest.mark.parametrize("background", [0, 0.5, [0, 0, 1], np.ones(3), tf.ones((1, 3)), [[1] * 3]])
def test_backgrounds_that_fit(gradient, background):
    assert draw(gradient=gradient, background=background).shape == (1, 4, 5, 4)


@pytest.mark.parametrize("gradient", ["n3mr", "softras"])
@pytest.mark.parametrize("material", MATERIALS)
@pytest.mark.parametrize("channels", [1, 2, 4, 5])
def test_lights_with_another_number_of_channels(gradient, material, channels):
    with refused("lights", f"light for {channels}, the number of channels", "light for 3"):
        draw(channels=channels, gradient=gradient, material=material, lights=LIGHTS)


@pytest.mark.parametrize("material", MATERIALS)
@pytest.mark.parametrize("channels", [1, 2, 5])
def test_grey_lights_fit_any_number_of_channels(material, channels):
    lights = (mr.AmbientLight(color=(0.5,)), mr.DirectionalLight(color=np.ones(channels)))
    assert draw(channels=channels, material=material, lights=lights).shape[-1] == channels + 1


@pytest.mark.parametrize("material", MATERIALS)
def test_lights_for_another_number_of_images(material):
    lights = (mr.AmbientLight(intensity=[0.1, 0.9]), mr.DirectionalLight())
    with refused("lights", "light for 1, the number of images", "light for 2"):
        draw(material=material, lights=lights)


@pytest.mark.parametrize("gradient", MODELS)
def test_colours_for_another_number_of_images(gradient):
    with refused("colors", "a batch of 1, the number of images", r"shape \(2, 12, 3\)"):
        draw(batch=2, gradient=gradient)


def test_cameras_for_another_number_of_meshes():
    eyes = np.float32([[0.7, 0.9, 3.0], [0.7, 0.9, 3.5], [0.7, 0.9, 4.0]])
    mesh = mr.geometry.icosphere(0)
    pair = mesh.with_vertices(np.stack([mesh.vertices, mesh.vertices]))
    for draw_with in (mr.render, mr.render_silhouette, mr.render_depth):
        with refused("vertices_world", "a batch of 1 or 3, the number of cameras", r"shape \(2,"):
            draw_with(pair, mr.Camera.look_at(eyes), image_size=(4, 5))


@pytest.mark.parametrize("lights", [mr.AmbientLight(), None, "ambient", 3])
def test_lights_that_are_no_sequence(lights):
    with refused("lights", "a sequence of lights", ".*", TypeError):
        draw(lights=lights)


def test_lights_that_are_none():
    with refused("identifier", "one of ", "'sun'"):
        draw(lights=("sun",))
    np.testing.assert_array_equal(draw(lights=("ambient",)), draw(lights=(mr.AmbientLight(),)))


@pytest.mark.parametrize("eps", ["a", None])
def test_numbers_that_are_none(eps):
    with refused("eps", "a number", ".*", TypeError):
        mr.N3mr(eps=eps)
