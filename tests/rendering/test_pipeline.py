"""The pipeline: what it draws, that its options mean what they say, and that gradients arrive."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from tests.support.gradient_checker import check_gradients
from tf_mesh_renderer.cameras.camera import Camera
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.geometry.primitives import cube, icosphere, plane
from tf_mesh_renderer.gradients import N3mr, NearestFaceModel, composite
from tf_mesh_renderer.rendering import downsample, render, render_depth, render_silhouette
from tf_mesh_renderer.shading.lights import AmbientLight, DirectionalLight
from tf_mesh_renderer.textures.face import FaceTexture, VertexColors

SIZE = (20, 32)
ASPECT = SIZE[1] / SIZE[0]
# No axis of the scene, so that no edge runs through pixel centres.
EYE = (0.7, 0.9, 3.0)


def camera(**options):
    return Camera.look_at(EYE, aspect=ASPECT, **options)


def colored_sphere(dtype=np.float32):
    sphere = icosphere(1)
    colors = np.random.default_rng(0).random((80, 2, 2, 2, 3)).astype(dtype)
    vertices = np.asarray(sphere.vertices).astype(dtype)
    return Mesh(vertices, sphere.faces, FaceTexture(colors))


# --- colour ---------------------------------------------------------------------------------------


def test_white_object_over_background():
    image = render(cube(), camera(), image_size=SIZE, background=(0.1, 0.2, 0.3)).numpy()
    assert image.shape == (1, *SIZE, 4)
    np.testing.assert_array_equal(image[0, 10, 16], [1, 1, 1, 1])
    np.testing.assert_allclose(image[0, 0, 0], [0.1, 0.2, 0.3, 0], rtol=1e-6)
    mixed = image[..., 3:] + (1 - image[..., 3:]) * np.float32([0.1, 0.2, 0.3])
    np.testing.assert_allclose(image[..., :3], mixed, atol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_anti_aliasing_is_the_mean_of_an_image_twice_the_size(dtype):
    mesh = colored_sphere(dtype)
    lights = (AmbientLight(), DirectionalLight())
    fine = render(
        mesh, camera(), image_size=(40, 64), lights=lights, background=0.5, anti_aliasing=False
    )
    image = render(mesh, camera(), image_size=SIZE, lights=lights, background=0.5)
    assert image.dtype == dtype
    np.testing.assert_array_equal(image, downsample(fine))
    np.testing.assert_array_equal(render_silhouette(mesh, camera(), image_size=SIZE), image[..., 3])


def test_image_size_may_be_a_tensor():
    draw = tf.function(lambda size: render(cube(), camera(), image_size=size), autograph=False)
    expected = render(cube(), camera(), image_size=SIZE)
    np.testing.assert_array_equal(draw(tf.constant(SIZE)), expected)


def test_vertex_colors_and_any_number_of_channels():
    colors = np.random.default_rng(1).random((8, 5)).astype(np.float32)
    mesh = Mesh(cube().vertices, cube().faces, VertexColors(colors))
    image = render(mesh, camera(), image_size=SIZE, background=[0.0, 0.1, 0.2, 0.3, 0.4])
    assert image.shape == (1, *SIZE, 6)
    np.testing.assert_allclose(image[0, 0, 0, :5], [0, 0.1, 0.2, 0.3, 0.4], rtol=1e-6)
    assert np.ptp(image[0, 10, 10:22, :5]) > 0.1


def test_left_handed_camera_shows_the_mirror_image():
    """The side that shows is lit, whatever way round the faces appear."""
    lights = (AmbientLight(intensity=0.3), DirectionalLight(direction=(0.3, 0.9, 0.5)))
    options = {"image_size": SIZE, "lights": lights}
    right = render(colored_sphere(), camera(), **options).numpy()
    left = render(colored_sphere(), camera(handedness="left"), **options).numpy()
    assert np.ptp(right[..., :3]) > 0.5
    np.testing.assert_allclose(left, right[:, :, ::-1], atol=2e-6)


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_light_falls_on_the_side_that_shows(side):
    # The plane faces +z; each camera sees one side, each light shines on one.
    eye = (0.1, 0.2, 3.0 * side)
    sun = DirectionalLight(intensity=0.75, direction=(0.0, 0.0, 2.0))
    image = render(plane(), Camera.look_at(eye), image_size=(9, 9), lights=(sun,)).numpy()
    expected = 0.75 if side > 0 else 0.0
    np.testing.assert_allclose(image[0, 4, 4], [expected] * 3 + [1.0], rtol=1e-6)


def test_culling():
    inside = Camera.look_at((0.0, 0.0, 0.3))
    options = {"image_size": (8, 8), "anti_aliasing": False}
    for cull, expected in (("none", 1.0), ("back", 0.0), ("front", 1.0)):
        image = render_silhouette(icosphere(1), inside, cull=cull, **options)
        np.testing.assert_array_equal(image, np.full((1, 8, 8), expected))


# --- depth ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("anti_aliasing", [True, False])
def test_depth_of_a_plane_is_its_distance_up_to_its_border(anti_aliasing):
    eye = (0.13, 0.24, 2.5)
    view = Camera.look_at(eye, (0.13, 0.24, 0.0), aspect=ASPECT)
    options = {"image_size": SIZE, "anti_aliasing": anti_aliasing}
    depth = render_depth(plane(3), view, background=-7.0, **options).numpy()
    alpha = render_silhouette(plane(3), view, **options).numpy()
    assert np.any((alpha > 0) & (alpha < 1)) == anti_aliasing
    np.testing.assert_allclose(depth[alpha > 0], 2.5, rtol=1e-6)
    np.testing.assert_array_equal(depth[alpha == 0], -7.0)


def test_orthographic_depth_is_distance_from_the_camera():
    view = Camera.orthographic((0.1, 0.2, 2.5), (0.1, 0.2, 0.0), half_height=1.6, far=9.0)
    depth = render_depth(plane(), view, image_size=(16, 16)).numpy()
    np.testing.assert_allclose(depth[0, 8, 8], 2.5, rtol=1e-6)
    assert depth[0, 0, 0] == 0


def test_near_and_far_of_the_camera_are_honoured():
    for near, far in ((3.5, 9.0), (0.1, 1.5)):
        clipped = camera(near=near, far=far)
        depth = render_depth(icosphere(1), clipped, image_size=SIZE).numpy()
        silhouette = render_silhouette(icosphere(1), clipped, image_size=SIZE).numpy()
        np.testing.assert_array_equal(depth > 0, silhouette > 0)
        assert np.all((depth == 0) | ((depth > near) & (depth < far)))
    assert render_depth(icosphere(1), camera(near=2.6), image_size=SIZE).numpy().max() > 2.6


def test_depth_gradient_equals_finite_differences():
    # One triangle beyond the borders of the image: nothing becomes visible when it moves.
    vertices = np.array([[-9.0, -9.0, 0.3], [11.0, -8.0, -0.2], [0.5, 12.0, 0.1]])
    weights = np.random.default_rng(2).normal(size=(1, 4, 6))

    def loss(vertices):
        mesh = Mesh(vertices, [[0, 1, 2]])
        return tf.reduce_sum(render_depth(mesh, camera(), image_size=(4, 6)) * weights)

    check_gradients(loss, [vertices])


# --- batches --------------------------------------------------------------------------------------


def padded_batch():
    """A cube and a sphere in one batch: vertices padded with zeros, faces with -1."""
    meshes = [cube(half_side=0.6), icosphere(1)]
    sizes = [(len(mesh.vertices), len(mesh.faces)) for mesh in meshes]
    num_vertices, num_faces = np.max(sizes, axis=0)
    vertices = np.zeros((2, num_vertices, 3), np.float32)
    faces = np.full((2, num_faces, 3), -1, np.int32)
    for b, (mesh, (v, f)) in enumerate(zip(meshes, sizes, strict=True)):
        vertices[b, :v], faces[b, :f] = mesh.vertices, mesh.faces
    textures = np.random.default_rng(3).random((2, num_faces, 2, 2, 2, 3)).astype(np.float32)
    return sizes, vertices, faces, textures


def image_and_gradients(vertices, faces, textures, eyes, backgrounds):
    inputs = [tf.constant(value) for value in (vertices, textures, eyes, backgrounds)]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        vertices, textures, eyes, backgrounds = inputs
        image = render(
            Mesh(vertices, faces, FaceTexture(textures)),
            Camera.look_at(eyes, aspect=ASPECT),
            image_size=SIZE,
            lights=(AmbientLight(), DirectionalLight()),
            background=backgrounds,
        )
        target = tf.random.stateless_uniform([2, *SIZE, 4], seed=[1, 1])[: len(image)]
        loss = tf.reduce_sum((image - target[:1]) ** 2)
    return [image, *tape.gradient(loss, inputs)]


def test_batch_with_padded_faces_equals_a_loop():
    sizes, vertices, faces, textures = padded_batch()
    eyes = np.float32([[0.7, 0.9, 3.0], [-1.5, 0.4, 2.2]])
    backgrounds = np.float32([[0.1, 0.2, 0.3], [0.5, 0.4, 0.3]])
    batch = image_and_gradients(vertices, faces, textures, eyes, backgrounds)
    for b, (v, f) in enumerate(sizes):
        one = np.s_[b : b + 1]
        single = image_and_gradients(
            vertices[one, :v], faces[b, :f], textures[one, :f], eyes[one], backgrounds[one]
        )
        image, to_vertices, to_textures, to_eye, to_background = (x[b] for x in batch)
        cropped = [image, to_vertices[:v], to_textures[:f], to_eye, to_background]
        for ours, expected in zip(cropped, single, strict=True):
            scale = np.abs(expected).max()
            np.testing.assert_allclose(ours, expected[0], atol=1e-5 * scale)
        assert not np.any(to_vertices[v:])
        assert not np.any(to_textures[f:])


def test_one_mesh_serves_many_cameras():
    eyes = np.float32([[0.7, 0.9, 3.0], [-1.5, 0.4, 2.2], [0.1, -2.0, 1.9]])
    lights = (AmbientLight(), DirectionalLight())
    options = {"image_size": SIZE, "lights": lights}
    sphere = colored_sphere()
    one = dataclasses.replace(sphere, vertices=sphere.vertices[None], faces=sphere.faces[None])
    images = render(one, Camera.look_at(eyes, aspect=ASPECT), **options)
    assert images.shape == (3, *SIZE, 4)
    for eye, image in zip(eyes, images, strict=True):
        single = render(colored_sphere(), Camera.look_at(eye, aspect=ASPECT), **options)
        np.testing.assert_allclose(image, single[0], atol=1e-5)


# --- gradients ------------------------------------------------------------------------------------


def test_texture_background_and_light_gradients_equal_finite_differences():
    weights = np.random.default_rng(4).normal(size=(1, 6, 8, 4))
    cubes = np.random.default_rng(5).random((1, 2, 2, 2, 3))
    vertices = np.array([[-1.0, -1.0, 0.2], [1.3, -0.8, 0.1], [0.1, 1.2, -0.3]])
    sun = DirectionalLight(direction=(0.1, 0.4, 0.8))

    def loss(cubes, background, color):
        image = render(
            Mesh(vertices, [[0, 1, 2]], FaceTexture(cubes)),
            camera(),
            image_size=(6, 8),
            lights=(AmbientLight(color), sun),
            background=background,
        )
        return tf.reduce_sum(image * weights)

    check_gradients(loss, [cubes, np.array([0.1, 0.2, 0.3]), np.array([0.9, 0.8, 0.7])])


def test_shading_moves_vertices_beside_the_gradient_model():
    """With a model that passes no gradient to vertices, what is left is the light's, exact."""

    class Still(NearestFaceModel):
        def blend(self, colors, fragments, *, vertices_clip, faces, background):
            return composite(colors, fragments.mask, background)

    vertices = np.array([[-9.0, -9.0, 0.3], [11.0, -8.0, -0.2], [0.5, 12.0, 0.1]])

    def loss(vertices):
        mesh = Mesh(vertices, [[0, 1, 2]])
        lights = (DirectionalLight(direction=(0.2, 0.3, 0.8)),)
        options = {"image_size": (3, 4), "lights": lights, "gradient": Still()}
        return tf.reduce_sum(render(mesh, camera(), **options))

    check_gradients(loss, [vertices], rtol=1e-5)


