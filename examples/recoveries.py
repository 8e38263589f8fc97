"""What a picture depends on: for each thing a true value, a wrong start, and how to draw it."""

import dataclasses
from collections.abc import Callable

import numpy as np
import tensorflow as tf
from references import colored_bands

import tf_mesh_renderer as mr

_EYE = (0.9, 1.1, -2.6)
# One picture says nothing about the far side of a shape.
_THREE_EYES = (_EYE, (-2.0, 0.8, 2.0), (2.3, 1.0, 1.6))
_FIRST_EYE = (3.2, 1.5, 0.0)
_LIGHTS = (
    mr.AmbientLight(intensity=0.2),
    mr.DirectionalLight(intensity=0.8, direction=(-0.6, 1.2, -1.4)),
)
_SHININESS, _SPECULAR = 30.0, 0.7
_FIRST_SHININESS, _FIRST_SPECULAR = 3.0, 0.3
_BROWN = (0.4, 0.15, 0.08)


@dataclasses.dataclass(frozen=True)
class Recovery:
    """One thing to recover.

    Attributes:
      title: what it is, short.
      truth: what the target is drawn with.
      start: what the optimiser begins with, a tensor of the same shape.
      draw: from such a tensor and an image size to images [N, H, W, 4].
      learning_rate: of the optimiser.
      penalty: of such a tensor, added to the loss.
      errors: {name: figure} that say how far such a tensor is from the truth.
    """

    title: str
    truth: tf.Tensor
    start: tf.Tensor
    draw: Callable
    learning_rate: float
    penalty: Callable = lambda _: 0.0
    errors: Callable = lambda _: {}


def render(mesh, size, *, eye=_EYE, **scene) -> tf.Tensor:
    """All recoveries are drawn by DIB-R; what lies in a box from -1 to 1 fills the picture."""
    camera = mr.Camera.look_at(eye, fov_y_degrees=44.0)
    return mr.render(mesh, camera, image_size=size, gradient="dibr", background=1.0, **scene)


# --- shapes and colours ---------------------------------------------------------------------------


def waves(points, frequency) -> np.ndarray:
    """Smooth values [V, 3] in [-1, 1] that depend on the place."""
    x, y, z = np.asarray(points).T
    phases = np.stack([x + 2 * y, y - z, z - x + 1], axis=-1)
    return np.sin(frequency * phases).astype(np.float32)


def globe(segments=32) -> tuple[mr.Mesh, np.ndarray]:
    """A sphere and its texture coordinates [V, 2]; the first meridian has its vertices twice."""
    u, v = np.meshgrid(np.linspace(0, 1, 2 * segments + 1), np.linspace(0, 1, segments + 1))
    longitude, latitude = 2 * np.pi * u, np.pi * (v - 0.5)
    points = np.stack(
        [
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
            np.cos(latitude) * np.cos(longitude),
        ],
        axis=-1,
    )
    row, column = np.divmod(np.arange(segments * 2 * segments), 2 * segments)
    a = row * (2 * segments + 1) + column
    b, c, d = a + 1, a + 2 * segments + 2, a + 2 * segments + 1
    # At the poles a square has three corners.
    upper, lower = row < segments - 1, row > 0
    faces = np.concatenate([np.stack([a, b, c], -1)[lower], np.stack([a, c, d], -1)[upper]])
    mesh = mr.Mesh(points.reshape(-1, 3).astype(np.float32), faces)
    return mesh, np.stack([u, v], axis=-1).reshape(-1, 2).astype(np.float32)


def in_colors(mesh) -> mr.Mesh:
    """The mesh with vertex colours that change with the place."""
    colors = 0.5 + 0.4 * waves(mesh.vertices, 4.0)
    return mr.Mesh(mesh.vertices, mesh.faces, mr.VertexColors(colors))


def picture(side=64) -> np.ndarray:
    """Bands, crossed by eight waves of brightness that join at the sides; [side, side, 3]."""
    x = 2 * np.pi * 8 * (np.arange(side) / side)[np.newaxis, :, np.newaxis]
    bands = colored_bands(side)
    bands = np.where(bands > 0, bands, 0.35)
    return (bands * (0.7 + 0.3 * np.sin(x))).astype(np.float32)


def textured(mesh, image, uv) -> mr.Mesh:
    """The mesh with a picture laid on it."""
    return mr.Mesh(mesh.vertices, mesh.faces, mr.textures.UvTexture(image, uv))


# --- the recoveries -------------------------------------------------------------------------------


def vertex_positions(mesh) -> Recovery:
    """The object, bent, in its colours."""
    mesh = in_colors(mesh)
    bent = mesh.vertices + 0.08 * waves(mesh.vertices, 2.5)
    return _positions("positions", mesh, bent)


