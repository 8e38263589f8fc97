"""What the pipeline hands to a shading model, and the visible surface made from it."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from tf_mesh_renderer import ops
from tf_mesh_renderer.arguments import check_choice
from tf_mesh_renderer.geometry.normals import face_normals, vertex_normals
from tf_mesh_renderer.geometry.topology import gather_at_pixels
from tf_mesh_renderer.geometry.vectors import normalize
from tf_mesh_renderer.shading.lights import Light
from tf_mesh_renderer.shading.pixels import over_pixels
from tf_mesh_renderer.shading.sides import outer_is_seen
from tf_mesh_renderer.shading.surface import Surface

NORMALS = ("smooth", "flat")


@dataclasses.dataclass(frozen=True, eq=False)
class Scene:
    """A rasterized mesh with camera and lights: all that a shading model may look at.

    Attributes:
      vertices_world: [B, V, 3] float; a batch of one serves all items.
      faces: [F, 3] or [B, F, 3] int32, as rasterized.
      fragments: `Fragments` [B, H, W]; not always in the places of the image, because SoftRas has
        all it needs of every pixel shaded as one large image.
      vertices_clip: [B, V, 4] float, as rasterized.
      camera: a `Camera`, or any object with `viewpoint` and `mirrors`. Models that look neither at
        the viewer nor at sides touch neither.
      lights: any number of lights; without any, the models of this package return the albedo.
    """

    vertices_world: tf.Tensor
    faces: tf.Tensor
    fragments: ops.Fragments
    vertices_clip: tf.Tensor
    camera: Any
    lights: Sequence[Light] = ()


def surface_of(scene: Scene, *, normals: str = "smooth", two_sided: bool = True) -> Surface:
    """The surface that every pixel shows, in world space.

    Args:
      scene: `Scene` of B images of H x W pixels.
      normals: "smooth" interpolates the vertices' normals (area-weighted means of the faces') and
        makes them unit again, "flat" takes those of the faces.
      two_sided: turn the normals of faces seen from their inner side, by the side of the face that
        is seen and not by the angle of the interpolated normal, which may point away from the
        viewer near the rim of a smooth object. False leaves them as they are.
    Returns:
      `Surface` [B, H, W, 3]. Where no face is seen, positions and normals are 0.
    Gradients:
      Exact to vertices, camera and barycentrics; zero to normals without length. No second
      derivatives through the interpolation; everything after it has them.
    Raises:
      ValueError: `normals` is unknown, or a static shape is wrong.
      tf.errors.InvalidArgumentError: a face index is out of range.
    """
    check_choice("surface_of", "normals", value=normals, choices=NORMALS)
    positions = _interpolate(scene.vertices_world, scene)
    unit = _smooth_normals(scene) if normals == "smooth" else _flat_normals(scene)
    if two_sided:
        unit *= _side(scene, unit.dtype)
    viewpoint = over_pixels(tf.convert_to_tensor(scene.camera.viewpoint), positions)
    to_eye = normalize(viewpoint[..., :3] - viewpoint[..., 3:] * positions)
    return Surface(positions, unit, to_eye)


def _smooth_normals(scene: Scene) -> tf.Tensor:
    return normalize(_interpolate(vertex_normals(scene.vertices_world, scene.faces), scene))


def _flat_normals(scene: Scene) -> tf.Tensor:
    by_face = face_normals(scene.vertices_world, scene.faces)  # [B or 1, F, 3]
    return gather_at_pixels(_for_every_image(by_face, scene), scene.fragments.face_id)


def _side(scene: Scene, dtype: tf.DType) -> tf.Tensor:
    """[B, H, W, 1]: 1 where the outer side of a face is seen, -1 where the inner one is."""
    outer = outer_is_seen(scene.vertices_clip, scene.faces, mirrors=scene.camera.mirrors)
    signs = 2 * tf.cast(outer, dtype) - 1  # [B, F]
    return gather_at_pixels(signs[..., tf.newaxis], scene.fragments.face_id)


def _interpolate(attributes: tf.Tensor, scene: Scene) -> tf.Tensor:
    return ops.interpolate(_for_every_image(attributes, scene), scene.faces, scene.fragments)


def _for_every_image(values: tf.Tensor, scene: Scene) -> tf.Tensor:
    """[B or 1, N, D] repeated to [B, N, D]."""
    batch = tf.shape(scene.fragments.face_id)[:1]
    return tf.broadcast_to(values, tf.concat([batch, tf.shape(values)[1:]], axis=0))
