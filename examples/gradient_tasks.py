"""Fitting problems that tell gradient models apart: shape, colour, and place.

A problem has `variables`, a `loss` under a gradient model, `pictures` of where it stands (one for
each row of a sheet) and `figures` that are measured the same way for all models: on a hard image
without anti-aliasing.
"""

import numpy as np
import tensorflow as tf
from references import overlay

import tf_mesh_renderer as mr

# Three rings of eight views around the object.
_ELEVATIONS = np.repeat(np.array([-30, 0, 30], np.float32), 8)
_AZIMUTHS = (np.tile(np.arange(8) * 45, 3) + np.repeat([0, 15, 30], 8)).astype(np.float32)
NUM_VIEWS, _VIEWS_PER_STEP = len(_AZIMUTHS), 8
# What lies in a box from -1 to 1 and is 2 long fills the picture; colours of SoftRas need a tight
# range of depth.
_DISTANCE, _FOV, _NEAR, _FAR = 3.0, 44.0, 1.0, 5.0
_SHOWN_FOV = 50.0  # with a margin
_CELL = (160, 160)
_SHOWN_VIEWS = ((20.0, 20.0), (20.0, 155.0))  # (elevation, azimuth)
_PLACE_VIEW = (10.0, 20.0)
_FIRST_RADIUS, _SMALL = 0.5, 0.5
_ROUGHNESS_WEIGHT, _BEND_WEIGHT, _COLOR_WEIGHT = 0.03, 3e-4, 1.0
# One learning rate serves vertices and colours, which have farther to go.
_COLOR_SPEED = 10.0


def orbit(elevations, azimuths, *, fov=_FOV) -> mr.Camera:
    """Cameras around the origin."""
    eyes = mr.get_points_from_angles(_DISTANCE, elevations, azimuths)
    return mr.Camera.look_at(eyes, fov_y_degrees=fov, near=_NEAR, far=_FAR)


def painted(mesh: mr.Mesh) -> mr.Mesh:
    """The mesh in its own colours, or in a pattern that changes with the place."""
    if mesh.texture is not None:
        return mesh
    x, y, z = np.asarray(mesh.vertices).T
    waves = np.stack([3 * np.arctan2(z, x), 9 * y + 1, 4 * x + 2], axis=-1)
    colors = (0.5 + 0.45 * np.sin(waves)).astype(np.float32)
    return mr.Mesh(mesh.vertices, mesh.faces, mr.VertexColors(colors))


def mean_iou(mesh: mr.Mesh, other: mr.Mesh, camera: mr.Camera, size) -> float:
    """Intersection over union of hard silhouettes, mean over views."""
    one, two = (
        mr.render_silhouette(m, camera, image_size=size, anti_aliasing=False) for m in (other, mesh)
    )
    return float(tf.reduce_mean(mr.metrics.silhouette_iou(one, two)))