def lit_vertex_positions(_) -> Recovery:
    """A ball becomes a blob that has no colours, but light and shade."""
    ball = mr.geometry.icosphere(3, radius=0.75)
    blob = ball.with_vertices(ball.vertices + 0.15 * waves(ball.vertices, 2.5))
    return _positions("positions, lit", blob, ball.vertices, lights=_LIGHTS, material="lambert")


def _positions(title, mesh, start, **scene):
    adjacency = mr.geometry.Adjacency.from_faces(mesh.faces, mesh.num_vertices)

    def draw(vertices, size):
        return render(mesh.with_vertices(vertices), size, eye=_THREE_EYES, **scene)

    def penalty(vertices):
        return 0.01 * mr.losses.laplacian_loss(vertices - start, adjacency)

    return Recovery(title, mesh.vertices, start, draw, 3e-3, penalty)


def vertex_colors(mesh) -> Recovery:
    truth = in_colors(mesh).texture.colors

    def draw(colors, size):
        return render(mr.Mesh(mesh.vertices, mesh.faces, mr.VertexColors(colors)), size)

    return Recovery("vertex colors", truth, tf.fill(truth.shape, 0.5), draw, 0.03)


def texture_image(_) -> Recovery:
    ball, uv = globe()
    truth = tf.constant(picture())

    def draw(image, size):
        return render(textured(ball, image, uv), size)

    return Recovery("texture", truth, tf.fill(truth.shape, 0.5), draw, 0.03)


def texture_coordinates(_) -> Recovery:
    ball, uv = globe()
    image, start = picture(), uv + 0.04 * waves(ball.vertices, 2.0)[:, :2]

    adjacency = mr.geometry.Adjacency.from_faces(ball.faces, ball.num_vertices)

    def draw(uv, size):
        return render(textured(ball, image, uv), size)

    def penalty(uv):
        return 0.3 * mr.losses.laplacian_loss(uv - start, adjacency)

    return Recovery("texture coord.", tf.constant(uv), tf.constant(start), draw, 3e-3, penalty)


def camera_position(mesh) -> Recovery:
    white = mr.Mesh(mesh.vertices, mesh.faces)

    def draw(eye, size):
        return render(white, size, eye=eye, lights=_LIGHTS, material="lambert")

    def errors(eye):
        found, true = np.asarray(eye, np.float64), np.array(_EYE)
        distance, true_distance = np.linalg.norm(found), np.linalg.norm(true)
        cosine = np.clip(np.dot(found, true) / (distance * true_distance), -1.0, 1.0)
        return {
            "angle_degrees": float(np.degrees(np.arccos(cosine))),
            "distance_percent": float(100 * abs(distance / true_distance - 1)),
        }

    return Recovery("camera", tf.constant(_EYE), tf.constant(_FIRST_EYE), draw, 0.03, errors=errors)


def light(mesh) -> Recovery:
    """Nine coefficients of spherical harmonics for each channel."""
    white = mr.Mesh(mesh.vertices, mesh.faces)
    truth = np.random.default_rng(3).normal(0.0, 0.6, [9, 3]).astype(np.float32)
    truth[0] = 2.2  # enough light from everywhere that none is negative
    start = np.zeros_like(truth)
    start[0] = 1.5

    def draw(coefficients, size):
        lights = (mr.shading.SphericalHarmonicsLight(coefficients),)
        return render(white, size, lights=lights, material="lambert")

    return Recovery("light", tf.constant(truth), tf.constant(start), draw, 0.05)


def material(mesh) -> Recovery:
    """Shininess and strength of Phong's highlight; logarithms, because both are positive."""
    colors = np.full(mesh.vertices.shape, _BROWN, np.float32)
    brown = mr.Mesh(mesh.vertices, mesh.faces, mr.VertexColors(colors))

    def draw(logarithms, size):
        shininess, specular = tf.unstack(tf.exp(logarithms))
        phong = mr.shading.Phong(shininess=shininess, specular=specular)
        return render(brown, size, lights=_LIGHTS, material=phong)

    def errors(logarithms):
        shininess, specular = np.exp(logarithms) / (_SHININESS, _SPECULAR)
        return {
            "shininess_percent": float(100 * abs(shininess - 1)),
            "specular_percent": float(100 * abs(specular - 1)),
        }

    truth = tf.math.log(tf.constant([_SHININESS, _SPECULAR]))
    start = tf.math.log(tf.constant([_FIRST_SHININESS, _FIRST_SPECULAR]))
    return Recovery("material", truth, start, draw, 0.06, errors=errors)


ALL = (
    vertex_positions,
    vertex_colors,
    texture_image,
    texture_coordinates,
    lit_vertex_positions,
    camera_position,
    light,
    material,
)
