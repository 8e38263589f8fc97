"""A mesh whose vertices and colours are weights, with any kind of texture."""

import dataclasses
import functools
from collections.abc import Callable, Sequence

import keras
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, check_choice
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.textures import FaceTexture, Texture, UvTexture, VertexColors

# Chainer's `initializers.Normal()`, which N3MR's meshes start from: after the sigmoid, mid grey.
_COLOR_STDDEV = 0.05
_CUBE_SIDE = 4
_PICTURE_SIDE = 256


@dataclasses.dataclass(frozen=True)
class _Kind:
    """Which colours a texture stores, and how it is made of them."""

    shape: tuple[int, ...]
    texture: Callable[[tf.Tensor], Texture]


def _cubes(mesh: Mesh, size: int | None, moves_vertices: bool) -> _Kind:
    side = size or _CUBE_SIDE
    texture = functools.partial(FaceTexture, barycentrics_gradient=moves_vertices)
    return _Kind((mesh.num_faces, side, side, side, 3), texture)


def _picture(mesh: Mesh, size: int | None, moves_vertices: bool) -> _Kind:
    del moves_vertices  # always
    coordinates = mesh.texture
    if not isinstance(coordinates, UvTexture):
        raise argument_error(
            "EditableMesh",
            "mesh",
            expected="a mesh with texture coordinates and a picture",
            received="a mesh without",
            hint="choose the texture 'cubes' or 'vertex_colors'",
        )
    side = size or _PICTURE_SIDE
    return _Kind((side, side, 3), lambda colors: dataclasses.replace(coordinates, image=colors))


def _vertex_colors(mesh: Mesh, size: int | None, moves_vertices: bool) -> _Kind:
    del size, moves_vertices
    return _Kind((mesh.num_vertices, 3), VertexColors)


_KINDS = {"cubes": _cubes, "uv": _picture, "vertex_colors": _vertex_colors}
TEXTURES = tuple(_KINDS)


class EditableMesh(keras.layers.Layer):
    """A mesh to be trained; `mesh` gives it as it is now.

    Args:
      mesh: `Mesh` [V, 3], where to start. Its own texture is left out, but for the coordinates that
        "uv" needs.
      texture: what is painted: "cubes" (N3MR's texels in each face), "uv" (one picture, laid on by
        the coordinates that the mesh comes with) or "vertex_colors".
      texture_size: texels along a side of a cube (None: 4) or pixels along one of the picture
        (None: 256); vertex colours have none.
      moves_vertices: whether cubes give the gradient to the place where a colour is read, see
        `FaceTexture`; DIB-R and SoftRas need it to move vertices.
      color_bias: RGB added to the stored colours before the sigmoid; 0 starts at mid grey.
      seed: of the colours at the start.
      name: of the layer.
    Attributes:
      vertices: trainable [V, 3] float32, world space.
      colors: trainable float32: [F, T, T, T, 3] for cubes, [T, T, 3] for a picture, [V, 3] for
        vertex colours; the sigmoid of it is shown.
      start: the `Mesh` that was given.
    Raises:
      ValueError: the kind of texture is unknown, the size is not positive, or the mesh has not what
        the texture needs.
    """

    def __init__(
        self,
        mesh: Mesh,
        texture: str = "cubes",
        *,
        texture_size: int | None = None,
        moves_vertices: bool = False,
        color_bias: Sequence[float] = (0.0, 0.0, 0.0),
        seed: int = 0,
        name: str | None = None,
    ):
        super().__init__(name=name)
        check_choice("EditableMesh", "texture", value=texture, choices=TEXTURES)
        if texture_size is not None and texture_size < 1:
            raise argument_error(
                "EditableMesh",
                "texture_size",
                expected="an integer >= 1",
                received=texture_size,
                hint="leave it out",
            )
        self.start = mesh
        self._kind = _KINDS[texture](mesh, texture_size, moves_vertices)
        self._color_bias = tuple(color_bias)
        self.vertices = self.add_weight(
            name="vertices",
            shape=mesh.vertices.shape,
            initializer=lambda shape, dtype: tf.cast(mesh.vertices, dtype),
        )
        self.colors = self.add_weight(
            name="colors",
            shape=self._kind.shape,
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
        colors = tf.sigmoid(tf.convert_to_tensor(self.colors) + tf.constant(self._color_bias))
        texture = self._kind.texture(colors)
        return Mesh(tf.convert_to_tensor(self.vertices), self.start.faces, texture)

    def set_step_scales(self, *, vertices: float, colors: float) -> None:
        """Sets the factors by which `optimizers.Adam` multiplies the steps of the weights.

        Args:
          vertices: factor >= 0; 0 keeps the shape.
          colors: factor >= 0.
        """
        self.vertices.lr = vertices
        self.colors.lr = colors