class ShapeFromViews:
    """A small sphere of 642 vertices becomes an object seen in 24 pictures, 8 of them per step.

    Args:
      target: the object; painted if colours count.
      size: (height, width) of the pictures.
      seed: decides which views a step sees.
      colors: whether vertex colours are fitted too, by L1.
      silhouettes: whether the silhouettes have a loss of their own.
    """

    def __init__(self, target, *, size, seed=0, colors=False, silhouettes=True):
        self._target, self._size = target, size
        self._colors, self._silhouettes = colors, silhouettes
        self._start = mr.geometry.icosphere(3, radius=_FIRST_RADIUS)
        self._adjacency = mr.geometry.Adjacency.from_faces(self._start.faces)
        self._random = tf.random.Generator.from_seed(seed)
        self._vertices = tf.Variable(self._start.vertices)
        self._logits = tf.Variable(tf.zeros_like(self._start.vertices))
        self.variables = [self._vertices] + [self._logits] * colors
        self._views = orbit(_ELEVATIONS, _AZIMUTHS)
        self._images = mr.render(target, self._views, image_size=size, background=1.0)

    def loss(self, gradient) -> tf.Tensor:
        chosen = tf.argsort(self._random.uniform([NUM_VIEWS]))[:_VIEWS_PER_STEP]
        views = orbit(tf.gather(_ELEVATIONS, chosen), tf.gather(_AZIMUTHS, chosen))
        image = self._draw(self._mesh(), views, self._size, gradient)
        wanted = tf.gather(self._images, chosen)
        total = self._regularization()
        if self._silhouettes:
            by_view = mr.losses.silhouette_iou_loss(wanted[..., -1], image[..., -1])
            total += tf.reduce_mean(by_view)
        if self._colors:
            by_view = mr.losses.color_l1_loss(wanted[..., :3], image[..., :3])
            total += _COLOR_WEIGHT * tf.reduce_mean(by_view)
        return total

    def pictures(self) -> list[np.ndarray]:
        return self._shown(self._mesh())

    def target_pictures(self) -> list[np.ndarray]:
        return self._shown(self._target)

    def figures(self) -> dict[str, float]:
        result = {"iou": mean_iou(self._mesh(), self._target, self._views, self._size)}
        if self._colors:
            image = mr.render(self._mesh(), self._views, image_size=self._size, background=1.0)
            error = tf.reduce_sum(tf.abs(image - self._images)[..., :3], axis=-1) / 3
            inside = self._images[..., 3]
            result["color_error"] = float(tf.reduce_sum(error * inside) / tf.reduce_sum(inside))
        return result

    def _regularization(self):
        # Of the displacement: positions would pull the object together.
        displacement = self._vertices - self._start.vertices
        roughness = mr.losses.laplacian_loss(displacement, self._adjacency)
        bends = mr.losses.normal_consistency_loss(self._vertices, self._adjacency)
        return _ROUGHNESS_WEIGHT * roughness + _BEND_WEIGHT * bends

    def _mesh(self):
        texture = mr.VertexColors(tf.sigmoid(_COLOR_SPEED * self._logits))
        vertices = tf.convert_to_tensor(self._vertices)
        return mr.Mesh(vertices, self._start.faces, texture if self._colors else None)

    def _draw(self, mesh, views, size, gradient):
        if self._colors:
            return mr.render(mesh, views, image_size=size, gradient=gradient, background=1.0)
        return mr.render_silhouette(mesh, views, image_size=size, gradient=gradient)[..., None]

    def _shown(self, mesh):
        """In its own colours from one side, or grey under a light from two."""
        if self._colors:
            return [_picture(mesh, _SHOWN_VIEWS[0])]
        return [
            _picture(mr.Mesh(mesh.vertices, mesh.faces), view, lit=True) for view in _SHOWN_VIEWS
        ]


def _picture(mesh, view, *, lit=False):
    camera = orbit(*view, fov=_SHOWN_FOV)
    above = camera.eye + np.array([0.0, 1.5, 0.0], np.float32)
    lights = mr.AmbientLight(intensity=0.25), mr.DirectionalLight(intensity=0.7, direction=above)
    image = mr.render(mesh, camera, image_size=_CELL, lights=lights if lit else (), background=1.0)
    return image[0, ..., :3].numpy()


class PlaceFromOneView:
    """A small copy of the object stands beside where it should be; only its place is unknown.

    Args:
      mesh: the object, in a box from -1 to 1.
      size: (height, width) of the picture.
      shift: [2] float, from the start to the place in the picture's plane, world units.
    """

    def __init__(self, mesh, *, size, shift):
        self._mesh, self._size = mesh.with_vertices(_SMALL * mesh.vertices), size
        self._camera = orbit([_PLACE_VIEW[0]], [_PLACE_VIEW[1]])
        self._goal = np.array(shift, np.float32) / 2
        self._place = tf.Variable(-self._goal)
        self.variables = [self._place]
        self._silhouette = mr.render_silhouette(self._at(self._goal), self._camera, image_size=size)

    def loss(self, gradient) -> tf.Tensor:
        mesh = self._at(self._place)
        alpha = mr.render_silhouette(mesh, self._camera, image_size=self._size, gradient=gradient)
        return mr.losses.silhouette_iou_loss(self._silhouette, alpha)[0]

    def pictures(self) -> list[np.ndarray]:
        return [overlay(self._large(self._place), self._large(self._goal))]

    def target_pictures(self) -> list[np.ndarray]:
        silhouette = self._large(self._goal)
        return [overlay(np.zeros_like(silhouette), silhouette)]

    def figures(self) -> dict[str, float]:
        at_goal = self._at(self._goal)
        return {"iou": mean_iou(self._at(self._place), at_goal, self._camera, self._size)}

    def _at(self, place):
        """The mesh moved to the right and up as the camera sees it."""
        right, up = tf.unstack(self._camera.world_to_view[0, :2, :3])
        place = tf.convert_to_tensor(place)
        return self._mesh.with_vertices(self._mesh.vertices + place[0] * right + place[1] * up)

    def _large(self, place):
        return mr.render_silhouette(self._at(place), self._camera, image_size=_CELL)[0].numpy()
