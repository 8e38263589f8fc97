"""Random views of a mesh: cameras around it, and the light they see it in."""

import dataclasses
import itertools
import math
from typing import Any

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.cameras import Camera, get_points_from_angles
from tf_mesh_renderer.shading import AmbientLight, DirectionalLight, Light

_HALF = 0.5
_FULL_TURN = 360.0


@dataclasses.dataclass(frozen=True)
class Views:
    """What is drawn in one step, but for the mesh.

    Attributes:
      camera: `Camera` of B views.
      lights: lights of `shading`, of B views or one.
    """

    camera: Camera
    lights: tuple[Light, ...]


@dataclasses.dataclass(frozen=True)
class ViewSampler:
    """Cameras that look at the origin from all around, as N3MR's applications draw them.

    Attributes:
      distance: of the camera from the origin, on average.
      distance_stddev: its standard deviation.
      elevation: lowest and highest, in degrees; uniform in between.
      fov_y_degrees: angle between the top and the bottom of the image.
      light_cone: degrees between straight up and the light, which is half directional and comes
        from a random side; None: ambient light alone.
    Source:
      Kato, Ushiku & Harada, "Neural 3D Mesh Renderer", CVPR 2018, sections 5.2 and 5.3, and the
      released code.
    """

    distance: float = 2.732
    distance_stddev: float = 0.1
    elevation: tuple[float, float] = (20.0, 40.0)
    fov_y_degrees: float = 60.0
    light_cone: float | None = 30.0

    def draw(self, batch_size: int, seed: Any) -> Views:
        """Random views.

        Args:
          batch_size: B.
          seed: [2] int; the same seed gives the same views.
        Returns:
          `Views` of B cameras.
        """
        seeds = tf.random.split(seed, 4)
        shape = [batch_size]
        distance = tf.random.stateless_normal(shape, seeds[0], self.distance, self.distance_stddev)
        elevation = tf.random.stateless_uniform(shape, seeds[1], *self.elevation)
        azimuth = tf.random.stateless_uniform(shape, seeds[2], 0.0, _FULL_TURN)
        turn = tf.random.stateless_uniform(shape, seeds[3], 0.0, 2 * math.pi)
        return self._views(distance, elevation, azimuth, turn)

    def held_out(self, count: int) -> Views:
        """Views spread evenly over azimuths and elevations, which no seed draws.

        Args:
          count: number of views.
        Returns:
          `Views` of that many cameras, at the mean distance, lit from straight above if lit at all.
        """
        ticks = (np.arange(count, dtype=np.float32) + _HALF) / count
        low, high = self.elevation
        # A stride that meets each of the elevations keeps them from rising with the azimuth.
        stride = next(n for n in itertools.count(3, 2) if math.gcd(n, count) == 1)
        elevation = low + (high - low) * ticks[np.arange(count) * stride % count]
        return self.around(ticks * _FULL_TURN, elevation)

    def around(self, azimuth: Any, elevation: Any) -> Views:
        """Views from given directions.

        Args:
          azimuth: [B] float, degrees.
          elevation: [] or [B] float, degrees.
        Returns:
          `Views` of B cameras, at the mean distance, lit from straight above if lit at all.
        """
        return self._views(self.distance, elevation, azimuth, None)

    def _views(self, distance, elevation, azimuth, turn):
        eye = get_points_from_angles(distance, elevation, azimuth)
        camera = Camera.from_n3mr(eye, viewing_angle=_HALF * self.fov_y_degrees)
        if self.light_cone is None:
            return Views(camera, (AmbientLight(intensity=1.0),))
        up = (0.0, 1.0, 0.0)
        direction = up if turn is None else _on_cone(math.radians(self.light_cone), turn)
        lights = (
            AmbientLight(intensity=_HALF),
            DirectionalLight(intensity=_HALF, direction=direction),
        )
        return Views(camera, lights)


def _on_cone(angle, turn):
    """[B, 3]: unit vectors at an angle (radians) from +y."""
    level = math.sin(angle)
    height = tf.fill(tf.shape(turn), math.cos(angle))
    return tf.stack([level * tf.sin(turn), height, level * tf.cos(turn)], axis=-1)
