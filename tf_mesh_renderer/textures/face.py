"""Textures a renderer can sample: a cube of texels for each face, or a colour for each vertex."""

import dataclasses
from typing import Any

import numpy as np
import tensorflow as tf

from tf_mesh_renderer import ops
from tf_mesh_renderer.arguments import argument_error

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
        float32 or float64, any range. C is any number of channels.
      eps: lookups are clamped to [0, T - 1 - eps], in texels.
      barycentrics_gradient: also differentiate by where the texture is read; False is N3MR.
    Raises:
      ValueError: `cubes` has a known rank that is neither 5 nor 6.
    """

    cubes: Any
    eps: float = _DEFAULT_EPS
    barycentrics_gradient: bool = False

    def __post_init__(self):
        object.__setattr__(self, "cubes", _tensor(self.cubes))
        _check_rank("FaceTexture", "cubes", self.cubes, (5, 6))

    def sample(self, faces: Any, fragments: ops.Fragments) -> tf.Tensor:
        """Colours of the fragments.

        Args:
          faces: not needed by this texture; part of the interface of textures.
          fragments: `Fragments` with [B, H, W] fields.
        Returns:
          [B, H, W, C] in the dtype of the barycentrics; 0 where no face is.
        Gradients:
          To `cubes`; to the barycentrics of `fragments` only with `barycentrics_gradient`.
        Raises:
          tf.errors.InvalidArgumentError: a face id has no cube.
        Source:
          Kato, Ushiku & Harada, "Neural 3D Mesh Renderer", CVPR 2018, section 3.3.
        """
        del faces
        return ops.face_texture(
            _with_batch(self.cubes, 6),
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
      colors: [V, C] or [1, V, C], shared by the batch, or [B, V, C]; float32 or float64, any range.
    Raises:
      ValueError: `colors` has a known rank that is neither 2 nor 3.
    """

    colors: Any

    def __post_init__(self):
        object.__setattr__(self, "colors", _tensor(self.colors))
        _check_rank("VertexColors", "colors", self.colors, (2, 3))

    def sample(self, faces: Any, fragments: ops.Fragments) -> tf.Tensor:
        """Colours of the fragments.

        Args:
          faces: [F, 3] or [B, F, 3] int32 in [0, V): which vertices a face joins.
          fragments: `Fragments` with [B, H, W] fields.
        Returns:
          [B, H, W, C] in the dtype of the barycentrics; 0 where no face is.
        Gradients:
          To `colors` and to the barycentrics of `fragments`, exact within a face.
        Raises:
          tf.errors.InvalidArgumentError: a face index is out of range.
        """
        colors = _with_batch(self.colors, 3)
        batch = tf.shape(fragments.face_id)[0]
        shape = tf.concat([[batch], tf.shape(colors)[1:]], axis=0)
        return ops.interpolate(tf.broadcast_to(colors, shape), faces, fragments)

    def __tf_flatten__(self):
        return (), (self.colors,)

    @classmethod
    def __tf_unflatten__(cls, metadata, components):
        del metadata  # everything is a component
        return cls(*components)


def _tensor(value):
    """Arrays and lists become tensors; variables stay, so that a tape sees them."""
    if isinstance(value, (np.ndarray, list, tuple)):
        return tf.convert_to_tensor(value)
    return value


def _check_rank(where, name, value, ranks):
    if tf.is_tensor(value) and value.shape.rank not in (None, *ranks):
        raise argument_error(
            where,
            name,
            expected=" or ".join(f"{rank} dimensions" for rank in ranks),
            received=f"shape {value.shape}",
            hint="the batch dimension comes first and may be left out",
        )


def _with_batch(value, rank):
    value = tf.convert_to_tensor(value)
    return value if value.shape.rank in (None, rank) else value[tf.newaxis]
