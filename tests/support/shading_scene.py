"""A small rasterized scene for the tests of shading."""

import numpy as np

from tf_mesh_renderer import ops
from tf_mesh_renderer.cameras import Camera
from tf_mesh_renderer.geometry.primitives import icosphere
from tf_mesh_renderer.shading import Scene

SPHERE = icosphere(1)
VERTICES = SPHERE.vertices.numpy().astype(np.float64).reshape(1, -1, 3)
FACES = SPHERE.faces.numpy()
EYE = np.array([1.5, 1.0, 2.5])
SIZE = (7, 9)


def scene(vertices=VERTICES, camera=None, *, faces=FACES, lights=(), image_size=SIZE):
    """A `Scene` of a sphere that covers most of the image."""
    camera = Camera.look_at(EYE, fov_y_degrees=42.0) if camera is None else camera
    clip = camera.project(vertices)
    fragments = ops.rasterize(
        clip,
        faces,
        image_size=image_size,
        cull="none",
        near=camera.near,
        far=camera.far,
        depth_from=camera.depth_from,
    )
    return Scene(vertices, faces, fragments, clip, camera, lights)
