"""One synthetic object: its shape, its pictures and its voxels."""

import dataclasses
import functools
from collections.abc import Callable

import numpy as np
import tensorflow as tf
import trimesh

from tf_mesh_renderer.arguments import check_choice
from tf_mesh_renderer.datasets.categories import CATEGORIES, Category
from tf_mesh_renderer.datasets.layout import SPLITS, VOXEL_RESOLUTION
from tf_mesh_renderer.datasets.packed_meshes import MeshArrays
from tf_mesh_renderer.datasets.synthetic.shading import SHADINGS
from tf_mesh_renderer.datasets.synthetic.shapes import make_shape
from tf_mesh_renderer.datasets.views import IMAGE_SIZE, NUM_VIEWS, camera_of_view
from tf_mesh_renderer.geometry import Mesh, voxelize
from tf_mesh_renderer.io.images import to_bytes
from tf_mesh_renderer.rendering import render
from tf_mesh_renderer.textures import VertexColors


@dataclasses.dataclass(frozen=True, eq=False)
class SyntheticObject:
    """What the files of a data set say about an object.

    Attributes:
      images: [24, 4, 64, 64] uint8, colour over black and coverage.
      voxels: [32, 32, 32] bool with the axes x, y, z.
      mesh: the shape, in (-0.5, 0.5)³.
    """

    images: np.ndarray
    voxels: np.ndarray
    mesh: MeshArrays


def make_object(
    category: Category, split: str, index: int, *, seed: int, shading: str
) -> SyntheticObject:
    """Makes an object that depends on the arguments alone, not on what was made before.

    Args:
      category: one of the thirteen.
      split: "train", "val" or "test".
      index: number of the object in its split.
      seed: int >= 0, of the data set.
      shading: one of `SHADINGS`.
    Returns:
      The object.
    Raises:
      ValueError: `shading` or `split` is unknown.
    """
    check_choice("make_object", "shading", value=shading, choices=tuple(SHADINGS))
    check_choice("make_object", "split", value=split, choices=SPLITS)
    # Shape and light have generators of their own: the four shadings show the same objects.
    key = (CATEGORIES.index(category), SPLITS.index(split), index)
    shape_seed, light_seed = np.random.SeedSequence(seed, spawn_key=key).spawn(2)
    mesh = _to_arrays(make_shape(category, np.random.default_rng(shape_seed)))
    light = SHADINGS[shading].draw(np.random.default_rng(light_seed))
    images = render_views(mesh, shading=shading, light=light)
    voxels = voxelize(mesh.vertices, mesh.faces, resolution=VOXEL_RESOLUTION)
    return SyntheticObject(images, voxels, mesh)


def render_views(mesh: MeshArrays, *, shading: str, light: np.ndarray) -> np.ndarray:
    """Pictures from all views, drawn at twice their size and averaged.

    Args:
      mesh: in (-0.5, 0.5)³.
      shading: one of `SHADINGS`.
      light: [N] float32, as its `draw` returns.
    Returns:
      [24, 4, 64, 64] uint8, colour over black and coverage.
    """
    with tf.device("CPU"):  # Everywhere the same to the last bit.
        images = _drawing(shading)(mesh.vertices, mesh.faces, mesh.colors, light)  # [24, H, W, 4]
    return to_bytes(np.moveaxis(images.numpy(), -1, 1))


@functools.cache
def _drawing(shading: str) -> Callable[..., tf.Tensor]:
    """A graph for meshes of any size; without, calls of small operations take most of the time."""
    how = SHADINGS[shading]
    cameras = camera_of_view(np.arange(NUM_VIEWS))

    def draw(vertices, faces, colors, light):
        mesh = Mesh(vertices, faces, VertexColors(tf.cast(colors, tf.float32) / 255.0))
        lights, size = how.lights(light), (IMAGE_SIZE, IMAGE_SIZE)
        return render(mesh, cameras, image_size=size, lights=lights, material=how.material)

    specs = [([None, 3], tf.float32), ([None, 3], tf.int32), ([None, 3], tf.uint8)]
    specs.append(([None], tf.float32))
    return tf.function(draw, [tf.TensorSpec(*spec) for spec in specs], autograph=False)


def _to_arrays(mesh: trimesh.Trimesh) -> MeshArrays:
    """Vertices where colours meet are repeated, so that each has one colour."""
    colors, color_of_face = np.unique(mesh.visual.face_colors[:, :3], axis=0, return_inverse=True)
    corners = np.stack(np.broadcast_arrays(mesh.faces, color_of_face[:, None]), axis=-1)
    unique, faces = np.unique(corners.reshape(-1, 2), axis=0, return_inverse=True)
    return MeshArrays(
        mesh.vertices[unique[:, 0]].astype(np.float32),
        faces.reshape(-1, 3).astype(np.int32),
        colors[unique[:, 1]],
    )
