"""Cameras on a sphere around the mesh, and the turntable: a mesh seen from all sides."""

import numpy as np

import tf_mesh_renderer as mr

# From here, with N3MR's angle of view of 60 degrees, the near side of a box from -1 to 1 just fits.
DISTANCE = 2.732
TURNTABLE_FRAMES = 90


def orbit_camera(azimuth, *, elevation=0.0, perspective=True) -> mr.Camera:
    """N3MR's camera, or one for each of [N] azimuths in degrees, looking at the origin."""
    eye = mr.get_points_from_angles(DISTANCE, elevation, azimuth)
    return mr.Camera.from_n3mr(eye, perspective=perspective)


def angles_of(eye) -> tuple[float, float, float]:
    """The inverse of `get_points_from_angles`: distance, elevation and azimuth in degrees."""
    x, y, z = np.asarray(eye, np.float64)
    distance = np.linalg.norm([x, y, z])
    elevation, azimuth = np.degrees([np.arcsin(y / distance), np.arctan2(x, -z)])
    return float(distance), float(elevation), float(azimuth)


def render_turntable(mesh: mr.Mesh, *, image_size, lights=(), **camera) -> np.ndarray:
    """Images [90, H, W, 4] of a mesh that turns once; `camera` goes to `orbit_camera`."""

    def draw(azimuths):
        views = orbit_camera(azimuths, **camera)
        return mr.render(mesh, views, image_size=image_size, lights=lights)

    return mr.visualization.turntable(draw, frames=TURNTABLE_FRAMES)
