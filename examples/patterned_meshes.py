"""Pictures of random shapes that are covered with a pattern, for the judge of styles."""

import dataclasses
import math

import numpy as np
import tensorflow as tf

import tf_mesh_renderer as mr
from tf_mesh_renderer.applications.editing.views import ViewSampler
from tf_mesh_renderer.datasets.patterns import PATTERN_CLASSES, draw_patterns
from tf_mesh_renderer.datasets.synthetic.solids import revolved, superquadric, tube

SIDE = 64
VIEWS = 4  # of each shape
# Angles of view at which shapes fill the picture, or most of it.
FOV_Y_DEGREES = (36.0, 54.0)
SAMPLER = ViewSampler(elevation=(0.0, 50.0), light_cone=60.0)
# Ways to lay a pattern on a surface: as the camera sees it, around the upright axis, and straight
# through the shape, along a line that leads down at 45 degrees.
NUM_MAPPINGS = 3
# What a surface may show: a pattern, or no pattern.
CLASSES = (*PATTERN_CLASSES, "plain")
PLAIN = CLASSES.index("plain")


def random_shape(rng: np.random.Generator) -> mr.Mesh:
    """A vessel or a rounded box, with up to three handles, from -1 to 1."""
    vessel = [(radius, height) for height, radius in zip(np.linspace(-1, 1, 9), _profile(rng))]
    solids = [
        revolved(vessel, flatten=rng.uniform(0.7, 1.0))
        if rng.uniform() < 0.5
        else superquadric(
            rng.uniform(0.8, 2.0, 3), around=rng.uniform(0.2, 1.2), along=rng.uniform(0.2, 1.2)
        )
    ]
    solids += [_handle(rng) for _ in range(rng.integers(0, 4))]
    first = np.cumsum([0] + [len(solid.vertices) for solid in solids[:-1]])
    vertices = np.concatenate([solid.vertices for solid in solids])
    faces = np.concatenate([solid.faces + start for solid, start in zip(solids, first)])
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    vertices = (vertices - (low + high) / 2) * (2 / (high - low).max())
    return mr.Mesh(vertices.astype(np.float32), faces.astype(np.int32))


def _profile(rng):
    """Nine radii, smooth."""
    steps = np.arange(9) / 8
    waves = sum(
        rng.uniform(-0.2, 0.2) * np.cos(math.pi * n * steps + rng.uniform(0, math.pi))
        for n in (1, 2, 3)
    )
    return np.clip(rng.uniform(0.5, 0.9) + waves, 0.15, 1.0)


def _handle(rng):
    """An arc at the side of the body."""
    turn, low, high = rng.uniform(0, 2 * math.pi), *np.sort(rng.uniform(-0.8, 0.8, 2))
    reach = rng.uniform(0.2, 0.7)
    angle = np.linspace(-math.pi / 2, math.pi / 2, 9)
    out = 0.6 + reach * np.cos(angle)
    up = (low + high) / 2 + (high - low) / 2 * np.sin(angle)
    points = np.stack([out * math.cos(turn), up, out * math.sin(turn)], axis=-1)
    return tube(points, rng.uniform(0.1, 0.3))


@dataclasses.dataclass(frozen=True)
class Surfaces:
    """What is seen of shapes, but for their colours.

    Attributes:
      places: [N, 3, H, W, 2] float32, where on a pattern each pixel lies, for each mapping.
      shade: [N, H, W] float32, brightness of a white surface times coverage.
      mask: [N, H, W] float32, coverage.
    """

    places: np.ndarray
    shade: np.ndarray
    mask: np.ndarray


def see(mesh: mr.Mesh, sampler: ViewSampler, views) -> Surfaces:
    """Draws a mesh from each of the views."""
    size, camera = (SIDE, SIDE), views.camera
    white = mr.render(mesh, camera, image_size=size, lights=views.lights)
    located = dataclasses.replace(mesh, texture=mr.VertexColors(mesh.vertices))
    points = mr.render(
        located, camera, image_size=size, material="unlit", anti_aliasing=False
    ).numpy()[..., :3]
    eye = np.asarray(camera.eye)
    toward = eye * (1, 0, 1)
    toward /= np.linalg.norm(toward, axis=-1, keepdims=True)
    right = np.asarray(camera.world_to_clip)[:, 0, :3]
    right = right / np.linalg.norm(right, axis=-1, keepdims=True)
    x = np.einsum("bhwi,bi->bhw", points, right)
    z = np.einsum("bhwi,bi->bhw", points, toward)
    # Lengths in sides of a picture, at the distance of the centre.
    side = 2 * sampler.distance * math.tan(math.radians(sampler.fov_y_degrees / 2))
    mask = white.numpy()[..., 3]
    radius = np.sum(np.hypot(x, z) * mask, axis=(1, 2)) / np.maximum(mask.sum(axis=(1, 2)), 1)
    around = np.stack([radius[:, None, None] * np.arctan2(x, z), -points[..., 1]], axis=-1)
    through = np.stack([x, 0.75 * (z - points[..., 1])], axis=-1)
    ticks = (np.arange(SIDE) + 0.5) / SIDE - 0.5
    flat = np.broadcast_to(np.stack(np.meshgrid(ticks, ticks), axis=-1), around.shape)
    places = np.stack([flat, around / side, through / side], axis=1)
    return Surfaces(places.astype(np.float32), white.numpy()[..., 0], mask)


