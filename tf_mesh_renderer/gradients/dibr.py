"""The gradient of DIB-R: exact inside of the silhouette, a probability outside of it."""

import dataclasses
import math

import tensorflow as tf

from tf_mesh_renderer import ops
from tf_mesh_renderer.arguments import argument_error, check_choice, to_number
from tf_mesh_renderer.gradients.base import NearestFaceModel, Shade, seen_in
from tf_mesh_renderer.gradients.compositing import over_background
from tf_mesh_renderer.gradients.registry import register
from tf_mesh_renderer.gradients.view import View
from tf_mesh_renderer.ops.dibr_mask import FALLOFFS, limit_of_faces
from tf_mesh_renderer.ops.fragments import Fragments


@register("dibr")
@dataclasses.dataclass(frozen=True)
class DibR(NearestFaceModel):
    """Hard colours; alpha is the probability that a pixel belongs to the silhouette.

    Colours move the vertices through the barycentrics, exactly: what a pixel shows is an
    interpolation within its face. Alpha is 1 on the mesh and falls off around it: a pixel outside
    pulls the nearest edges towards itself or pushes them away. Pixels on the mesh do neither.

    Attributes:
      sigma_inv: decay 1 / delta of the probability; the paper's range is 1 / 3e-4 to 1 / 3e-5.
      box_length: NDC by which the bounding box of a face is enlarged; it has an effect inside
        only. The released code's 0.02 is less than a pixel of a 64 x 64 image: faster, but the
        gradient ends at 0.06; 0.05 to 0.2 are Kaolin's advice.
      k_faces: None: all faces in reach count; else the first so many in index order (released: 30).
      falloff: "squared" distance, as in the released code, or "linear", as in the paper.
      perspective_correct: False interpolates linearly on the image, as the released code does, and
        then neither `near` nor `far` cuts.
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer", NeurIPS 2019, section 3.
    """

    sigma_inv: float = 7000.0
    box_length: float = 0.02
    k_faces: int | None = None
    falloff: str = "squared"
    perspective_correct: bool = True

    # Colours move vertices by where they are read, and by nothing else.
    needs_differentiable_colors = True

    def __post_init__(self):
        limit_of_faces("DibR", self.k_faces)  # refuses what is no count
        check_choice("DibR", "falloff", value=self.falloff, choices=FALLOFFS)
        for name in ("sigma_inv", "box_length"):
            if not 0 < to_number("DibR", name, getattr(self, name)) < math.inf:
                raise argument_error(
                    "DibR",
                    name,
                    expected="a finite number > 0",
                    received=getattr(self, name),
                    hint="7000 and 0.02 are the released code's sigma_inv and box_length",
                )

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
          As `blend`.
        """
        if not self.perspective_correct:
            view = view.without_perspective()
            shade = seen_in(shade, view)
        return super().draw(view, shade, background=background)

    def blend(
        self,
        colors: tf.Tensor,
        fragments: Fragments,
        *,
        vertices_clip: tf.Tensor,
        faces: tf.Tensor,
        background: tf.Tensor,
    ) -> tf.Tensor:
        """Composites colours over the background and appends the probability.

        Args:
          colors: [B, H, W, C] float, linear; any value where there is no face. C = 0: silhouette.
          fragments: `Fragments` [B, H, W].
          vertices_clip: [B, V, 4] float, clip space, as rasterized.
          faces: [F, 3] or [B, F, 3] int32, as rasterized.
          background: [], [C] or [B, C] float, linear.
        Returns:
          [B, H, W, C + 1] float: colour, then alpha in [0, 1].
        Gradients:
          Exact to `colors` where a face is seen and to `background` elsewhere; alpha's to
          `vertices_clip` by `ops.dibr_mask`.
        Raises:
          tf.errors.InvalidArgumentError: a face index is out of range, or a vertex is not finite.
        """
        colors = over_background(colors, fragments.mask, background)
        mask = ops.dibr_mask(
            vertices_clip,
            faces,
            fragments.face_id,
            sigma_inv=self.sigma_inv,
            box_length=self.box_length,
            k_faces=self.k_faces,
            falloff=self.falloff,
        )
        return tf.concat([colors, mask[..., tf.newaxis]], axis=-1)
