"""Every object from the same four sides: the real pictures of a generative network."""

import dataclasses
import functools
from collections.abc import Iterable

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.cameras import Camera, get_points_from_angles
from tf_mesh_renderer.datasets.packed_meshes import MeshArrays
from tf_mesh_renderer.datasets.sphere_textures import sphere_texture
from tf_mesh_renderer.datasets.views import DISTANCE
from tf_mesh_renderer.geometry import Mesh
from tf_mesh_renderer.gradients import DibR
from tf_mesh_renderer.io.images import to_bytes
from tf_mesh_renderer.rendering import render, render_silhouette
from tf_mesh_renderer.textures import VertexColors

AZIMUTHS_DEGREES = (20.0, 110.0, 200.0, 290.0)
ELEVATION_DEGREES = 30.0
FOV_DEGREES = 24.0
CANONICAL_VIEWS = len(AZIMUTHS_DEGREES)
_BYTE_MAX = 255.0
# The side in pixels that the reach of `canonical_gradient` is written for.
_SIDE = 32
_SIGMA_INV, _BOX_LENGTH, _FACES = 1750.0, 0.06, 40


@dataclasses.dataclass(frozen=True, eq=False)
class CanonicalViews:
    """Objects of one category as a critic sees them.

    Attributes:
      images: [N, 4, S, S, 4] uint8, the views of each object: colour over black, and alpha.
      textures: [N, T, T, 3] uint8, its colours on the sphere around it, see `sphere_texture`.
    """

    images: np.ndarray
    textures: np.ndarray

    def __len__(self) -> int:
        return len(self.images)

    @property
    def silhouettes(self) -> np.ndarray:
        """[N, S, S, 4] uint8: alpha alone, the views as channels."""
        return np.moveaxis(self.images[..., -1], 1, -1)

    @property
    def colors(self) -> np.ndarray:
        """[N, S, S, 12] uint8: the colours of the first view, of the second, and so on."""
        colors = np.moveaxis(self.images[..., :-1], 1, 3)  # [N, S, S, 4, 3]
        return colors.reshape(*colors.shape[:3], -1)

    @staticmethod
    def of_meshes(
        meshes: Iterable[MeshArrays], *, image_size: int, texture_size: int
    ) -> "CanonicalViews":
        """Draws objects as a generator's meshes are drawn: only shapes and colours differ.

        Args:
          meshes: at least one, in (-0.5, 0.5)^3.
          image_size: S in pixels.
          texture_size: T in texels.
        Returns:
          `CanonicalViews`.
        Raises:
          ValueError: there is no mesh, or a size is less than 1.
        """
        draw = _drawing(image_size)
        pairs = [
            (
                to_bytes(draw(mesh.vertices, mesh.faces, mesh.colors).numpy()),
                to_bytes(sphere_texture(mesh, texture_size)),
            )
            for mesh in meshes
        ]
        if not pairs:
            raise argument_error(
                "CanonicalViews.of_meshes",
                "meshes",
                expected="at least one mesh",
                received="none",
                hint="see ShapeNetRenderings.meshes",
            )
        images, textures = (np.stack(column) for column in zip(*pairs))
        return CanonicalViews(images, textures)


def canonical_cameras() -> Camera:
    """The four cameras, a quarter turn apart, from above, looking at the origin.

    Returns:
      `Camera` with a batch of 4; right-handed.
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer", NeurIPS 2019, section 5.5, has four; which ones it does not say.
    """
    eye = get_points_from_angles(DISTANCE, ELEVATION_DEGREES, tf.constant(AZIMUTHS_DEGREES))
    return Camera.look_at(eye, fov_y_degrees=FOV_DEGREES)


def canonical_gradient(image_size: int) -> DibR:
    """DIB-R with the same reach, in pixels, for pictures of any size.

    Args:
      image_size: side of the pictures in pixels.
    Returns:
      The gradient model.
    """
    scale = image_size / _SIDE
    return DibR(sigma_inv=_SIGMA_INV * scale**2, box_length=_BOX_LENGTH / scale, k_faces=_FACES)


def draw_canonical_views(mesh: Mesh, *, image_size: int) -> tf.Tensor:
    """Draws every mesh of a batch from the four sides, unlit and over black.

    Args:
      mesh: vertices [B, V, 3], world space, faces [F, 3]; a texture of C channels with a batch axis
        of B or 1 or none, or None for silhouettes alone, C = 0.
      image_size: side S of the pictures in pixels.
    Returns:
      [B, 4, S, S, C + 1] float32: colour, then alpha.
    Gradients:
      DIB-R's to the vertices, exact to the texture.
    """
    cameras = canonical_cameras()
    options = {
        "image_size": (image_size, image_size),
        "gradient": canonical_gradient(image_size),
        "anti_aliasing": False,
    }
    views = []
    for world_to_view in tf.unstack(cameras.world_to_view):
        camera = dataclasses.replace(cameras, world_to_view=world_to_view)
        if mesh.texture is None:
            views.append(render_silhouette(mesh, camera, **options)[..., tf.newaxis])
        else:
            views.append(render(mesh, camera, material="unlit", **options))
    return tf.stack(views, axis=1)


@functools.cache
def _drawing(image_size: int):
    """A graph for one mesh of any size."""

    def draw(vertices, faces, colors):
        mesh = Mesh(vertices, faces, VertexColors(tf.cast(colors, tf.float32) / _BYTE_MAX))
        return draw_canonical_views(mesh.batched(), image_size=image_size)[0]

    specs = [([None, 3], tf.float32), ([None, 3], tf.int32), ([None, 3], tf.uint8)]
    return tf.function(draw, [tf.TensorSpec(*spec) for spec in specs], autograph=False)
