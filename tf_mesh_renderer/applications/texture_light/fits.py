"""Texture and light of known shapes by gradient descent, with the models of DIB-R and of N3MR."""

import dataclasses

import keras
import numpy as np
import tensorflow as tf

from tf_mesh_renderer import metrics
from tf_mesh_renderer.applications.texture_light.surfaces import (
    TEXTURE_SIDE,
    SurfaceModel,
    draw_surfaces,
)
from tf_mesh_renderer.cameras import Camera, get_points_from_angles
from tf_mesh_renderer.datasets.textured import draw_illumination, paint, superquadrics
from tf_mesh_renderer.datasets.views import DISTANCE, FOV_DEGREES
from tf_mesh_renderer.geometry import Mesh
from tf_mesh_renderer.optional_packages import progress_bar

TEXTURE_L1, IMAGE_L1, LIGHT_ANGLE = "texture_l1", "texture_light_l1", "light_angle"
_RGB = 3
_GREY = 0.5
_TRAINING_VIEWS, _HELD_OUT_VIEWS = 16, 8
# Elevations of the views in turn, in degrees.
_TRAINING_ELEVATIONS, _HELD_OUT_ELEVATIONS = (0.0, 30.0, 60.0), (15.0, 45.0)
# Light below this part of its maximum says nothing about a texture.
_LIT = 0.01


@dataclasses.dataclass(frozen=True)
class FitSettings:
    """Numbers of a fit.

    Attributes:
      steps: of Adam.
      views_per_step: how many of the 16 views each step looks at.
      texture_rate: learning rate of the texture, which starts grey; it falls to 0 as a cosine.
      light_rate: that of the direction of the light, which starts anywhere above.
      side: of the pictures in pixels.
    """

    steps: int = 300
    views_per_step: int = 4
    texture_rate: float = 0.05
    light_rate: float = 0.02
    side: int = 64


@dataclasses.dataclass(frozen=True, eq=False)
class FitObjects:
    """Objects whose texture and light are to be found.

    Attributes:
      vertices: [B, V, 3] float32, world space.
      pictures: [B, 64, 64, 3] float32, their textures.
      directions: [B, 3] float32, to their lights.
      starts: [B, 3] float32, where fits look for the lights first.
    """

    vertices: tf.Tensor
    pictures: tf.Tensor
    directions: tf.Tensor
    starts: tf.Tensor


def random_objects(sphere: Mesh, *, count: int, seed: int) -> FitObjects:
    """Superquadrics with random textures and lights.

    Args:
      sphere: its directions are the objects' vertices.
      count: B.
      seed: int >= 0.
    Returns:
      `FitObjects`, the same for the same arguments.
    """
    seeds = tf.unstack(tf.random.split(tf.constant([seed, 0]), 4))
    return FitObjects(
        superquadrics(sphere.vertices.numpy(), count=count, seed=seeds[0]),
        paint((TEXTURE_SIDE, TEXTURE_SIDE), count=count, seed=seeds[1]),
        draw_illumination("lambert", count=count, seed=seeds[2]),
        draw_illumination("lambert", count=count, seed=seeds[3]),
    )


def fit_texture_and_light(
    objects: FitObjects,
    *,
    model: SurfaceModel,
    target: SurfaceModel,
    settings: FitSettings = FitSettings(),
    seed: int = 0,
) -> dict[str, np.ndarray]:
    """Fits all objects at once, each on its own, and measures them from views that were not seen.

    Args:
      objects: what is drawn by `target` and found by `model`.
      model: texture and shading of the fit.
      target: texture and shading of the pictures.
      settings: of the fit.
      seed: of the order of the views.
    Returns:
      [B] each: "texture_l1", of pictures without light where the truth is lit; "texture_light_l1",
      of whole pictures; "light_angle" and "start_angle" in degrees.
    """
    scene = _Scene(objects, target, settings.side)
    fit = _Fit(objects, model, settings)
    targets = scene.views(*_training_views())
    order = np.random.default_rng(seed)
    for _ in progress_bar(range(settings.steps), description=model.name, unit="step"):
        chosen = order.choice(_TRAINING_VIEWS, settings.views_per_step, replace=False)
        fit.step(*(tf.gather(values, chosen, axis=1) for values in targets))
    start = metrics.angle_degrees(objects.directions, objects.starts)
    return {**scene.errors(fit), "start_angle": start.numpy()}


def draw_views(
    model: SurfaceModel,
    values: tf.Tensor,
    vertices: tf.Tensor,
    *,
    eyes: tf.Tensor,
    directions: tf.Tensor | None,
    side: int,
) -> tf.Tensor:
    """Draws B objects from N places each.

    Args:
      model: texture and shading.
      values: [B, ...] float, its parameters.
      vertices: [B, V, 3] float, world space.
      eyes: [B, N, 3] float, positions of the cameras, which look at the origin.
      directions: [B, 3] float, to the lights, or None.
      side: of the pictures in pixels.
    Returns:
      [B, N, side, side, 4] float.
    Gradients:
      Exact to values and directions.
    """
    views = tf.shape(eyes)[1]
    drawn = draw_surfaces(
        model,
        tf.repeat(values, views, axis=0),
        tf.repeat(vertices, views, axis=0),
        camera=Camera.look_at(tf.reshape(eyes, [-1, 3]), fov_y_degrees=FOV_DEGREES),
        directions=None if directions is None else tf.repeat(directions, views, axis=0),
        image_size=(side, side),
    )
    return tf.reshape(drawn, [-1, views, side, side, _RGB + 1])


