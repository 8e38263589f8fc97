"""What a texture is: the step of the pipeline that gives the surface its colours."""

from typing import Any, Protocol, runtime_checkable

import tensorflow as tf

from tf_mesh_renderer.ops.fragments import Fragments


@runtime_checkable
class Texture(Protocol):
    """Colours of the surface of a mesh; `Mesh.texture` is one, or None for white.

    A further texture is a class with this one method. It may have three members more, which are
    looked for and done without:

    * `is_differentiable_in_place` (bool): whether colours have a gradient to the place where they
      are read. Where it is False, gradient models that rely on it warn. Without it: True.
    * `vertex_colors(batch)`, the colours [B, V, C] of all vertices for `batch` = B, a [] int32: for
      a texture that is nothing but their interpolation. A gradient model may then mix them in one
      pass instead of sampling fragments.
    * `with_dtype(dtype)`, the same texture with its NumPy arrays as tensors: called by `Mesh`.

    With `__tf_flatten__` and `__tf_unflatten__`, as the textures here have them, it may hold
    tensors and be an argument of `tf.function`.
    """

    def sample(self, faces: tf.Tensor, fragments: Fragments, view: Any = None) -> tf.Tensor:
        """Colours of the fragments, before any light.

        Args:
          faces: [F, 3] or [B, F, 3] int32: the faces that were rasterized.
          fragments: `Fragments` [B, H, W].
          view: the `gradients.View` that was rasterized, or any object with `vertices_clip`
            [B, V, 4] and `image_size`, for textures that depend on the size of a pixel.
        Returns:
          [B, H, W, C] float, linear; any finite value where no face is seen.
        Gradients:
          To what the texture holds; to the barycentrics where `is_differentiable_in_place`.
        """
        ...
