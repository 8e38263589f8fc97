"""Every mesh of a batch drawn from every viewpoint of its object, in one call of the renderer."""

import dataclasses
import functools
from typing import Any

import tensorflow as tf

from tf_mesh_renderer import gradients
from tf_mesh_renderer.arguments import argument_error, check_choice, height_and_width
from tf_mesh_renderer.cameras.camera import Camera
from tf_mesh_renderer.datasets.views import camera_of_view
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.rendering.pipeline import render, render_silhouette
from tf_mesh_renderer.textures.face import VertexColors

# Side of the images, in pixels, that the papers' reach around a face is meant for.
_PAPER_SIDE = 64
# Part of the reach that the network of SoftRas keeps towards the end of its training.
_SIGMA_DROP = 0.3


@dataclasses.dataclass(frozen=True)
class MultiViewRendering:
    """How predicted meshes are drawn in training; a plain value that a configuration can hold.

    Attributes:
      gradients: models of `gradients`, their names or configurations; the one that is used depends
        on the step of the training.
      boundaries: steps at which the next gradient model takes over, one fewer than `gradients`.
      anti_aliasing: render at twice the size and average blocks of 2x2 pixels.
    Raises:
      ValueError: an unknown gradient model, or boundaries that do not fit.
    """

    gradients: tuple[Any, ...] = (gradients.N3mr(eps=1e-3),)
    boundaries: tuple[int, ...] = ()
    anti_aliasing: bool = True

    def __post_init__(self):
        models = tuple(gradients.get(model) for model in self.gradients)
        object.__setattr__(self, "gradients", models)
        object.__setattr__(self, "boundaries", tuple(int(step) for step in self.boundaries))
        if len(models) != len(self.boundaries) + 1 or list(self.boundaries) != sorted(
            set(self.boundaries)
        ):
            raise argument_error(
                "MultiViewRendering",
                "boundaries",
                expected=f"{len(models) - 1} rising steps for {len(models)} gradient models",
                received=self.boundaries,
                hint="name the step at which each model but the first begins",
            )

    def draw(
        self,
        vertices: tf.Tensor,
        faces: tf.Tensor,
        viewpoints: tf.Tensor,
        *,
        image_size,
        colors: tf.Tensor | None = None,
        step: tf.Tensor = 0,
    ) -> tf.Tensor:
        """Draws M meshes per object from N viewpoints each, unlit and over black.

        Args:
          vertices: [B, M, V, 3] float, world space.
          faces: [F, 3] int32.
          viewpoints: [B, N] int, indices of the 24 views.
          image_size: (height, width) in pixels.
          colors: [B, M, V, C] float, of the vertices; None: silhouettes alone, C = 0.
          step: [] int, step of the training.
        Returns:
          [B, M, N, H, W, C + 1] float: colour, then alpha.
        Gradients:
          To the vertices as the gradient model defines them, exact to the colours.
        """
        counts = _size(vertices, 0), _size(vertices, 1), _size(viewpoints, 1)
        views = tf.repeat(viewpoints[:, tf.newaxis], counts[1], axis=1)  # [B, M, N]
        texture = None if colors is None else VertexColors(_repeated(colors, counts[2]))
        draw = functools.partial(
            _draw,
            Mesh(_repeated(vertices, counts[2]), faces, texture),
            camera_of_view(tf.reshape(views, [-1])),
            image_size=image_size,
            anti_aliasing=self.anti_aliasing,
        )
        drawn = self._at(step, draw)  # [B M N, H, W, C + 1]
        return tf.reshape(drawn, [*counts, *(_size(drawn, axis) for axis in (1, 2, 3))])

    def _at(self, step, draw):
        branches = [functools.partial(draw, gradient=model) for model in self.gradients]
        if not self.boundaries:
            return branches[0]()
        passed = tf.cast(step, tf.int64) >= tf.constant(self.boundaries, tf.int64)
        return tf.switch_case(tf.reduce_sum(tf.cast(passed, tf.int32)), branches)

    def to_config(self) -> dict:
        """The attributes as JSON types.

        Returns:
          A dict that `from_config` turns back into an equal value.
        """
        return {
            "gradients": [gradients.serialize(model) for model in self.gradients],
            "boundaries": list(self.boundaries),
            "anti_aliasing": self.anti_aliasing,
        }

    @classmethod
    def from_config(cls, config: Any) -> "MultiViewRendering":
        """A rendering from its configuration.

        Args:
          config: a dict of attributes, or `MultiViewRendering`, which is returned as it is.
        Returns:
          `MultiViewRendering`.
        Raises:
          TypeError: an unknown attribute.
        """
        return config if isinstance(config, cls) else cls(**config)


def paper_rendering(gradient: str, *, image_size=(64, 64), sigma_drop_at=None):
    """The rendering that the paper of a gradient model trains with, at any size of image.

    Reaches around a face, in normalized device coordinates, are scaled so that they remain the same
    in pixels.

    Args:
      gradient: "n3mr", "dibr" or "softras".
      image_size: (height, width) in pixels.
      sigma_drop_at: step from which on SoftRas' sigma is 0.3 of what it was, as it is in the
        released program from step 150 000; None: never. The other models do not look at it.
    Returns:
      `MultiViewRendering`.
    Raises:
      ValueError: an unknown gradient model or a wrong image size.
    Source:
      The released programs of the three papers.
    """
    check_choice("paper_rendering", "gradient", value=gradient, choices=("n3mr", "dibr", "softras"))
    scale = _PAPER_SIDE / min(height_and_width("paper_rendering", image_size))
    if gradient == "n3mr":
        return MultiViewRendering()
    if gradient == "dibr":
        model = gradients.DibR(sigma_inv=7000.0 / scale**2, box_length=0.02 * scale, k_faces=30)
        return MultiViewRendering((model,), anti_aliasing=False)
    wide = gradients.SoftRas(sigma=1e-4 * scale**2, dist_eps=1e-10)
    if sigma_drop_at is None:
        return MultiViewRendering((wide,), anti_aliasing=False)
    narrow = dataclasses.replace(wide, sigma=_SIGMA_DROP * wide.sigma)
    return MultiViewRendering((wide, narrow), (sigma_drop_at,), anti_aliasing=False)


def _draw(mesh: Mesh, camera: Camera, **options) -> tf.Tensor:
    """[B, H, W, C + 1], colour only if the mesh has any."""
    if mesh.texture is None:
        return render_silhouette(mesh, camera, **options)[..., tf.newaxis]
    return render(mesh, camera, material="unlit", **options)


def _size(tensor: tf.Tensor, axis: int):
    """A Python integer where it is known."""
    static = tensor.shape[axis]
    return tf.shape(tensor)[axis] if static is None else static


def _repeated(values: tf.Tensor, num_views) -> tf.Tensor:
    """[B, M, V, C] as [B M N, V, C], every mesh as often as there are views."""
    values = tf.repeat(values, num_views, axis=1)
    return tf.reshape(values, [-1, _size(values, 2), _size(values, 3)])
