"""A mesh whose vertices and colours are weights, with any kind of texture."""

import dataclasses
from typing import Protocol

import keras
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, check_choice
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.textures import FaceTexture, Texture, UvTexture, VertexColors

# Chainer's `initializers.Normal()`, which N3MR's meshes start from: after the sigmoid, mid grey.
_COLOR_STDDEV = 0.05


class Paint(Protocol):
    """A kind of texture: which colours it stores, and the texture that they make."""

    def shape(self, mesh: Mesh) -> tuple[int, ...]:
        """Shape of the colours of a mesh; the last axis is RGB."""
        ...

    def texture(self, mesh: Mesh, colors: tf.Tensor) -> Texture:
        """The texture for colours in [0, 1] of that shape."""
        ...


@dataclasses.dataclass(frozen=True)
class CubePaint:
    """N3MR's cubes of texels.

    Attributes:
      side: texels along each axis of the cube of a face.
      barycentrics_gradient: as in `FaceTexture`; DIB-R and SoftRas need it to move vertices.
    """

    side: int = 4
    barycentrics_gradient: bool = False

    def shape(self, mesh: Mesh) -> tuple[int, ...]:
        """[F, T, T, T, 3]; see `Paint`."""
        return (mesh.num_faces, self.side, self.side, self.side, 3)

    def texture(self, mesh: Mesh, colors: tf.Tensor) -> Texture:
        """`FaceTexture`; see `Paint`."""
        del mesh
        return FaceTexture(colors, barycentrics_gradient=self.barycentrics_gradient)


@dataclasses.dataclass(frozen=True)
class PicturePaint:
    """One picture, laid on by the texture coordinates that the mesh comes with.

    Attributes:
      side: of the picture, in pixels.
    """

    side: int = 256

    def shape(self, mesh: Mesh) -> tuple[int, ...]:
        """[side, side, 3]; see `Paint`."""
        if not isinstance(mesh.texture, UvTexture):
            raise argument_error(
                "PicturePaint",
                "mesh",
                expected="a mesh with texture coordinates and a picture",
                received="a mesh without",
                hint="choose the texture 'cubes' or 'vertex_colors'",
            )
        return (self.side, self.side, 3)

    def texture(self, mesh: Mesh, colors: tf.Tensor) -> Texture:
        """`UvTexture`; see `Paint`."""
        return dataclasses.replace(mesh.texture, image=colors)


@dataclasses.dataclass(frozen=True)
class VertexPaint:
    """A colour for each vertex."""

    def shape(self, mesh: Mesh) -> tuple[int, ...]:
        """[V, 3]; see `Paint`."""
        return (mesh.num_vertices, 3)

    def texture(self, mesh: Mesh, colors: tf.Tensor) -> Texture:
        """`VertexColors`; see `Paint`."""
        del mesh
        return VertexColors(colors)


PAINTS = ("cubes", "uv", "vertex_colors")


def make_paint(kind: str, *, size: int | None = None, needs_place_gradient: bool = False) -> Paint:
    """The paint that a name stands for.

    Args:
      kind: one of `PAINTS`.
      size: texels along a side of a cube (None: 4) or pixels along one of the picture (None: 256).
      needs_place_gradient: whether colours must have a gradient to the place where they are read.
    Returns:
      A `Paint`.
    Raises:
      ValueError: the name is unknown or the size is not positive.
    """
    check_choice("make_paint", "kind", value=kind, choices=PAINTS)
    if size is not None and size < 1:
        raise argument_error(
            "make_paint", "size", expected="an integer >= 1", received=size, hint="leave it out"
        )
    if kind == "vertex_colors":
        return VertexPaint()
    if kind == "uv":
        return PicturePaint(size or PicturePaint.side)
    return CubePaint(size or CubePaint.side, needs_place_gradient)


class EditableMesh(keras.layers.Layer):
    """A mesh to be trained; `mesh` gives it as it is now.

    Args:
      mesh: `Mesh` [V, 3], where to start. Its own texture is left out, but for the coordinates that
        `PicturePaint` needs.
      paint: a `Paint`; None: `CubePaint()`.
      color_bias: RGB added to the stored colours before the sigmoid; 0 starts at mid grey.
      seed: of the colours at the start.
      **kwargs: passed to `keras.layers.Layer`.
    Attributes:
      vertices: trainable [V, 3] float32, world space.
      colors: trainable, as `Paint.shape` says, float32; the sigmoid of it is shown.
      start: the `Mesh` that was given.
    Raises:
      ValueError: the mesh has not what the paint needs.
    """

    def __init__(self, mesh: Mesh, paint: Paint | None = None, **kwargs):
        bias, seed = kwargs.pop("color_bias", (0.0, 0.0, 0.0)), kwargs.pop("seed", 0)
        super().__init__(**kwargs)
        self.start = mesh
        self.paint = CubePaint() if paint is None else paint
        self.color_bias = tuple(bias)
        self.vertices = self.add_weight(
            name="vertices",
            shape=mesh.vertices.shape,
            initializer=lambda shape, dtype: tf.cast(mesh.vertices, dtype),
        )
        self.colors = self.add_weight(
            name="colors",
            shape=self.paint.shape(mesh),
            initializer=keras.initializers.RandomNormal(stddev=_COLOR_STDDEV, seed=seed),
        )
        self.built = True

    def mesh(self) -> Mesh:
        """The mesh as it is now.

        Returns:
          `Mesh` [V, 3] with colours in (0, 1).
        Gradients:
          Exact to `vertices` and `colors`.
        """
        colors = tf.sigmoid(tf.convert_to_tensor(self.colors) + tf.constant(self.color_bias))
        texture = self.paint.texture(self.start, colors)
        return Mesh(tf.convert_to_tensor(self.vertices), self.start.faces, texture)

    def set_multipliers(self, *, vertices: float, colors: float) -> None:
        """Sets the factors by which `optimizers.Adam` multiplies the steps of the weights.

        Args:
          vertices: factor >= 0; 0 keeps the shape.
          colors: factor >= 0.
        """
        self.vertices.lr = vertices
        self.colors.lr = colors
