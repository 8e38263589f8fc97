"""The gradient of SoftRas: every face in reach of a pixel takes part in its colour and alpha."""

import dataclasses
import math
import warnings

import tensorflow as tf

from tf_mesh_renderer import ops
from tf_mesh_renderer.arguments import argument_error, check_choice, to_count
from tf_mesh_renderer.gradients.base import Shade, seen_in
from tf_mesh_renderer.gradients.compositing import (
    background_pixels,
    background_tensor,
    over_background,
)
from tf_mesh_renderer.gradients.registry import register
from tf_mesh_renderer.gradients.view import View
from tf_mesh_renderer.ops.rasterize_layers import OVERFLOW_MODES

_MOST_FRAGMENTS = 1024  # that `ops.softras_fragments` finds


@register("softras")
@dataclasses.dataclass(frozen=True)
class SoftRas:
    """Soft image; all faces in reach of a pixel are moved by it, hidden ones too.

    A face covers a pixel to a part that falls off around it; alpha is the probability that some
    face covers the pixel, and colours mix with weights that fall with depth. Plain vertex colours
    are mixed in one pass; whatever is textured or lit is shaded for the nearest `max_fragments`
    faces in reach of each pixel, in memory proportional to pixels times `max_fragments`.

    Depth counts as a part of the range from the camera's `near` to its `far`: set them tight, or
    `gamma` smaller, for colours that do not shine through.

    Attributes:
      sigma: squared NDC, how far a face blurs; larger moves the mesh from farther away.
      gamma: how sharply the nearest face wins.
      eps: nearness of the background, in [0, 1] from far to near.
      dist_eps: a face that covers a pixel to a smaller part is left out.
      distance: "euclidean", "barycentric" or "hard".
      aggregate_rgb: "softmax", or "hard": the nearest face.
      aggregate_alpha: "product", "sum" or "hard".
      perspective_correct: whether colours are interpolated with perspective.
      max_fragments: faces per pixel that are shaded, nearest first, from 1 to 1024; "hard" colours
        need no more than one, whatever it is.
      on_overflow: what happens where more faces than that are in reach: "error", or "truncate",
        which leaves out the farthest.
    Raises:
      TypeError: a number is none.
      ValueError: a choice is unknown or a number out of range.
    Source:
      Liu, Li, Chen, Li, "Soft Rasterizer: A Differentiable Renderer for Image-based 3D Reasoning",
      ICCV 2019, section 3.
    """

    sigma: float = 1e-5
    gamma: float = 1e-4
    eps: float = 1e-3
    dist_eps: float = 1e-4
    distance: str = "euclidean"
    aggregate_rgb: str = "softmax"
    aggregate_alpha: str = "product"
    perspective_correct: bool = True
    max_fragments: int = 32
    on_overflow: str = "error"

    def __post_init__(self):
        check_choice("SoftRas", "on_overflow", value=self.on_overflow, choices=OVERFLOW_MODES)
        ops.SoftrasSettings(**self._settings())  # refuses unknown choices and illegal numbers
        if not 1 <= to_count("SoftRas", "max_fragments", self.max_fragments) <= _MOST_FRAGMENTS:
            raise argument_error(
                "SoftRas",
                "max_fragments",
                expected=f"an integer from 1 to {_MOST_FRAGMENTS}",
                received=self.max_fragments,
                hint="the default is 32",
            )

    @property
    def needs_differentiable_colors(self) -> bool:
        """Whether colours move vertices by where they are read, and by nothing else."""
        return self.aggregate_rgb == "hard"

    def draw(
        self, view: View, shade: Shade | None = None, *, background: tf.Tensor = 0.0
    ) -> tf.Tensor:
        """Draws colour and alpha; see `GradientModel.draw`.

        Args:
          view: `View`; with colours, `far` must be finite.
          shade: gives colours to fragments; None draws alpha alone.
          background: [], [C] or [B, C] float, linear.
        Returns:
          [B, H, W, C + 1] float: colour, then alpha. Alpha counts faces of both sides and at all
          depths; `cull`, `near` and `far` concern colour.
        Gradients:
          Exact to vertices, to what `shade` reads, and to the background; the choice of faces is
          held fixed.
        Raises:
          ValueError: `view.far` is infinite.
          tf.errors.InvalidArgumentError: more than `max_fragments` faces are in reach of a pixel.
        """
        self._warn_of_missing_gradient()
        if shade is None:
            return self._alpha(view)
        _check_depth_range(view)
        vertex_colors = shade.vertex_colors()
        if vertex_colors is not None:
            return self._mix_vertex_colors(view, vertex_colors, background)
        if not self.perspective_correct:
            shade = seen_in(shade, view.without_perspective())
        draw_colors = self._show_nearest if self.aggregate_rgb == "hard" else self._mix_fragments
        return tf.concat([draw_colors(view, shade, background), self._alpha(view)], axis=-1)

    def _warn_of_missing_gradient(self) -> None:
        if "hard" in (self.distance, self.aggregate_alpha):
            warnings.warn(
                "SoftRas: alpha with distance='hard' or aggregate_alpha='hard' is piecewise "
                "constant and moves no vertices.",
                stacklevel=4,
            )

    def _alpha(self, view: View) -> tf.Tensor:
        """[B, H, W, 1]."""
        alpha = ops.softras_silhouette(
            view.vertices_clip,
            view.faces,
            image_size=view.image_size,
            sigma=self.sigma,
            dist_eps=self.dist_eps,
            distance=self.distance,
            aggregate=self.aggregate_alpha,
        )
        return alpha[..., tf.newaxis]

    def _mix_vertex_colors(self, view, colors, background) -> tf.Tensor:
        shape = tf.stack([tf.shape(colors)[0], tf.shape(colors)[2]])
        return ops.softras_color(
            view.vertices_clip,
            view.faces,
            colors,
            tf.broadcast_to(background_tensor(background, colors), shape),
            image_size=view.image_size,
            settings=self._settings_of(view),
        )

    def _show_nearest(self, view, shade, background) -> tf.Tensor:
        """Shaded colours of the nearest face on which each pixel lies."""
        # Not `view.rasterize()`: it draws parts of faces that reach behind the camera, and knows no
        # weights without perspective.
        nearest = ops.softras_fragments(
            view.vertices_clip,
            view.faces,
            image_size=view.image_size,
            num_fragments=1,
            on_overflow="truncate",
            settings=dataclasses.replace(self._settings_of(view), distance="hard"),
        )
        fragments = ops.Fragments(
            nearest.face_id[..., 0], nearest.barycentrics[..., 0, :], nearest.depth[..., 0]
        )
        return over_background(shade(fragments), fragments.mask, background)

    def _mix_fragments(self, view, shade, background) -> tf.Tensor:
        """Shaded colours of the fragments [B, H, W, K], mixed by coverage and depth."""
        fragments = ops.softras_fragments(
            view.vertices_clip,
            view.faces,
            image_size=view.image_size,
            num_fragments=self.max_fragments,
            on_overflow=self.on_overflow,
            settings=self._settings_of(view),
        )
        colors = _shade_all(shade, fragments)  # [B, H, W, K, C]
        nearness = (view.far - fragments.depth) / (view.far - view.near) / self.gamma
        # The background is at nearness eps and, in the released program, counts exp(eps / gamma)
        # times; the paper has it once.
        behind = 2 * self.eps / self.gamma
        # Where there is no face the coverage is 0, and the depth must not count.
        nearness = tf.where(fragments.face_id >= 0, nearness, behind)
        # Exponents relative to the largest cannot overflow.
        nearest = tf.maximum(tf.reduce_max(nearness, axis=-1, keepdims=True), behind)
        nearest = tf.stop_gradient(nearest)
        weights = fragments.coverage * tf.exp(nearness - nearest)
        rest = tf.exp(behind - nearest)
        total = tf.reduce_sum(weights, axis=-1, keepdims=True) + rest
        mixed = tf.reduce_sum(weights[..., tf.newaxis] * colors, axis=-2)
        return (mixed + rest * background_pixels(background, colors)) / total

    def _settings(self) -> dict:
        """The numbers and choices that are those of the ops' settings, under the same names."""
        ours, theirs = (
            {field.name for field in dataclasses.fields(kind)}
            for kind in (self, ops.SoftrasSettings)
        )
        return {name: getattr(self, name) for name in ours & theirs}

    def _settings_of(self, view: View) -> ops.SoftrasSettings:
        return ops.SoftrasSettings(
            **self._settings(),
            near=view.near,
            far=view.far,
            depth_from=view.depth_from,
            cull=view.cull,
        )


