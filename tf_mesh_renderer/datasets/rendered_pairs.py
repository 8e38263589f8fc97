"""Training batches that are drawn when they are needed, by TensorFlow alone."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.datasets.batches import batch_rows, check_range
from tf_mesh_renderer.datasets.packed_meshes import MeshArrays
from tf_mesh_renderer.datasets.views import IMAGE_SIZE, NUM_VIEWS, camera_of_view
from tf_mesh_renderer.geometry import Mesh
from tf_mesh_renderer.rendering import render
from tf_mesh_renderer.shading import Light, ShadingModel, Unlit
from tf_mesh_renderer.textures import VertexColors

_BYTE_MAX = 255.0
_VIEWS = 2
# Numbers drawn for each row of a batch: category, object, and the views.
_DRAWS = 2 + _VIEWS
# Where endless ends. `Dataset.counter` has no end, but every worker of a tf.data service would
# count from its start, where those of `Dataset.range` share the numbers.
_LAST_STEP = 2**62


@dataclasses.dataclass(frozen=True)
class PictureStyle:
    """What the pictures look like.

    Attributes:
      image_size: their side in pixels.
      lights: of all objects.
      material: how surfaces answer the lights.
    """

    image_size: int = IMAGE_SIZE
    lights: tuple[Light, ...] = ()
    material: ShadingModel = Unlit()  # noqa: RUF009  (a frozen value)


def rendered_view_pairs(
    meshes: Sequence[Sequence[MeshArrays]],
    *,
    batch_size: int,
    seed: int,
    style: PictureStyle = PictureStyle(),
    start_step: int = 0,
    num_shards: int = 1,
    shard: int = 0,
) -> tf.data.Dataset:
    """Endless training batches like those of `view_pairs`, of meshes instead of stored pictures.

    Everything is part of the graph, meshes too: the data set can be handed to the tf.data service,
    whose processes have neither the files nor this program. A graph may have 2 GB.

    Batch number `step` depends on `seed` and `step` alone. It draws other numbers than `view_pairs`
    does, of the same distribution: categories, objects of them and two views of each are uniform.

    Args:
      meshes: those of each category, as `ShapeNetRenderings.meshes` returns them; in (-0.5, 0.5)^3.
      batch_size: number of objects B of the whole batch, of all shards together.
      seed: int >= 0.
      style: size and light of the pictures.
      start_step: number of the first batch.
      num_shards: number of workers; divides `batch_size`.
      shard: which of them this is, from 0.
    Returns:
      `tf.data.Dataset` of {"images": [B / num_shards, 2, S, S, 4] float32 in [0, 1], colour over
      black and coverage, "viewpoints": [B / num_shards, 2] int32 in [0, 24)}.
    Raises:
      ValueError: a category has no mesh, or a number is out of its range.
    """
    rows = batch_rows(
        "rendered_view_pairs", batch_size=batch_size, num_shards=num_shards, shard=shard
    )
    for name, value in (("seed", seed), ("start_step", start_step)):
        check_range("rendered_view_pairs", name, value, low=0)
    table = _MeshTable(meshes)

    @tf.autograph.experimental.do_not_convert
    def batch(step):
        draws = tf.random.stateless_uniform([batch_size, _DRAWS], [seed, step])[rows]
        viewpoints = _scaled(draws[:, 2:], NUM_VIEWS)
        images = _draw(table.pick(draws[:, 0], draws[:, 1]), viewpoints, style)
        leading = [rows.stop - rows.start, _VIEWS]
        shape = [*leading, style.image_size, style.image_size, 4]
        return {"images": tf.reshape(images, shape), "viewpoints": viewpoints}

    steps = tf.data.Dataset.range(start_step, _LAST_STEP)
    return steps.map(batch, tf.data.AUTOTUNE, deterministic=True)


class _MeshTable:
    """All meshes as constants of the graph, one after another."""

    def __init__(self, meshes: Sequence[Sequence[MeshArrays]]):
        sizes = [len(category) for category in meshes]
        if not sizes or min(sizes) < 1:
            raise argument_error(
                "rendered_view_pairs",
                "meshes",
                expected="at least one mesh in each category",
                received=f"{sizes} of them",
                hint="leave categories without meshes out",
            )
        every = [mesh for category in meshes for mesh in category]
        self._sizes = tf.constant(sizes)
        self._first = tf.constant(np.cumsum([0, *sizes[:-1]]), tf.int32)
        self._vertices = _ragged([mesh.vertices for mesh in every], np.float32)
        self._faces = _ragged([mesh.faces for mesh in every], np.int32)
        self._colors = _ragged([mesh.colors for mesh in every], np.uint8)

    def pick(self, category: tf.Tensor, item: tf.Tensor) -> Mesh:
        """The meshes that numbers [B] in [0, 1) stand for, as a batch.

        Meshes with fewer vertices or faces than others end with zeros; a face with three times the
        same vertex has no area, and is not drawn.
        """
        category = _scaled(category, tf.size(self._sizes))
        sizes = tf.gather(self._sizes, category)
        chosen = tf.gather(self._first, category) + _scaled(item, sizes)
        vertices, faces, colors = (
            tf.gather(column, chosen).to_tensor()
            for column in (self._vertices, self._faces, self._colors)
        )
        return Mesh(vertices, faces, VertexColors(tf.cast(colors, tf.float32) / _BYTE_MAX))


def _draw(meshes: Mesh, viewpoints: tf.Tensor, style: PictureStyle) -> tf.Tensor:
    """Pictures [2 B, S, S, 4] of B meshes, each from its two viewpoints."""
    vertices, faces, colors = (
        tf.repeat(values, _VIEWS, axis=0)
        for values in (meshes.vertices, meshes.faces, meshes.texture.colors)
    )
    return render(
        Mesh(vertices, faces, VertexColors(colors)),
        camera_of_view(tf.reshape(viewpoints, [-1])),
        image_size=(style.image_size, style.image_size),
        lights=style.lights,
        material=style.material,
    )


def _scaled(draws: tf.Tensor, count) -> tf.Tensor:
    """Numbers in [0, 1) as int32 in [0, count)."""
    scaled = tf.cast(draws * tf.cast(count, tf.float32), tf.int32)
    return tf.minimum(scaled, count - 1)  # the product may round up


def _ragged(arrays: Sequence[np.ndarray], dtype) -> tf.RaggedTensor:
    values = np.concatenate(arrays).astype(dtype)
    return tf.RaggedTensor.from_row_lengths(values, [len(array) for array in arrays])
