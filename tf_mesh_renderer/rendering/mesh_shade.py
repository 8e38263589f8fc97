"""Colours of a mesh at the fragments that a gradient model asks for."""

import dataclasses
import warnings
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from tf_mesh_renderer import gradients, ops, shading
from tf_mesh_renderer.geometry.mesh import Mesh


@dataclasses.dataclass(frozen=True, eq=False)
class MeshShade:
    """The `Shade` of the pipeline: texture lookup, then the shading model.

    Attributes:
      mesh: batched `Mesh`.
      view: the mesh as the camera sees it.
      camera: a `Camera`, or any object with `viewpoint` and `mirrors`.
      lights: lights of `shading`.
      material: a `ShadingModel`.
      lookup_view: the view that the barycentrics of the fragments belong to; None: `view`. Which
        side of a face is seen always follows from `view`.
    """

    mesh: Mesh
    view: gradients.View
    camera: Any
    lights: Sequence[shading.Light]
    material: shading.ShadingModel
    lookup_view: gradients.View | None = None

    def __call__(self, fragments: ops.Fragments) -> tf.Tensor:
        """Colours of fragments.

        Args:
          fragments: `Fragments` [B, H, W].
        Returns:
          [B, H, W, C] float, linear; a mesh without texture is white and has three channels.
        Gradients:
          Exact to texture, material and lights, and to vertices and camera through the shading.
        """
        scene = shading.Scene(
            self.mesh.vertices,
            self.mesh.faces,
            fragments,
            self.view.vertices_clip,
            self.camera,
            self.lights,
        )
        return self.material.shade(self._albedo(fragments), scene)

    def keeps_albedo(self) -> bool:
        """Whether the colours of the texture are known to be shown as they are."""
        keeps_albedo = getattr(self.material, "keeps_albedo", None)
        return keeps_albedo is not None and keeps_albedo(self.lights)

    def vertex_colors(self) -> tf.Tensor | None:
        """[B, V, C] float if plain vertex colours (or white) are shown as they are, else None."""
        if not self.keeps_albedo():
            return None
        if self.mesh.texture is None:
            return tf.ones_like(self.view.vertices_clip[..., :3])
        plain = getattr(self.mesh.texture, "vertex_colors", None)
        return None if plain is None else plain(tf.shape(self.view.vertices_clip)[0])

    def seen_in(self, view: gradients.View) -> "MeshShade":
        """The same colours for fragments with the barycentrics of `view`; see `gradients.Shade`."""
        return dataclasses.replace(self, lookup_view=view)

    def _albedo(self, fragments: ops.Fragments) -> tf.Tensor:
        if self.mesh.texture is None:
            return tf.ones_like(fragments.barycentrics)  # white has three channels, as they do
        view = self.view if self.lookup_view is None else self.lookup_view
        return self.mesh.texture.sample(self.mesh.faces, fragments, view)


def warn_of_missing_gradients(shade: MeshShade, gradient: gradients.GradientModel) -> None:
    """Warns where colours cannot move vertices though the gradient model relies on it.

    Args:
      shade: gives the colours.
      gradient: a gradient model.
    """
    texture = shade.mesh.texture
    if not getattr(gradient, "needs_differentiable_colors", False):
        return
    if texture is None and shade.keeps_albedo():
        what, remedy = "a white mesh without light", "a texture, lights"
    elif not getattr(texture, "is_differentiable_in_place", True):
        what = f"{type(texture).__name__} as configured"
        remedy = "FaceTexture(..., barycentrics_gradient=True), a filter other than 'nearest'"
    else:
        return
    warnings.warn(
        f"{type(gradient).__name__} moves vertices through the place where colours are read, and "
        f"{what} has no gradient there: nothing but alpha and lighting can move them. Pass "
        f"{remedy}, or gradient='n3mr'.",
        stacklevel=3,
    )
