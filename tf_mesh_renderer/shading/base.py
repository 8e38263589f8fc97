"""What a shading model is: the step of the pipeline that gives the surface its light."""

from typing import Protocol, runtime_checkable

import tensorflow as tf

from tf_mesh_renderer.shading.scene import Scene


@runtime_checkable
class ShadingModel(Protocol):
    """Turns the colours of a surface into the light it sends to the viewer.

    The pipeline holds one as an object and never asks which one it is. A further model is a frozen
    dataclass with this one method, in a file of its own:

        @shading.register("mine")
        @dataclasses.dataclass(frozen=True)
        class Mine:
            glow: float = 0.1

            def shade(self, albedo, scene):
                surface = shading.surface_of(scene)
                return albedo * (self.glow + tf.nn.relu(surface.normals[..., 2:]))

    A model that shows some surfaces as they are may say so, and is then not asked to shade them:
    `keeps_albedo(lights) -> bool` is whether `shade` returns the albedo under these lights. Without
    the method it is taken not to.

    With `__tf_flatten__` and `__tf_unflatten__`, as the models here have them, it may hold tensors
    and be an argument of `tf.function`.
    """

    def shade(self, albedo: tf.Tensor, scene: Scene) -> tf.Tensor:
        """Colours of the fragments under the lights of a scene.

        Args:
          albedo: [B, H, W, C] float, linear: the sampled texture.
          scene: `Scene` of the same B images.
        Returns:
          [B, H, W, C] float, linear; any finite value where no face is seen.
        Gradients:
          To the albedo, and to what the model reads of itself and of the scene.
        """
        ...
