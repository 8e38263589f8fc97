"""What a gradient model is: the step of the pipeline that gives hard visibility a gradient."""

from typing import Protocol, runtime_checkable

import tensorflow as tf

from tf_mesh_renderer.ops.fragments import Fragments


@runtime_checkable
class GradientModel(Protocol):
    """Puts shaded fragments over a background so that the image moves the mesh when differentiated.

    Rasterization is piecewise constant: the face that a pixel shows does not change under a small
    motion, so the derivative is zero almost everywhere. A gradient model says what takes its place.
    The pipeline holds one as an object and never asks which one it is.

    A further model is a frozen dataclass with this one method, in a file of its own:

        @gradients.register("mine")
        @dataclasses.dataclass(frozen=True)
        class Mine:
            sharpness: float = 7.0

            def blend(self, colors, fragments, *, vertices_clip, faces, background):
                ...

    Its fields must be JSON types: they become the configuration of Keras layers. An instance can be
    given wherever a `gradient` is asked for; the name works too, once the file is imported.
    """

    def blend(
        self,
        colors: tf.Tensor,
        fragments: Fragments,
        *,
        vertices_clip: tf.Tensor,
        faces: tf.Tensor,
        background: tf.Tensor,
    ) -> tf.Tensor:
        """Composites colours over the background and attaches the gradient to the vertices.

        Called with C = 0 to draw a silhouette; the result is then the alpha channel alone.

        Args:
          colors: [B, H, W, C] float, shaded colours of the nearest fragments; any value where
            there is none.
          fragments: `Fragments` with fields [B, H, W, ...] from `rasterize`.
          vertices_clip: [B, V, 4], the clip-space vertices that were rasterized.
          faces: [F, 3] or [B, F, 3] int32.
          background: [], [C] or [B, C] float, linear colour of pixels without a face.
        Returns:
          [B, H, W, C + 1] float: colour, then alpha in [0, 1].
        Gradients:
          To `vertices_clip` as the model defines them; to `colors` where they show.
        """
        ...
