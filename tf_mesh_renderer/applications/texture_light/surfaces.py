"""The texture and shading models of DIB-R and N3MR, as what a direct fit can recover."""

import dataclasses
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.cameras import Camera
from tf_mesh_renderer.geometry import Mesh
from tf_mesh_renderer.rendering import render
from tf_mesh_renderer.shading import DirectionalLight
from tf_mesh_renderer.textures import FaceTexture, UvTexture, bake_uv_image, spherical_uv

TEXTURE_SIDE = 64
_CUBE_SIDE = 2


class SurfaceModel(Protocol):
    """How colours lie on a mesh, and how it answers light.

    Attributes:
      name: for tables.
      material: model of `shading`, or its name.
    """

    name: str
    material: Any

    def values(self, pictures: np.ndarray) -> np.ndarray:
        """The parameters that show pictures, the truth of a fit.

        Args:
          pictures: [B, 64, 64, 3] float32, textures for `spherical_uv`.
        Returns:
          [B, ...] float32.
        """
        ...

    def texture(self, values: tf.Tensor) -> Any:
        """A texture of such parameters.

        Args:
          values: [B, ...] float.
        Returns:
          A texture of B meshes.
        """
        ...


@dataclasses.dataclass(frozen=True, eq=False)
class UvSurface:
    """DIB-R's: a picture read bilinearly, and light by interpolated normals.

    Attributes:
      sphere: `Mesh`, whose directions are places on the pictures.
    """

    sphere: Mesh
    name = "dibr"
    material = "lambert"

    def values(self, pictures: np.ndarray) -> np.ndarray:
        """The pictures; see `SurfaceModel`."""
        return pictures

    def texture(self, values: tf.Tensor) -> UvTexture:
        """The picture on the sphere; see `SurfaceModel`."""
        return UvTexture(values, *spherical_uv(self.sphere.vertices, self.sphere.faces))


@dataclasses.dataclass(frozen=True, eq=False)
class CubeSurface:
    """N3MR's: a cube of texels for every face, and one light for all of it.

    Attributes:
      sphere: as of `UvSurface`.
    """

    sphere: Mesh
    name = "n3mr"
    material = "flat"

    def values(self, pictures: np.ndarray) -> np.ndarray:
        """Cubes that show the pictures; see `SurfaceModel`."""
        uv, uv_faces = spherical_uv(self.sphere.vertices, self.sphere.faces)
        return np.stack([bake_uv_image(p, uv[uv_faces], side=_CUBE_SIDE) for p in pictures])

    def texture(self, values: tf.Tensor) -> FaceTexture:
        """The cubes; see `SurfaceModel`."""
        return FaceTexture(values)


MODELS = (UvSurface, CubeSurface)


def draw_surfaces(
    model: SurfaceModel,
    values: tf.Tensor,
    vertices: tf.Tensor,
    *,
    camera: Camera,
    directions: tf.Tensor | None,
    image_size: Sequence[int],
) -> tf.Tensor:
    """Draws B objects from one camera each, hard and over black.

    Args:
      model: `SurfaceModel`.
      values: [B, ...] float, its parameters.
      vertices: [B, V, 3] float, world space.
      camera: of B cameras.
      directions: [B, 3] float, to the light of each, in world space; None: no light.
      image_size: (height, width) in pixels.
    Returns:
      [B, H, W, 4] float.
    Gradients:
      Exact to values and directions.
    """
    lit = {"material": "unlit"}
    if directions is not None:
        light = DirectionalLight(intensity=1.0, direction=directions)
        lit = {"material": model.material, "lights": (light,)}
    mesh = Mesh(vertices, model.sphere.faces, model.texture(values))
    return render(mesh, camera, image_size=image_size, anti_aliasing=False, **lit)
