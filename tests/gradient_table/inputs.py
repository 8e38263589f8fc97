"""The inputs that gradients are taken to, as numbers: one value for every name."""

import numpy as np

EYE = np.array([0.7, 0.9, 3.0])
# Tight around the object, so that depth counts for SoftRas.
NEAR, FAR = 1.5, 5.0
OCTAHEDRON = [
    [0, 2, 4],
    [2, 1, 4],
    [1, 3, 4],
    [3, 0, 4],
    [2, 0, 5],
    [1, 2, 5],
    [3, 1, 5],
    [0, 3, 5],
]
# How far inputs that move the mesh on the image are displaced, so that most of its pixels change.
DISPLACEMENTS = {
    "vertices": np.array([0.2, -0.15, 0.0]),
    "eye": np.array([0.5, -0.3, 0.3]),
    "at": np.array([0.15, 0.1, 0.0]),
    "up": np.array([0.5, 0.0, 0.0]),
    "turn": np.array([0.05, -0.04, 0.1]),
    "fov_y_degrees": 9.0,
    "aspect": 0.4,
    "half_height": 0.3,
}
FACES = {"object": np.array(OCTAHEDRON, np.int32), "wall": np.array([[0, 1, 2]], np.int32)}


def _object(rng):
    """An octahedron of three different axes, without any symmetry left."""
    corners = np.repeat(np.diag([1.1, 0.7, 0.8]), 2, axis=0) * np.array([[1], [-1]] * 3)
    return corners + 0.05 * rng.normal(size=corners.shape)


def _wall(rng):
    """A tilted triangle across the view, which ends far outside of the image."""
    forward = -EYE / np.linalg.norm(EYE)
    right = np.cross(forward, [0.0, 1.0, 0.0])
    upward = np.cross(right, forward)
    corners = np.array([[-9.0, -7.0, 0.8], [10.0, -6.0, -0.9], [0.4, 11.0, 0.5]])
    corners = corners + 0.05 * rng.normal(size=corners.shape)
    return corners @ np.stack([right, upward, forward])


def inputs_of(shape):
    """Values of all inputs, float64 arrays by name, for the "object" or the "wall"."""
    rng = np.random.default_rng(29)
    vertices = {"object": _object, "wall": _wall}[shape](rng)
    num_vertices, num_faces = len(vertices), len(FACES[shape])
    return {
        "vertices": vertices,
        "normals": vertices + 0.3 * EYE + 0.1 * rng.normal(size=vertices.shape),
        "colors": rng.uniform(0.4, 1.0, [num_vertices, 3]),
        "cubes": rng.uniform(0.4, 1.0, [num_faces, 2, 2, 2, 3]),
        "image": rng.uniform(0.4, 1.0, [4, 5, 3]),
        "uv": rng.uniform(size=(num_vertices, 2)),
        "background": np.array([0.1, 0.2, 0.3]),
        **_lights(rng),
        **_material(),
        **_camera(),
    }


def _lights(rng):
    """Positive light on most of what is seen, and the dark side as well."""
    return {
        "ambient_color": np.array([0.9, 0.8, 0.7]),
        "ambient_intensity": np.array(0.3),
        "sun_color": np.array([0.7, 1.0, 0.6]),
        "sun_intensity": np.array(0.9),
        "sun_direction": EYE + 0.4,
        "lamp_position": EYE + np.array([-0.9, 0.3, -0.4]),
        "lamp_color": np.array([0.8, 0.5, 1.0]),
        "lamp_intensity": np.array(2.0),
        "lamp_attenuation": np.array([0.4, 0.1, 0.2]),
        "coefficients": rng.uniform(-0.3, 0.3, size=(9, 3)) + np.eye(9, 3)[:, :1],
    }


def _material():
    return {
        "ambient": np.array([0.6, 0.7, 0.5]),
        "diffuse": np.array([0.8]),
        "specular": np.array([0.3, 0.4, 0.5]),
        "shininess": np.array([5.0]),
    }


def _camera():
    return {
        "eye": EYE,
        "at": np.array([0.02, -0.03, 0.05]),
        "up": np.array([0.1, 1.0, -0.2]),
        "turn": np.array([0.01, 0.02, -0.03]),
        "fov_y_degrees": np.array(34.0),
        "half_height": np.array(1.0),
        "aspect": np.array(1.25),
    }
