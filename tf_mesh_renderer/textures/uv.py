"""A picture laid on a mesh by texture coordinates."""

import dataclasses
from typing import Any

import numpy as np
import tensorflow as tf

from tf_mesh_renderer import ops
from tf_mesh_renderer.arguments import argument_error, check_choice, to_indices
from tf_mesh_renderer.geometry.screen_derivatives import screen_derivatives
from tf_mesh_renderer.ops.texture import TEXTURE_FILTERS, TEXTURE_WRAPS
from tf_mesh_renderer.textures.arrays import check_rank, floats, for_images, with_batch, with_dtype


@dataclasses.dataclass(frozen=True)
class UvTexture:
    """A picture, and where each corner of each face lies in it.

    Texture coordinates are OBJ's and OpenGL's: u runs right, v runs up, (0, 0) is the bottom left
    corner of the picture and (1, 1) the top right one. They are interpolated over the faces with
    correct perspective, then the picture is read there, see `ops.texture`. A fragment in the middle
    of a face with the coordinates (0, 0), (1, 0), (0, 1) reads at (1/3, 1/3).

    Attributes:
      image: [h, w, C] or [1, h, w, C], shared by the batch, or [B, h, w, C]; float32 or float64,
        any range, row 0 on top; arrays become tensors in the dtype of the mesh. C is any number of
        channels.
      uv: [N, 2] or [1, N, 2], shared by the batch, or [B, N, 2]; texture coordinates in the dtype
        of `image`, finite. One row per vertex, or what `uv_faces` counts.
      uv_faces: [F, 3] or [1, F, 3], shared by the batch, or [B, F, 3]; int32 in [0, N): the row of
        `uv` of each corner, where a vertex has different coordinates in different faces (seams); a
        mesh file's `vt` indices. None: the faces of the mesh.
      filter: "nearest", "bilinear" or "trilinear"; the last needs `view` in `sample`.
      wrap: "repeat", "clamp" or "mirror".
    Raises:
      TypeError: `uv_faces` holds no integers, or `image` or `uv` does.
      ValueError: a known rank is wrong, or `filter` or `wrap` is unknown.
    """

    image: Any
    uv: Any
    uv_faces: Any = None
    filter: str = "bilinear"
    wrap: str = "repeat"

    def __post_init__(self):
        check_choice("UvTexture", "filter", value=self.filter, choices=TEXTURE_FILTERS)
        check_choice("UvTexture", "wrap", value=self.wrap, choices=TEXTURE_WRAPS)
        object.__setattr__(self, "image", floats("UvTexture", "image", self.image))
        object.__setattr__(self, "uv", floats("UvTexture", "uv", self.uv))
        if tf.is_tensor(self.uv_faces) or isinstance(self.uv_faces, (np.ndarray, list, tuple)):
            uv_faces = to_indices("UvTexture", "uv_faces", self.uv_faces)
            object.__setattr__(self, "uv_faces", uv_faces)
        check_rank("UvTexture", "image", self.image, (3, 4))
        check_rank("UvTexture", "uv", self.uv, (2, 3))
        check_rank("UvTexture", "uv_faces", self.uv_faces, (2, 3))

    @property
    def is_differentiable_in_place(self) -> bool:
        """Whether colours have a gradient by the place where the picture is read."""
        return self.filter != "nearest"

    def with_dtype(self, dtype: Any) -> "UvTexture":
        """The same texture, with arrays as tensors; `Mesh` calls it with the dtype of its vertices.

        Args:
          dtype: tf.float32 or tf.float64.
        Returns:
          A texture without arrays; tensors and variables are kept as they are.
        """
        return with_dtype(self, ("image", "uv"), dtype)

    def sample(self, faces: Any, fragments: ops.Fragments, view: Any = None) -> tf.Tensor:
        """Colours of the fragments.

        Args:
          faces: [F, 3] or [B, F, 3] int32: the faces that were rasterized.
          fragments: `Fragments` with [B, H, W] fields.
          view: the `gradients.View` that was rasterized, or any object with `vertices_clip`
            [B, V, 4] and `image_size` (None: that of the fragments). The size of a pixel in the
            picture depends on it, which only "trilinear" asks for.
        Returns:
          [B, H, W, C] in the dtype of the barycentrics; 0 where no face is.
        Gradients:
          To `image` and `uv`, and to the barycentrics of `fragments`, as `ops.texture` has them;
          with "trilinear" also to `view.vertices_clip` and `uv` through the level that is read.
        Raises:
          TypeError: `image`, `uv` and the barycentrics differ in dtype.
          ValueError: "trilinear" without `view`.
          tf.errors.InvalidArgumentError: an index is out of range, or a coordinate not finite.
        Source:
          OpenGL 4.6 core profile, section 8.14.
        """
        batch = tf.shape(fragments.face_id)[0]
        texture = self.with_dtype(fragments.barycentrics.dtype)
        uv = for_images("UvTexture", "uv", with_batch(texture.uv, 3), batch)  # [B, N, 2]
        uv_faces = faces if self.uv_faces is None else _for_any_batch(self.uv_faces)
        return ops.texture(
            with_batch(texture.image, 4),
            ops.interpolate(uv, uv_faces, fragments),
            covered=tf.convert_to_tensor(fragments.face_id) >= 0,
            uv_derivatives=self._derivatives(uv, uv_faces, faces, fragments, view),
            filter=self.filter,
            wrap=self.wrap,
        )

    def _derivatives(self, uv, uv_faces, faces, fragments, view):
        if self.filter != "trilinear":
            return None
        if view is None:
            raise argument_error(
                "UvTexture.sample",
                "view",
                expected="the view that was rasterized with filter 'trilinear'",
                received="None",
                hint="pass an object with `vertices_clip`, or choose filter='bilinear'",
            )
        return screen_derivatives(
            uv,
            faces,
            fragments,
            vertices_clip=view.vertices_clip,
            image_size=view.image_size,
            attribute_faces=uv_faces,
        )

    def __tf_flatten__(self):
        return (self.filter, self.wrap), (self.image, self.uv, self.uv_faces)

    @classmethod
    def __tf_unflatten__(cls, metadata, components):
        return cls(*components, *metadata)


def _for_any_batch(rows):
    """[F, 3] for [1, F, 3]: what joins corners is shared by a batch where it has no batch axis."""
    return rows[0] if rows.shape.rank == 3 and rows.shape[0] == 1 else rows
