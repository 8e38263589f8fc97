"""What a reconstruction network is trained to lower, and how its parts are weighted."""

import dataclasses
from typing import Any

import tensorflow as tf

from tf_mesh_renderer import losses, metrics
from tf_mesh_renderer.arguments import argument_error, check_choice, to_number
from tf_mesh_renderer.geometry.adjacency import Adjacency

PARTS = ("silhouette", "color", "laplacian", "flatten")
_LAPLACIAN_OF = ("positions", "displacements")
_COLOR_OVER = ("image", "object")
_COVERED = 0.5


@dataclasses.dataclass(frozen=True)
class LossWeights:
    """Weights of the parts of the loss; a part with weight 0 is not computed.

    Attributes:
      silhouette: of one minus the soft intersection over union, mean over all renderings.
      color: of the absolute difference of the colours, summed over channels, mean over all pixels
        of all renderings; needs a network that predicts colours. See `color_over`.
      laplacian: of the squared distances of vertices to the means of their neighbours, summed over
        vertices, mean over meshes.
      flatten: of (1 + cos angle)² between neighbouring faces, summed over edges, mean over meshes.
      laplacian_of: "positions", as SoftRas has it, or "displacements", as DIB-R.
      color_over: "image", as the paper of DIB-R has it: what is drawn beside the object should be
        black, too, so that vertices of the rim turn dark where the shape is wrong; or "object", as
        its later program: differences are multiplied by the mask of the picture.
    Raises:
      TypeError, ValueError: a weight is no number >= 0, or an unknown choice.
    """

    silhouette: float = 1.0
    color: float = 0.0
    laplacian: float = 0.0
    flatten: float = 0.0
    laplacian_of: str = "positions"
    color_over: str = "image"

    def __post_init__(self):
        check_choice("LossWeights", "laplacian_of", value=self.laplacian_of, choices=_LAPLACIAN_OF)
        check_choice("LossWeights", "color_over", value=self.color_over, choices=_COLOR_OVER)
        for name in PARTS:
            weight = to_number("LossWeights", name, getattr(self, name))
            object.__setattr__(self, name, weight)
            if not 0 <= weight < float("inf"):
                raise argument_error(
                    "LossWeights",
                    name,
                    expected="a finite number >= 0",
                    received=weight,
                    hint="0 leaves the part out",
                )

    @property
    def used(self) -> tuple[str, ...]:
        """Names of the parts whose weight is not 0."""
        return tuple(name for name in PARTS if getattr(self, name))

    def total(self, parts: dict[str, tf.Tensor]) -> tf.Tensor:
        """The weighted sum.

        Args:
          parts: [] float of each part that is used.
        Returns:
          [] float.
        Gradients:
          Exact.
        """
        return tf.add_n([getattr(self, name) * parts[name] for name in self.used])

    def to_config(self) -> dict:
        """The attributes as JSON types.

        Returns:
          A dict that `from_config` turns back into equal weights.
        """
        return dataclasses.asdict(self)

    @classmethod
    def from_config(cls, config: Any) -> "LossWeights":
        """Weights from their configuration.

        Args:
          config: a dict of attributes, or `LossWeights`, which are returned as they are.
        Returns:
          `LossWeights`.
        Raises:
          TypeError: an unknown attribute.
        """
        return config if isinstance(config, cls) else cls(**config)


def image_losses(
    images: tf.Tensor, drawn: tf.Tensor, *, color_over: str = "image"
) -> dict[str, tf.Tensor]:
    """Silhouette and colour losses of M meshes per object in N views.

    Args:
      images: [B, N, H, W, 4] float in [0, 1], what the views show, RGB over black and mask.
      drawn: [B, M, N, H, W, C + 1] float: what was drawn, C = 3 or 0.
      color_over: as of `LossWeights`.
    Returns:
      Means over the renderings, [] each: "silhouette"; for C = 3 "color"; and "iou", the
      intersection over union of silhouettes that are cut at one half, so that those of soft and
      of hard renderers compare.
    Gradients:
      Exact; none to "iou".
    Source:
      Kato, Ushiku, Harada, "Neural 3D Mesh Renderer", CVPR 2018, section 4.1; Chen et al.,
      "Learning to Predict 3D Objects with an Interpolation-based Differentiable Renderer",
      NeurIPS 2019, equations 13 and 14.
    """
    num_meshes = tf.shape(drawn)[1]
    masks = _for_each_mesh(images[..., 3], num_meshes)  # [B M N, H, W]
    drawn = _as_images(drawn)
    alpha = drawn[..., -1]
    parts = {
        "silhouette": losses.silhouette_iou_loss(masks, alpha),
        "iou": metrics.silhouette_iou(masks > _COVERED, alpha > _COVERED),
    }
    if drawn.shape[-1] > 1:
        colors = _for_each_mesh(images[..., :3], num_meshes)
        over = masks[..., tf.newaxis] if color_over == "object" else None
        parts["color"] = losses.color_l1_loss(colors, drawn[..., :3], mask=over)
    return {name: tf.reduce_mean(values) for name, values in parts.items()}


def shape_losses(
    vertices: tf.Tensor, displacements: tf.Tensor, adjacency: Adjacency, weights: LossWeights
) -> dict[str, tf.Tensor]:
    """The losses that keep meshes smooth, those of them that are used.

    Args:
      vertices: [B, V, 3] float, world space.
      displacements: [B, V, 3] float, what moved them.
      adjacency: of the meshes' faces.
      weights: says which are used.
    Returns:
      "laplacian" [] and "flatten" [], means over the meshes.
    Gradients:
      Exact.
    """
    parts = {}
    if weights.laplacian:
        of = vertices if weights.laplacian_of == "positions" else displacements
        parts["laplacian"] = tf.reduce_mean(losses.laplacian_loss(of, adjacency))
    if weights.flatten:
        parts["flatten"] = tf.reduce_mean(losses.flatten_loss(vertices, adjacency))
    return parts


def _for_each_mesh(images: tf.Tensor, num_meshes) -> tf.Tensor:
    """[B, N, H, W, ...] as [B M N, H, W, ...], repeated for M meshes."""
    return _as_images(tf.repeat(images[:, tf.newaxis], num_meshes, axis=1))


def _as_images(images: tf.Tensor) -> tf.Tensor:
    """[B, M, N, H, W, ...] as [B M N, H, W, ...]."""
    return tf.reshape(images, tf.concat([[-1], tf.shape(images)[3:]], axis=0))