def test_camera_inside_the_mesh_gives_finite_images_and_gradients():
    vertices = tf.constant(icosphere(2).vertices)
    eye = tf.constant([0.1, 0.2, -0.4])
    with tf.GradientTape() as tape:
        tape.watch([vertices, eye])
        mesh = Mesh(vertices, icosphere(2).faces)
        view = Camera.look_at(eye, (1.0, 0.0, 0.0))
        lights = (AmbientLight(), DirectionalLight())
        rgba = render(mesh, view, image_size=SIZE, lights=lights, background=0.3)
        depth = render_depth(mesh, view, image_size=SIZE)
        loss = tf.reduce_sum(rgba[..., :3] ** 2) + tf.reduce_sum(depth)
    np.testing.assert_array_equal(rgba[..., 3], 1)
    for gradient in tape.gradient(loss, [vertices, eye]):
        assert np.all(np.isfinite(gradient))


def intersection_over_union(a, b):
    return np.sum(np.minimum(a, b)) / np.sum(np.maximum(a, b))


def test_descent_moves_a_sphere_onto_its_silhouette():
    sphere = icosphere(2)
    target = render_silhouette(sphere, camera(), image_size=(32, 32))
    offset = tf.Variable([0.5, -0.4, 0.0])
    base = tf.constant(sphere.vertices)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            mesh = Mesh(base + offset, sphere.faces)
            image = render_silhouette(mesh, camera(), image_size=(32, 32), gradient=N3mr(1e-3))
            loss = tf.reduce_sum((image - target) ** 2)
        gradient = tape.gradient(loss, offset)
        offset.assign_sub(0.02 * gradient / (tf.norm(gradient) + 1e-6))
        return image

    before = intersection_over_union(step().numpy(), target.numpy())
    for _ in range(50):
        after = intersection_over_union(step().numpy(), target.numpy())
    assert before < 0.6
    assert after > 0.93
