"""Textured meshes under predicted light, each drawn from every camera of its object."""

import dataclasses
from typing import Any

import numpy as np
import tensorflow as tf

from tf_mesh_renderer import gradients
from tf_mesh_renderer.arguments import check_choice
from tf_mesh_renderer.cameras import Camera
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.ops.rasterize import DEPTH_SOURCES
from tf_mesh_renderer.rendering.pipeline import render
from tf_mesh_renderer.shading.illumination import Illumination
from tf_mesh_renderer.textures import UvTexture


@dataclasses.dataclass(frozen=True, eq=False)
class TexturedSurfaces:
    """M textured meshes of each of B objects, of one topology.

    Attributes:
      vertices: [B, M, V, 3] float, world space.
      textures: [B, M, h, w, 3] float, linear.
      faces: [F, 3] int32.
      uv: [T, 2] float, texture coordinates.
      uv_faces: [F, 3] int32, rows of `uv`.
    """

    vertices: tf.Tensor
    textures: tf.Tensor
    faces: np.ndarray
    uv: np.ndarray
    uv_faces: np.ndarray


@dataclasses.dataclass(frozen=True)
class TexturedRendering:
    """How predictions are drawn in training; a plain value that a configuration can hold.

    Attributes:
      gradient: model of `gradients`, its name or configuration.
      anti_aliasing: render at twice the size and average blocks of 2x2 pixels.
      near: depth in world units; nothing at or before it is drawn.
      far: depth in world units; nothing at or beyond it is drawn.
      depth_from: "w" for perspective cameras, "z" for orthographic ones.
    Raises:
      ValueError: an unknown gradient model or source of depth.
    """

    gradient: Any = "dibr"
    anti_aliasing: bool = False
    near: float = 0.1
    far: float = 100.0
    depth_from: str = "w"

    def __post_init__(self):
        object.__setattr__(self, "gradient", gradients.get(self.gradient))
        where = "TexturedRendering"
        check_choice(where, "depth_from", value=self.depth_from, choices=DEPTH_SOURCES)

    def draw(
        self,
        surfaces: TexturedSurfaces,
        cameras: tuple[tf.Tensor, tf.Tensor],
        *,
        image_size,
        illumination: Illumination | None = None,
        lights: tf.Tensor | None = None,
    ) -> tf.Tensor:
        """Draws all meshes from all cameras of their objects, over black.

        Args:
          surfaces: B x M textured meshes.
          cameras: world_to_view and view_to_clip, both [B, N, 4, 4] float, of B x N cameras.
          image_size: (height, width) in pixels.
          illumination: what the numbers of the lights mean; None: textures as they are.
          lights: [B, M, K] float, in world space; not needed without illumination.
        Returns:
          [B, M, N, H, W, 4] float: colour, which light may make larger than 1, and alpha.
        Gradients:
          To the vertices as the gradient model defines them, exact to textures and lights.
        """
        num_meshes, num_views = _size(surfaces.vertices, 1), _size(cameras[0], 1)
        vertices, textures = (
            _repeated(values, num_views) for values in (surfaces.vertices, surfaces.textures)
        )
        lit = {"material": "unlit"}
        if illumination is not None:
            numbers = _repeated(lights, num_views)
            lit = {
                "lights": illumination.lights(numbers),
                "material": illumination.material(numbers),
            }
        drawn = render(
            Mesh(vertices, surfaces.faces, UvTexture(textures, surfaces.uv, surfaces.uv_faces)),
            self._camera(cameras, num_meshes),
            image_size=image_size,
            gradient=self.gradient,
            anti_aliasing=self.anti_aliasing,
            **lit,
        )
        counts = _size(surfaces.vertices, 0), num_meshes, num_views
        return tf.reshape(drawn, [*counts, *(_size(drawn, axis) for axis in (1, 2, 3))])

    def _camera(self, cameras, num_meshes) -> Camera:
        """All cameras of an object for its first mesh, then for the next."""
        matrices = (
            tf.reshape(tf.repeat(matrix[:, tf.newaxis], num_meshes, axis=1), [-1, 4, 4])
            for matrix in cameras
        )
        return Camera(*matrices, self.near, self.far, self.depth_from)

    def to_config(self) -> dict:
        """The attributes as JSON types.

        Returns:
          A dict that `from_config` turns back into an equal value.
        """
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {**values, "gradient": gradients.serialize(self.gradient)}

    @classmethod
    def from_config(cls, config: Any) -> "TexturedRendering":
        """A rendering from its configuration.

        Args:
          config: a dict of attributes, or `TexturedRendering`, which is returned as it is.
        Returns:
          `TexturedRendering`.
        Raises:
          TypeError: an unknown attribute.
        """
        return config if isinstance(config, cls) else cls(**config)


def _repeated(values: tf.Tensor, times) -> tf.Tensor:
    """[B, M, ...] as [B M N, ...], each mesh N times."""
    flat = tf.reshape(values, tf.concat([[-1], tf.shape(values)[2:]], axis=0))
    flat = tf.ensure_shape(flat, [None, *values.shape[2:]])
    return tf.repeat(flat, times, axis=0)


def _size(values: tf.Tensor, axis: int):
    known = values.shape[axis]
    return tf.shape(values)[axis] if known is None else known
