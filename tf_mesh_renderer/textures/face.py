"""Textures a renderer can sample: a cube of texels for each face, or a colour for each vertex."""

import dataclasses
from typing import Any

import tensorflow as tf

from tf_mesh_renderer import ops
from tf_mesh_renderer.textures.arrays import check_rank, floats, for_images, with_batch, with_dtype

# N3MR keeps lookups this far below the last texel; its renderer uses the same number for `render`.
_DEFAULT_EPS = 1e-3


@dataclasses.dataclass(frozen=True)
class FaceTexture:
    """N3MR's texture: every face has its own T x T x T cube, read trilinearly.

    Axis k of a cube belongs to vertex k of the face: a fragment with perspective-correct
    barycentrics w reads at w * (T - 1). The fragments of a face lie on a plane through its cube, so
    texels far from that plane are never seen.

    Attributes:
      cubes: [F, T, T, T, C] or [1, F, T, T, T, C], shared by the batch, or [B, F, T, T, T, C];
        float32 or float64, any range; arrays become tensors in the dtype of the mesh. C is any
        number of channels.
      eps: lookups are clamped to [0, T - 1 - eps], in texels.
      barycentrics_gradient: also differentiate by where the texture is read; False is N3MR.
    Raises:
      TypeError: `cubes` are integers.
      ValueError: `cubes` has a known rank that is neither 5 nor 6.
    """

    cubes: Any
    eps: float = _DEFAULT_EPS
    barycentrics_gradient: bool = False

    def __post_init__(self):
        object.__setattr__(self, "cubes", floats("FaceTexture", "cubes", self.cubes))
        check_rank("FaceTexture", "cubes", self.cubes, (5, 6))

    @property
    def is_differentiable_in_place(self) -> bool:
        """Whether colours have a gradient to where the cubes are read."""
        return self.barycentrics_gradient

    def with_dtype(self, dtype: Any) -> "FaceTexture":
        """The same texture, with arrays as tensors; `Mesh` calls it with the dtype of its vertices.

        Args:
          dtype: tf.float32 or tf.float64.
        Returns:
          A texture without arrays; tensors and variables are kept as they are.
        """
        return with_dtype(self, ("cubes",), dtype)

    def sample(self, faces: Any, fragments: ops.Fragments, view: Any = None) -> tf.Tensor:
        """Colours of the fragments.

        Args:
          faces: not needed by this texture; part of the interface of textures.
          fragments: `Fragments` with [B, H, W] fields.
          view: not needed either.
        Returns:
          [B, H, W, C] in the dtype of the barycentrics; 0 where no face is.
        Gradients:
          To `cubes`; to the barycentrics of `fragments` only with `barycentrics_gradient`.
        Raises:
          tf.errors.InvalidArgumentError: a face id has no cube.
        Source:
          Kato, Ushiku & Harada, "Neural 3D Mesh Renderer", CVPR 2018, section 3.3.
        """
        del faces, view
        texture = self.with_dtype(fragments.barycentrics.dtype)
        return ops.face_texture(
            with_batch(texture.cubes, 6),
            fragments,
            eps=self.eps,
            barycentrics_gradient=self.barycentrics_gradient,
        )

    def __tf_flatten__(self):
        return (self.eps, self.barycentrics_gradient), (self.cubes,)

    @classmethod
    def __tf_unflatten__(cls, metadata, components):
        return cls(*components, *metadata)


@dataclasses.dataclass(frozen=True)
class VertexColors:
    """One colour for each vertex, interpolated over the faces with correct perspective.

    Attributes:
      colors: [V, C] or [1, V, C], shared by the batch, or [B, V, C]; float32 or float64, any range;
        arrays become tensors in the dtype of the mesh.
    Raises:
      TypeError: `colors` are integers.
      ValueError: `colors` has a known rank that is neither 2 nor 3.
    """

    colors: Any

    def __post_init__(self):
        object.__setattr__(self, "colors", floats("VertexColors", "colors", self.colors))
        check_rank("VertexColors", "colors", self.colors, (2, 3))

    @property
    def is_differentiable_in_place(self) -> bool:
        """Whether colours have a gradient to where they are read."""
        return True

    def with_dtype(self, dtype: Any) -> "VertexColors":
        """The same texture, with arrays as tensors; `Mesh` calls it with the dtype of its vertices.

        Args:
          dtype: tf.float32 or tf.float64.
        Returns:
          A texture without arrays; tensors and variables are kept as they are.
        """
        return with_dtype(self, ("colors",), dtype)

    def sample(self, faces: Any, fragments: ops.Fragments, view: Any = None) -> tf.Tensor:
        """Colours of the fragments.

        Args:
          faces: [F, 3] or [B, F, 3] int32 in [0, V): which vertices a face joins.
          fragments: `Fragments` with [B, H, W] fields.
          view: not needed by this texture; part of the interface of textures.
        Returns:
          [B, H, W, C] in the dtype of the barycentrics; 0 where no face is.
        Gradients:
          To `colors` and to the barycentrics of `fragments`, exact within a face.
        Raises:
          tf.errors.InvalidArgumentError: a face index is out of range.
        """
        del view
        texture = self.with_dtype(fragments.barycentrics.dtype)
        colors = texture.vertex_colors(tf.shape(fragments.face_id)[0])
        return ops.interpolate(colors, faces, fragments)

    def vertex_colors(self, batch: Any) -> tf.Tensor:
        """The colours of all vertices, for gradient models that mix them without fragments.

        Args:
          batch: [] int32, B.
        Returns:
          [B, V, C].
        Gradients:
          Exact.
        Raises:
          ValueError: there are colours for another number of images.
        """
        return for_images("VertexColors", "colors", with_batch(self.colors, 3), batch)

    def __tf_flatten__(self):
        return (), (self.colors,)

    @classmethod
    def __tf_unflatten__(cls, metadata, components):
        del metadata  # everything is a component
        return cls(*components)
