"""Endless batches of textured superquadrics for training, and a fixed set for tests."""

import dataclasses

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.cameras import Camera, get_points_from_angles
from tf_mesh_renderer.datasets.batches import batch_rows, check_range
from tf_mesh_renderer.datasets.textured.lighting import draw_illumination
from tf_mesh_renderer.datasets.textured.painting import paint
from tf_mesh_renderer.datasets.textured.shapes import superquadrics
from tf_mesh_renderer.datasets.views import DISTANCE, FOV_DEGREES
from tf_mesh_renderer.geometry import Mesh, icosphere
from tf_mesh_renderer.rendering import render
from tf_mesh_renderer.shading import illumination
from tf_mesh_renderer.textures import UvTexture, spherical_uv

# No training may have it as its seed.
TEST_SEED = 2**31 - 1
_ELEVATION_DEGREES = (0.0, 50.0)


@dataclasses.dataclass(frozen=True)
class TexturedStyle:
    """What the objects and their pictures are like.

    Attributes:
      illumination: "lambert", "phong" or "sh": light and material.
      image_size: (height, width) of the pictures in pixels.
      texture_size: (h, w) of the textures in texels.
      subdivisions: of the icosphere whose vertices the objects have; 3: 1280 faces.
      views: N, pictures of each object.
    """

    illumination: str = "lambert"
    image_size: tuple[int, int] = (64, 64)
    texture_size: tuple[int, int] = (64, 64)
    subdivisions: int = 3
    views: int = 2


def textured_batches(
    *,
    batch_size: int,
    seed: int,
    style: TexturedStyle = TexturedStyle(),
    start_step: int = 0,
    num_shards: int = 1,
    shard: int = 0,
) -> tf.data.Dataset:
    """Endless training batches of new objects, with the truth beside the pictures.

    Batch number `step` depends on `seed` and `step` alone: training that starts again at
    `start_step` sees what it would have seen, and workers that take the shards of one batch see
    together what one worker would have seen. All of it is part of the graph.

    Args:
      batch_size: number of objects B of the whole batch, of all shards together.
      seed: int >= 0, other than `TEST_SEED`.
      style: of objects and pictures.
      start_step: number of the first batch.
      num_shards: number of workers; divides `batch_size`.
      shard: which of them this is, from 0.
    Returns:
      `tf.data.Dataset` of dicts of float32 tensors, B / num_shards objects each:
      "images" [B, N, H, W, 4] in [0, 1], colour over black and mask;
      "world_to_view" and "view_to_clip" [B, N, 4, 4], the cameras' matrices;
      "vertices" [B, V, 3], world space;
      and what a network has to find: "textures" [B, h, w, 3], "lights" [B, K] in world space, as
      `style.illumination` reads them, and "albedos" [B, N, H, W, 3], the pictures without light.
    Raises:
      ValueError: a number is out of its range.
    """
    where = "textured_batches"
    rows = batch_rows(where, batch_size=batch_size, num_shards=num_shards, shard=shard)
    check_range(where, "seed", seed, low=0, high=TEST_SEED - 1)
    check_range(where, "start_step", start_step, low=0)
    steps = tf.data.Dataset.counter(start_step)
    draw = _Objects(style, seed, batch_size)
    return steps.map(lambda step: draw(step, rows), tf.data.AUTOTUNE, deterministic=True).prefetch(
        tf.data.AUTOTUNE
    )


def textured_test_batches(
    *, count: int = 24, batch_size: int = 8, style: TexturedStyle = TexturedStyle()
) -> tf.data.Dataset:
    """The same objects every time, which no training sees.

    Args:
      count: number of objects, a multiple of `batch_size`.
      batch_size: objects in a batch.
      style: of objects and pictures.
    Returns:
      A finite `tf.data.Dataset` of batches as of `textured_batches`.
    Raises:
      ValueError: a number is out of its range.
    """
    if batch_size < 1 or count % batch_size:
        raise argument_error(
            "textured_test_batches",
            "count",
            expected=f"a multiple of the batch size, {batch_size}",
            received=count,
            hint="batches of one object always fit",
        )
    draw = _Objects(style, TEST_SEED, batch_size)
    every_row = slice(0, batch_size)
    steps = tf.data.Dataset.range(count // batch_size)
    return steps.map(lambda step: draw(step, every_row), tf.data.AUTOTUNE, deterministic=True)


class _Objects:
    """Draws batch number `step` of a seed, and takes some of its rows."""

    def __init__(self, style: TexturedStyle, seed: int, batch_size: int):
        self._style = style
        self._seed = seed
        self._batch_size = batch_size
        self._sphere = icosphere(style.subdivisions)
        self._uv = spherical_uv(self._sphere.vertices, self._sphere.faces)

    @tf.autograph.experimental.do_not_convert
    def __call__(self, step, rows) -> dict[str, tf.Tensor]:
        style, count = self._style, self._batch_size
        seeds = tf.unstack(tf.random.split(tf.stack([tf.cast(self._seed, tf.int64), step]), 4))
        vertices = superquadrics(self._sphere.vertices.numpy(), count=count, seed=seeds[0])[rows]
        textures = paint(style.texture_size, count=count, seed=seeds[1])[rows]
        lights = draw_illumination(style.illumination, count=count, seed=seeds[2])[rows]
        eyes = _eyes(tf.random.stateless_uniform([count, style.views, 2], seeds[3])[rows])
        height, width = style.image_size
        camera = Camera.look_at(
            tf.reshape(eyes, [-1, 3]), fov_y_degrees=FOV_DEGREES, aspect=width / height
        )
        images, albedos = self._draw(vertices, textures, lights, camera)
        leading = [rows.stop - rows.start, style.views]
        clip = tf.broadcast_to(camera.view_to_clip, [*leading, 4, 4])
        return {
            "images": tf.reshape(images, [*leading, height, width, 4]),
            "world_to_view": tf.reshape(camera.world_to_view, [*leading, 4, 4]),
            "view_to_clip": clip,
            "vertices": vertices,
            "textures": textures,
            "lights": lights,
            "albedos": tf.reshape(albedos, [*leading, height, width, 3]),
        }

    def _draw(self, vertices, textures, lights, camera):
        """Lit pictures [B N, H, W, 4] in [0, 1] and unlit ones, without alpha."""
        vertices, textures, lights = (
            tf.repeat(values, self._style.views, axis=0) for values in (vertices, textures, lights)
        )
        mesh = Mesh(vertices, self._sphere.faces, UvTexture(textures, *self._uv))
        options = {"image_size": self._style.image_size, "anti_aliasing": False}
        model = illumination.get(self._style.illumination)
        lit = render(
            mesh,
            camera,
            lights=model.lights(lights),
            material=model.material(lights),
            **options,
        )
        unlit = render(mesh, camera, material="unlit", **options)
        return tf.clip_by_value(lit, 0.0, 1.0), unlit[..., :3]


def _eyes(numbers: tf.Tensor) -> tf.Tensor:
    """Positions [..., 3] of cameras all around, of numbers [..., 2] in [0, 1)."""
    low, high = _ELEVATION_DEGREES
    elevation = low + (high - low) * numbers[..., 0]
    return get_points_from_angles(DISTANCE, elevation, 360.0 * numbers[..., 1])
