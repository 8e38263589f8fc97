"""Layer: from mesh and camera position to a colour image."""

import keras

from tf_mesh_renderer import gradients
from tf_mesh_renderer.layers.background import background_from_config, background_to_config
from tf_mesh_renderer.layers.lights import lights_from_config, lights_to_config
from tf_mesh_renderer.layers.scene import SceneLayer
from tf_mesh_renderer.rendering.pipeline import render
from tf_mesh_renderer.textures.face import FaceTexture


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class MeshRenderer(SceneLayer):
    """Draws meshes in colour; see `rendering.render`.

    Example:
      >>> renderer = MeshRenderer((64, 64), lights=(AmbientLight(), DirectionalLight()))
      >>> image = renderer(vertices, faces, eye)  # [B, 64, 64, 4]

    Args:
      image_size: (height, width) in pixels.
      lights: lights of `shading`, or their configurations; none leaves colours as they are.
      gradient: a gradient model, its registered name, or its configuration.
      background: a number or C numbers, linear colour of empty pixels.
      **kwargs: passed to `SceneLayer`: `camera`, `cull`, `anti_aliasing`, `dtype`, `name`.
    Call arguments:
      vertices: [B, V, 3] float, world space.
      faces: [F, 3] or [B, F, 3] int32, rows of -1 are padding.
      eye: [B, 3] float, position of the camera, world space.
      textures: [B, F, T, T, T, C] float cubes of texels, or None for white.
    Returns:
      [B, H, W, C + 1] float: colour, then alpha.
    Gradients:
      As `rendering.render`, to vertices, eye and textures.
    """

    def __init__(self, image_size, *, lights=(), gradient="n3mr", background=0.0, **kwargs):
        super().__init__(image_size, **kwargs)
        self.lights = lights_from_config(lights)
        self.gradient = gradients.get(gradient)
        self.background = background_from_config(background)

    def call(self, vertices, faces, eye, textures=None):
        return self.draw(
            render,
            vertices,
            faces,
            eye,
            texture=None if textures is None else FaceTexture(textures),
            lights=self.lights,
            gradient=self.gradient,
            background=self.background,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "lights": lights_to_config(self.lights),
            "gradient": gradients.serialize(self.gradient),
            "background": background_to_config(self.background),
        }
