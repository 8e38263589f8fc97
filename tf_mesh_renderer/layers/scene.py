"""What the layers that draw a whole mesh share: image size, camera, culling, anti-aliasing."""

from tf_mesh_renderer.arguments import check_choice, height_and_width
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.layers.base import RenderingLayer
from tf_mesh_renderer.layers.camera_settings import CameraSettings
from tf_mesh_renderer.ops.rasterize import CULL_MODES

_DEFAULT_CAMERA = CameraSettings()


class SceneLayer(RenderingLayer):
    """Base of `MeshRenderer`, `SilhouetteRenderer` and `DepthRenderer`.

    Args:
      image_size: (height, width) in pixels.
      camera: `CameraSettings`, or a dict of its attributes.
      cull: "back", "front" or "none" (both sides are drawn).
      anti_aliasing: render at twice the size and average.
      **kwargs: passed to `RenderingLayer`.
    """

    def __init__(
        self, image_size, *, camera=_DEFAULT_CAMERA, cull="none", anti_aliasing=True, **kwargs
    ):
        super().__init__(**kwargs)
        check_choice(type(self).__name__, "cull", value=cull, choices=CULL_MODES)
        self.image_size = height_and_width(type(self).__name__, image_size)
        self.camera = CameraSettings.from_config(camera)
        self.cull = cull
        self.anti_aliasing = anti_aliasing

    def draw(self, function, vertices, faces, eye, *, texture=None, **options):
        """Calls a function of `rendering` with what this layer stores.

        Args:
          function: `render`, `render_silhouette` or `render_depth`.
          vertices: [B, V, 3] float, world space.
          faces: [F, 3] or [B, F, 3] int32.
          eye: [B, 3] float, world space.
          texture: an object of `textures`, or None.
          **options: further arguments of `function`.
        Returns:
          What `function` returns.
        Gradients:
          As `function` defines them.
        """
        return function(
            Mesh(vertices, faces, texture),
            self.camera.camera(eye, self.image_size),
            image_size=self.image_size,
            cull=self.cull,
            anti_aliasing=self.anti_aliasing,
            **options,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "image_size": list(self.image_size),
            "camera": self.camera.to_config(),
            "cull": self.cull,
            "anti_aliasing": self.anti_aliasing,
        }
