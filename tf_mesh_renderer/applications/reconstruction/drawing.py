"""Pictures of reconstructions for people: turntables, and rows beside what networks saw."""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from tf_mesh_renderer import visualization
from tf_mesh_renderer.cameras import Camera, get_points_from_angles
from tf_mesh_renderer.datasets import camera_of_view
from tf_mesh_renderer.datasets.views import DISTANCE, ELEVATION_DEGREES, FOV_DEGREES
from tf_mesh_renderer.geometry import Mesh
from tf_mesh_renderer.rendering import render
from tf_mesh_renderer.shading import AmbientLight, DirectionalLight
from tf_mesh_renderer.textures import VertexColors

# N3MR's default lights.
_LIGHTS = (
    AmbientLight(intensity=0.5),
    DirectionalLight(intensity=0.5, direction=(0.0, 1.0, 0.0)),
)
_BLANK = 1.0


def mesh_of(prediction: Mapping[str, np.ndarray], faces: np.ndarray, item: int = 0) -> Mesh:
    """One of the meshes that a network predicted.

    Args:
      prediction: outputs of the network: "vertices" [B, V, 3] and, of some, "colors" [B, V, 3].
      faces: [F, 3] int.
      item: index in the batch.
    Returns:
      `Mesh` without batch axis, with `VertexColors` if there are colours.
    """
    colors = prediction.get("colors")
    texture = None if colors is None else VertexColors(np.clip(colors[item], 0.0, 1.0))
    return Mesh(np.asarray(prediction["vertices"][item]), faces, texture)


def turntable(mesh: Mesh, *, frames: int, side: int) -> np.ndarray:
    """A mesh from all around before white; lit if it has no colours.

    Args:
      mesh: without batch axis, within the unit cube.
      frames: number of pictures, evenly around from view 0 of the data set.
      side: of the pictures in pixels.
    Returns:
      [frames, side, side, 3] float in [0, 1].
    """

    def draw(azimuth):
        eye = get_points_from_angles(DISTANCE, ELEVATION_DEGREES, azimuth)
        camera = Camera.look_at(eye, fov_y_degrees=FOV_DEGREES, handedness="left")
        return _shown(mesh, camera, side)

    return visualization.turntable(draw, frames=frames)


def comparison(
    images: np.ndarray, viewpoints: np.ndarray, prediction: Mapping[str, np.ndarray], faces
) -> np.ndarray:
    """A row for each object: the picture, what was made of it, and both again from elsewhere.

    Args:
      images: [B, 2, S, S, 4] float in [0, 1], colour over black and mask; the network saw the
        first of each pair.
      viewpoints: [B, 2] int, which of the 24 views they are.
      prediction: outputs of the network for the first pictures.
      faces: [F, 3] int.
    Returns:
      [B S, 4 S, 3] float in [0, 1].
    """
    side = images.shape[2]
    colors = prediction.get("colors")
    texture = None if colors is None else VertexColors(np.clip(colors, 0.0, 1.0))
    mesh = Mesh(prediction["vertices"], faces, texture)
    columns = []
    for view in range(2):
        over_white = images[:, view, ..., :3] + _BLANK * (1.0 - images[:, view, ..., 3:])
        columns += [over_white, _shown(mesh, camera_of_view(viewpoints[:, view]), side).numpy()]
    rows = np.clip(np.stack(columns, axis=1), 0.0, 1.0)  # [B, 4, S, S, 3]
    return visualization.sheet(rows, margin=0)


def _shown(mesh: Mesh, camera: Camera, side: int) -> tf.Tensor:
    """Lit if it has no colours: those that were learnt hold the light of their pictures already."""
    how = {"lights": _LIGHTS} if mesh.texture is None else {"material": "unlit"}
    image = render(mesh, camera, image_size=(side, side), background=_BLANK, **how)
    return tf.clip_by_value(image[..., :3], 0.0, 1.0)