class _Scene:
    """The truth."""

    def __init__(self, objects: FitObjects, target: SurfaceModel, side: int):
        self._objects = objects
        self._target = target
        self._values = tf.constant(target.values(objects.pictures.numpy()))
        self._side = side

    def views(self, azimuths, elevations) -> tuple[tf.Tensor, tf.Tensor]:
        """Places of cameras [B, N, 3], and the pictures [B, N, H, W, 4] from there."""
        eyes = get_points_from_angles(DISTANCE, elevations, azimuths)
        eyes = tf.repeat(eyes[tf.newaxis], len(self._objects.vertices), axis=0)
        return eyes, self._draw(self._values, eyes, self._objects.directions)

    def errors(self, fit: "_Fit") -> dict[str, np.ndarray]:
        """What is measured of a fit, from the views that it has not seen."""
        eyes, images = self.views(*_held_out_views())
        unlit = self._draw(self._values, eyes, None)[..., :_RGB]
        white = self._draw(tf.ones_like(self._values), eyes, self._objects.directions)
        lit = tf.cast(white[..., :1] > _LIT, tf.float32)
        shown = fit.draw(eyes)[..., :_RGB]
        difference = lit * tf.abs(fit.draw(eyes, lit=False)[..., :_RGB] - unlit)
        axes = tuple(range(1, 5))
        texture = tf.reduce_sum(difference, axes) / (_RGB * tf.reduce_sum(lit, axes))
        angle = metrics.angle_degrees(self._objects.directions, fit.directions)
        return {
            TEXTURE_L1: texture.numpy(),
            IMAGE_L1: tf.reduce_mean(tf.abs(shown - images[..., :_RGB]), axes).numpy(),
            LIGHT_ANGLE: angle.numpy(),
        }

    def _draw(self, values, eyes, directions):
        return draw_views(
            self._target,
            values,
            self._objects.vertices,
            eyes=eyes,
            directions=directions,
            side=self._side,
        )


class _Fit:
    """What is being found."""

    def __init__(self, objects: FitObjects, model: SurfaceModel, settings: FitSettings):
        self._model = model
        self._vertices = objects.vertices
        self._side = settings.side
        shape = model.values(objects.pictures.numpy()).shape
        self._values = tf.Variable(tf.fill(shape, _GREY))
        self.directions = tf.Variable(objects.starts)
        rates = (settings.texture_rate, settings.light_rate)
        # Absolute differences have no small gradients: at a constant rate texels would go on to
        # swing around the truth.
        schedules = [keras.optimizers.schedules.CosineDecay(r, settings.steps) for r in rates]
        self._optimizers = [keras.optimizers.Adam(s, epsilon=1e-8) for s in schedules]
        for optimizer, variable in zip(self._optimizers, (self._values, self.directions)):
            optimizer.build([variable])
        self.step = tf.function(self._step, autograph=False)

    def draw(self, eyes, *, lit: bool = True) -> tf.Tensor:
        """The present state from places [B, N, 3]."""
        return draw_views(
            self._model,
            self._values,
            self._vertices,
            eyes=eyes,
            directions=self.directions if lit else None,
            side=self._side,
        )

    def _step(self, eyes, images):
        with tf.GradientTape() as tape:
            difference = tf.abs(self.draw(eyes) - images)[..., :_RGB]
            # A sum over the objects, each of which has a mean of its own.
            loss = tf.reduce_sum(tf.reduce_mean(difference, axis=(1, 2, 3, 4)))
        variables = (self._values, self.directions)
        for optimizer, variable, gradient in zip(
            self._optimizers, variables, tape.gradient(loss, variables)
        ):
            optimizer.apply([gradient], [variable])
        self._values.assign(tf.clip_by_value(self._values, 0.0, 1.0))


def _training_views() -> tuple[np.ndarray, np.ndarray]:
    return _around(_TRAINING_VIEWS, _TRAINING_ELEVATIONS, 0.0)


def _held_out_views() -> tuple[np.ndarray, np.ndarray]:
    return _around(_HELD_OUT_VIEWS, _HELD_OUT_ELEVATIONS, 0.5 * 360.0 / _TRAINING_VIEWS)


def _around(count, elevations, first):
    """Azimuths and elevations [N] float32 in degrees."""
    azimuths = first + np.arange(count) * 360.0 / count
    return azimuths.astype(np.float32), np.resize(elevations, count).astype(np.float32)
