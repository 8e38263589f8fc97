"""What a gradient model is: the step of the pipeline that gives hard visibility a gradient."""

from typing import Protocol, runtime_checkable

import tensorflow as tf

from tf_mesh_renderer.gradients.view import View
from tf_mesh_renderer.ops.fragments import Fragments


class Shade(Protocol):
    """Colours of what pixels show; the pipeline hands one to the gradient model."""

    def __call__(self, fragments: Fragments) -> tf.Tensor:
        """Shades fragments.

        Args:
          fragments: `Fragments` [B, H, W], of any faces of the mesh.
        Returns:
          [B, H, W, C] float, linear; any value where no face is seen.
        Gradients:
          Exact to the barycentrics where the colour depends on them.
        """
        ...

    def vertex_colors(self) -> tf.Tensor | None:
        """[B, V, C] float if colours are nothing but interpolated vertex colours, else None.

        A model may then mix them in one pass instead of shading fragments.
        """
        ...

    def seen_in(self, view: View) -> "Shade":
        """The same colours for fragments with the barycentrics of another view of the mesh.

        Textures that look at how large a pixel is on them take it from there.

        Args:
          view: `View` of the same vertices and faces, such as `View.without_perspective()`.
        Returns:
          A `Shade`.
        """
        ...


def seen_in(shade: Shade | None, view: View) -> Shade | None:
    """`Shade.seen_in`; a plain function looks at fragments alone and is left as it is.

    Args:
      shade: `Shade`, a function of fragments, or None.
      view: `View` that the barycentrics of the fragments belong to.
    Returns:
      What `shade` is.
    """
    return shade.seen_in(view) if hasattr(shade, "seen_in") else shade


@runtime_checkable
class GradientModel(Protocol):
    """Draws a mesh so that the image moves it when differentiated.

    Rasterization is piecewise constant: the face that a pixel shows does not change under a small
    motion, so the derivative is zero almost everywhere. A gradient model says what takes its place.
    The pipeline holds one as an object and never asks which one it is.

    A further model is a frozen dataclass with this one method, in a file of its own:

        @gradients.register("mine")
        @dataclasses.dataclass(frozen=True)
        class Mine:
            sharpness: float = 7.0

            def draw(self, view, shade=None, *, background=0.0):
                ...

    Its fields must be JSON types: they become the configuration of Keras layers. An instance can be
    given wherever a `gradient` is asked for; the name works too, once the file is imported. A model
    that needs no more than the nearest face of each pixel derives from `NearestFaceModel`.

    A model whose colours move vertices through the place where a texture is read, and by nothing
    else, says so with an attribute or a property, `needs_differentiable_colors = True`; `render`
    then warns of colours without that gradient. Without the attribute it never does.
    """

    def draw(
        self, view: View, shade: Shade | None = None, *, background: tf.Tensor = 0.0
    ) -> tf.Tensor:
        """Draws an image over a background.

        Args:
          view: `View`, the mesh in clip space and the image's size.
          shade: gives colours to fragments; None draws the silhouette alone, C = 0.
          background: [], [C] or [B, C] float, linear colour of pixels without a face.
        Returns:
          [B, H, W, C + 1] float: colour, then alpha in [0, 1].
        Gradients:
          To the vertices as the model defines them; to what `shade` reads where it shows.
        """
        ...


class NearestFaceModel:
    """A gradient model that looks at the nearest face of each pixel; a subclass adds `blend`."""

    def draw(
        self, view: View, shade: Shade | None = None, *, background: tf.Tensor = 0.0
    ) -> tf.Tensor:
        """Rasterizes, shades and blends; see `GradientModel.draw`.

        Args:
          view: `View`.
          shade: gives colours to fragments, or None.
          background: [], [C] or [B, C] float, linear.
        Returns:
          [B, H, W, C + 1] float: colour, then alpha.
        Gradients:
          As `blend` defines them.
        """
        fragments = view.rasterize()
        no_colors = fragments.barycentrics[..., :0]  # [B, H, W, 0]
        colors = tf.zeros_like(no_colors) if shade is None else shade(fragments)
        return self.blend(
            colors,
            fragments,
            vertices_clip=view.vertices_clip,
            faces=view.faces,
            background=background,
        )

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

        Args:
          colors: [B, H, W, C] float, shaded colours of the nearest fragments; any value where
            there is none. C = 0: silhouette.
          fragments: `Fragments` with fields [B, H, W, ...] from `rasterize`.
          vertices_clip: [B, V, 4], the clip-space vertices that were rasterized.
          faces: [F, 3] or [B, F, 3] int32.
          background: [], [C] or [B, C] float, linear colour of pixels without a face.
        Returns:
          [B, H, W, C + 1] float: colour, then alpha in [0, 1].
        Gradients:
          To `vertices_clip` as the model defines them; to `colors` where they show.
        """
        raise NotImplementedError  # Each model has its own.