def views_of(mesh: mr.Mesh, fov_y_degrees: float, count: int) -> Surfaces:
    """Views of one mesh from all around, at the elevations of style transfer."""
    sampler = ViewSampler(fov_y_degrees=fov_y_degrees)
    return see(mesh, sampler, sampler.held_out(count))


def random_surfaces(count: int, seed: int) -> Surfaces:
    """Views of `count` random shapes, four of each."""
    rng = np.random.default_rng(seed)
    seen = []
    for index in range(count):
        sampler = dataclasses.replace(SAMPLER, fov_y_degrees=rng.uniform(*FOV_Y_DEGREES))
        views = sampler.draw(VIEWS, tf.constant([seed, index]))
        seen.append(see(random_shape(rng), sampler, views))
    fields = (field.name for field in dataclasses.fields(Surfaces))
    return Surfaces(*(np.concatenate([getattr(one, name) for one in seen]) for name in fields))


def paint(labels, seed, places=None, shade=None, mask=None):
    """Pictures [B, H, W, 3] of surfaces, or flat ones.

    A surface is before grey or before the mean colour of a pattern; the plain ones have either of
    these colours, too.
    """
    labels = tf.cast(labels, tf.int32)
    numbers = tf.random.stateless_uniform([4, tf.shape(labels)[0], 1, 1, 1], [seed[0], ~seed[1]])
    is_plain = labels[:, tf.newaxis, tf.newaxis, tf.newaxis] == PLAIN
    any_pattern = tf.cast(numbers[0, :, 0, 0, 0] * len(PATTERN_CLASSES), tf.int32)
    drawn = tf.where(labels == PLAIN, any_pattern, labels)
    pattern = draw_patterns(drawn, seed=seed, image_size=SIDE, places=places)
    mean = tf.reduce_mean(pattern, axis=[1, 2], keepdims=True)
    plain = tf.where(numbers[1] < 0.5, mean, tf.ones_like(mean) * numbers[2])
    surface = tf.where(is_plain, plain, pattern)
    if mask is None:
        return surface
    background = tf.where(numbers[3] < 0.5, mean, tf.ones_like(mean) * numbers[0])
    mask, shade = mask[..., tf.newaxis], shade[..., tf.newaxis]
    return surface * shade + (1.0 - mask) * background


def batches(
    surfaces: Surfaces,
    batch_size: int,
    *,
    seed: int,
    start_step: int = 0,
    plain_share: float = 0.125,
):
    """An endless data set of (pictures, labels): half of them flat, half on surfaces.

    `plain_share` of them show no pattern.
    """
    places, shade, mask = (
        tf.constant(value) for value in (surfaces.places, surfaces.shade, surfaces.mask)
    )
    half = batch_size // 2

    def batch(step):
        both = tf.stack([tf.cast(seed, tf.int32), tf.cast(step, tf.int32)])
        labels = tf.random.stateless_uniform([batch_size], both, 0, len(PATTERN_CLASSES), tf.int32)
        one, two, three = tf.unstack(tf.random.split(both, 3))
        is_plain = tf.random.stateless_uniform([batch_size], three) < plain_share
        labels = tf.where(is_plain, PLAIN, labels)
        view = tf.random.stateless_uniform([half], one, 0, shade.shape[0], tf.int32)
        mapping = tf.random.stateless_uniform([half], two, 0, NUM_MAPPINGS, tf.int32)
        where = tf.gather_nd(places, tf.stack([view, mapping], axis=-1))
        painted = paint(labels[:half], both, where, tf.gather(shade, view), tf.gather(mask, view))
        return tf.concat([painted, paint(labels[half:], both)], axis=0), labels

    steps = tf.data.Dataset.counter(start=start_step)
    return steps.map(batch, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)
