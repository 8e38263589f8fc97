"""Layer: compositing over a background, with a gradient model that needs the nearest face only."""

import keras

from tf_mesh_renderer import gradients, ops
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.layers.background import background_from_config, background_to_config
from tf_mesh_renderer.layers.base import RenderingLayer


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class Blend(RenderingLayer):
    """Puts colours over a background and attaches a gradient; see `NearestFaceModel.blend`.

    Args:
      gradient: a gradient model that derives from `NearestFaceModel` ("n3mr", "dibr"), its
        registered name, or its configuration. Others, such as "softras", choose their fragments
        themselves and need the layer `MeshRenderer`.
      background: a number or C numbers, linear colour of empty pixels.
      **kwargs: passed to `RenderingLayer`.
    Call arguments:
      colors: [B, H, W, C] float.
      fragments: `Fragments` from the layer `Rasterize`.
      vertices_clip: [B, V, 4] float.
      faces: [F, 3] or [B, F, 3] int32.
    Returns:
      [B, H, W, C + 1] float: colour, then alpha.
    Gradients:
      As the gradient model defines them.
    Raises:
      ValueError: the gradient model does not derive from `NearestFaceModel`.
    """

    def __init__(self, gradient="n3mr", *, background=0.0, **kwargs):
        super().__init__(**kwargs)
        self.gradient = gradients.get(gradient)
        if not isinstance(self.gradient, gradients.NearestFaceModel):
            raise argument_error(
                "Blend",
                "gradient",
                expected="a model that blends the nearest face of each pixel (a NearestFaceModel)",
                received=repr(self.gradient),
                hint="use the layer MeshRenderer, which lets the model choose its fragments",
            )
        self.background = background_from_config(background)

    def call(self, colors, fragments, vertices_clip, faces):
        return self.gradient.blend(
            colors,
            ops.Fragments(*fragments),
            vertices_clip=vertices_clip,
            faces=faces,
            background=self.background,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "gradient": gradients.serialize(self.gradient),
            "background": background_to_config(self.background),
        }