def _shade_all(shade: Shade, fragments: ops.SoftFragments) -> tf.Tensor:
    """Shades [B, H, W, K] fragments as one large image: shading does not look at their place."""
    rows, columns = _sides(fragments.face_id.shape[-1])
    face_id, barycentrics, depth = _padded(fragments, rows * columns)
    shape = tf.shape(face_id)
    large = tf.stack([shape[0], shape[1] * rows, shape[2] * columns])
    arranged = ops.Fragments(
        tf.reshape(face_id, large),
        tf.reshape(barycentrics, tf.concat([large, [3]], axis=0)),
        tf.reshape(depth, large),
    )
    colors = shade(arranged)
    colors = tf.where(arranged.face_id[..., tf.newaxis] >= 0, colors, 0.0)
    colors = tf.reshape(colors, tf.concat([shape, [tf.shape(colors)[-1]]], axis=0))
    return colors[..., : fragments.face_id.shape[-1], :]


def _sides(count: int) -> tuple[int, int]:
    """Sides of the smallest, then squarest, of nearly square rectangles with `count` cells.

    Images are at most 32768 pixels high and wide, so K of them are best laid out like that.
    """
    root = math.isqrt(count)
    rows = min(range(root, root // 2, -1), key=lambda side: side * -(-count // side))
    return rows, -(-count // rows)


def _padded(fragments: ops.SoftFragments, count: int) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Ids, barycentrics and depths of K fragments and as many empty ones as `count` asks for."""
    padding = [[0, 0], [0, 0], [0, 0], [0, count - fragments.face_id.shape[-1]]]
    return (
        tf.pad(fragments.face_id, padding, constant_values=-1),
        tf.pad(fragments.barycentrics, [*padding, [0, 0]]),
        tf.pad(fragments.depth, padding),
    )


def _check_depth_range(view: View) -> None:
    if not math.isfinite(view.far):
        raise argument_error(
            "SoftRas",
            "view.far",
            expected="a finite number",
            received=view.far,
            hint="give the camera a finite `far`; colours mix by their place between near and far",
        )
