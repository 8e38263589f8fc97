"""Layer: from mesh and camera position to a colour image."""

import keras

from tf_mesh_renderer import gradients
from tf_mesh_renderer import shading as shading_models
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.layers.background import background_from_config, background_to_config
from tf_mesh_renderer.layers.scene import SceneLayer
from tf_mesh_renderer.rendering.pipeline import render
from tf_mesh_renderer.shading import lights as light_models
from tf_mesh_renderer.textures.face import FaceTexture, VertexColors
from tf_mesh_renderer.textures.uv import UvTexture


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class MeshRenderer(SceneLayer):
    """Draws meshes in colour; see `rendering.render`.

    Example:
      >>> renderer = MeshRenderer((64, 64), lights=(AmbientLight(), DirectionalLight()))
      >>> image = renderer(vertices, faces, eye)  # [B, 64, 64, 4]

    Args:
      image_size: (height, width) in pixels.
      lights: lights of `shading`, or their configurations; without any, the models of `shading`
        leave colours as they are.
      shading: a shading model, its registered name ("flat", "lambert", "phong", "blinn_phong",
        "unlit"), or its configuration: how surfaces answer the lights.
      gradient: a gradient model, its registered name ("n3mr", "dibr", "softras"), or its
        configuration.
      background: a number or C numbers, linear colour of empty pixels.
      **kwargs: passed to `SceneLayer`: `camera`, `cull`, `anti_aliasing`, `dtype`, `name`.
    Call arguments:
      vertices: [B, V, 3] float, world space.
      faces: [F, 3] or [B, F, 3] int32, rows of -1 are padding.
      eye: [B, 3] float, position of the camera, world space.
      textures: [B, F, T, T, T, C] float cubes of texels, or None.
      vertex_colors: [B, V, C] float, or None.
      texture_image: [B, h, w, C] float picture laid on by `uv`, or None.
      uv: [B, V, 2] float, texture coordinates of the vertices; v = 0 is the bottom.
      At most one kind of texture; without any the mesh is white.
    Returns:
      [B, H, W, C + 1] float: colour, then alpha.
    Gradients:
      As `rendering.render`, to vertices, eye and texture.
    Raises:
      ValueError: more than one kind of texture is given.
    """

    def __init__(
        self, image_size, *, lights=(), shading="flat", gradient="n3mr", background=0.0, **kwargs
    ):
        super().__init__(image_size, **kwargs)
        self.lights = tuple(light_models.get(light) for light in lights)
        self.shading = shading_models.get(shading)
        self.gradient = gradients.get(gradient)
        self.background = background_from_config(background)

    def call(
        self, vertices, faces, eye, textures=None, vertex_colors=None, texture_image=None, uv=None
    ):
        return self.draw(
            render,
            vertices,
            faces,
            eye,
            texture=_texture(textures, vertex_colors, texture_image, uv),
            lights=self.lights,
            material=self.shading,
            gradient=self.gradient,
            background=self.background,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "lights": [light_models.serialize(light) for light in self.lights],
            "shading": shading_models.serialize(self.shading),
            "gradient": gradients.serialize(self.gradient),
            "background": background_to_config(self.background),
        }


def _texture(textures, vertex_colors, texture_image, uv):
    """The texture that the call arguments stand for."""
    given = [value for value in (textures, vertex_colors, texture_image) if value is not None]
    if len(given) > 1 or (texture_image is None) != (uv is None):
        raise argument_error(
            "MeshRenderer",
            "textures",
            expected="one of `textures`, `vertex_colors`, or `texture_image` together with `uv`",
            received=f"{len(given)} kinds of texture, {'no ' if uv is None else ''}uv",
            hint="mix colours before the layer",
        )
    if textures is not None:
        return FaceTexture(textures)
    if vertex_colors is not None:
        return VertexColors(vertex_colors)

    return None if texture_image is None else UvTexture(texture_image, uv)
