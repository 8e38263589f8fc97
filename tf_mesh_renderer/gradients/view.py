"""What a gradient model draws: vertices in clip space, faces, and the image they are seen in."""

import dataclasses
import math
from typing import Any

import tensorflow as tf

from tf_mesh_renderer import ops


@dataclasses.dataclass(frozen=True, eq=False)
class View:
    """A mesh as a camera sees it, before it is rasterized.

    Attributes:
      vertices_clip: [B, V, 4] float, clip space.
      faces: [F, 3] or [B, F, 3] int32, rows of -1 are padding.
      image_size: (height, width) in pixels: a pair of int or an int32 tensor [2].
      cull: "back", "front" or "none".
      near: depth; nothing at or before it is drawn.
      far: depth; nothing at or beyond it is drawn.
      depth_from: "w" or "z", where the rasterizer finds depth.
    """

    vertices_clip: tf.Tensor
    faces: tf.Tensor
    image_size: Any
    cull: str = "none"
    near: float = 0.0
    far: float = math.inf
    depth_from: str = "w"

    def rasterize(self) -> ops.Fragments:
        """The nearest face of every pixel.

        Returns:
          `Fragments` [B, H, W].
        Gradients:
          As `ops.rasterize`.
        Raises:
          tf.errors.InvalidArgumentError: as `ops.rasterize`.
        """
        return ops.rasterize(
            self.vertices_clip,
            self.faces,
            image_size=self.image_size,
            cull=self.cull,
            near=self.near,
            far=self.far,
            depth_from=self.depth_from,
        )

    def without_perspective(self) -> "View":
        """The same picture with barycentrics that are linear on the image.

        Every vertex is put where it is seen, at w = 1. Faces with a corner that is not in front of
        the camera have no such picture and are left out; `near` and `far` do not cut otherwise.

        Returns:
          A `View` whose depth is linear on the image and orders faces, but is no distance: within
          [-1/2, 1/2], a part of twice the farthest vertex of each image.
        Gradients:
          Exact to x, y and w of the vertices; none to depth.
        """
        x, y, z, w = tf.unstack(self.vertices_clip, axis=-1)
        in_front = w > 0
        safe_w = tf.where(in_front, w, tf.ones_like(w))
        depth = tf.stop_gradient(w if self.depth_from == "w" else z / safe_w)
        # A factor keeps all digits of the depths, which an offset would not: a far vertex must not
        # make faces near the camera equal. Nothing is cut, because nothing reaches -1 or 1.
        farthest = tf.reduce_max(tf.abs(depth), axis=-1, keepdims=True)
        place = tf.math.divide_no_nan(depth, farthest) / 2
        flat = tf.stack([x / safe_w, y / safe_w, place, tf.ones_like(w)], axis=-1)
        return dataclasses.replace(
            self,
            vertices_clip=flat,
            faces=_without_corners(self.faces, tf.logical_not(in_front)),
            near=-1.0,
            far=1.0,
            depth_from="z",
        )


def _without_corners(faces: tf.Tensor, unwanted: tf.Tensor) -> tf.Tensor:
    """Faces [B, F, 3] with rows of -1 for those that have a corner among `unwanted` [B, V]."""
    batch = tf.shape(unwanted)[:1]
    shape = tf.concat([batch, tf.shape(faces)[-2:]], axis=0)
    faces = tf.broadcast_to(faces, shape)
    padded = tf.pad(unwanted, [[0, 0], [0, 1]])  # rows of padding look at the extra vertex
    corners = tf.where(faces < 0, tf.shape(unwanted)[1], faces)
    hidden = tf.reduce_any(tf.gather(padded, corners, batch_dims=1), axis=-1, keepdims=True)
    return tf.where(hidden, -1, faces)
