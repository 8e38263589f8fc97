"""The gradient of the Neural 3D Mesh Renderer: sweep rows and columns of the finished image."""

import dataclasses
import math

import tensorflow as tf

from tf_mesh_renderer import ops
from tf_mesh_renderer.arguments import argument_error, to_number
from tf_mesh_renderer.gradients.base import NearestFaceModel
from tf_mesh_renderer.gradients.compositing import composite
from tf_mesh_renderer.gradients.registry import register
from tf_mesh_renderer.ops.fragments import Fragments


@register("n3mr")
@dataclasses.dataclass(frozen=True)
class N3mr(NearestFaceModel):
    """Hard image; a vertex is drawn to where moving its edges lowers the loss.

    Its own gradient comes from pixels that an edge would gain or lose, to x and y alone. Where
    colours depend on the barycentrics smoothly, as with `VertexColors` or
    `FaceTexture(barycentrics_gradient=True)`, their exact gradient is added; plain `FaceTexture`
    has none, as in the paper. All channels of the image, alpha among them, are summed
    before the test whether a move lowers the loss; a channel without upstream gradient adds
    nothing, so a loss on RGB alone moves vertices as if alpha were not there.

    Attributes:
      eps: distance in NDC added to the way an edge must move, which bounds the gradient of pixels
        next to an edge. The released renderer takes 1e-3 for colour and 1e-4 for silhouettes.
    Source:
      Kato, Ushiku, Harada, "Neural 3D Mesh Renderer", CVPR 2018, section 3.
    """

    eps: float = 1e-3

    def __post_init__(self):
        if not 0 < to_number("N3mr", "eps", self.eps) < math.inf:
            raise argument_error(
                "N3mr",
                "eps",
                expected="a finite number > 0",
                received=self.eps,
                hint="the paper's code uses 1e-3",
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
        """Composites colours over the background and attaches N3MR's gradient.

        Args:
          colors: [B, H, W, C] float, linear; any value where there is no face. C = 0: silhouette.
          fragments: `Fragments` [B, H, W].
          vertices_clip: [B, V, 4] float, clip space, as rasterized.
          faces: [F, 3] or [B, F, 3] int32, as rasterized.
          background: [], [C] or [B, C] float, linear.
        Returns:
          [B, H, W, C + 1] float: colour, then alpha, which is 0 or 1.
        Gradients:
          To `vertices_clip` by `ops.n3mr`; exact to `colors` where a face is seen and to
          `background` elsewhere.
        Raises:
          tf.errors.InvalidArgumentError: a face index is out of range, or a vertex is not finite.
        """
        image = composite(colors, fragments.mask, background)
        return ops.n3mr(image, vertices_clip, faces, fragments.face_id, eps=self.eps)
