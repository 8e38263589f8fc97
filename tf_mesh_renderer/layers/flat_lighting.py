"""Layer: flat Lambertian light on the side of every face that shows."""

import keras
import tensorflow as tf

from tf_mesh_renderer.geometry.topology import gather_at_pixels
from tf_mesh_renderer.layers.base import RenderingLayer
from tf_mesh_renderer.shading.face_light import face_irradiance, seen_irradiance
from tf_mesh_renderer.shading.lights import AmbientLight, DirectionalLight, get, serialize

# Half the light from everywhere and half from above, N3MR's default.
_N3MR_LIGHTS = (AmbientLight(), DirectionalLight())


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class FlatLighting(RenderingLayer):
    """Multiplies colours by the light on the face in every pixel; see `shading.face_irradiance`.

    Args:
      lights: a sequence of lights of `shading`, or their configurations.
      mirrors: whether the camera shows the mirror image, as left-handed ones do (`Camera.mirrors`).
      **kwargs: passed to `RenderingLayer`.
    Call arguments:
      colors: [B, H, W, C] float.
      vertices: [B, V, 3] float, world space.
      vertices_clip: [B, V, 4] float, which decide the side that shows.
      faces: [F, 3] or [B, F, 3] int32.
      face_id: [B, H, W] int32 from the layer `Rasterize`.
    Returns:
      [B, H, W, C] float.
    Gradients:
      Exact to colours, and to vertices through the normals.
    """

    def __init__(self, lights=_N3MR_LIGHTS, *, mirrors=False, **kwargs):
        super().__init__(**kwargs)
        self.lights = tuple(get(light) for light in lights)
        self.mirrors = mirrors

    def call(self, colors, vertices, vertices_clip, faces, face_id):
        irradiance = face_irradiance(vertices, faces, self.lights)
        mirrors = tf.constant(self.mirrors)
        seen = seen_irradiance(irradiance, vertices_clip, faces, mirrors=mirrors)
        return colors * gather_at_pixels(seen, face_id)

    def get_config(self):
        return {
            **super().get_config(),
            "lights": [serialize(light) for light in self.lights],
            "mirrors": self.mirrors,
        }
