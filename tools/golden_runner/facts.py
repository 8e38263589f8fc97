"""Kind `facts`: expectations that the original projects' own tests state, one function per file."""

import pathlib
import tempfile

import numpy as np
import tensorflow as tf

from tf_mesh_renderer import neural_renderer
from tools.golden_runner import facts_gradients, facts_teapot
from tools.golden_runner.case import CaseError
from tools.golden_runner.compare import FLOOR, Check, relative_to_max

# What the original tests of the camera allow (their pi has five digits).
CAMERA_TOLERANCE = 1e-4


def _close(name, ours, expected, tolerance):
    expected = np.asarray(expected, np.float64)
    ours = np.reshape(np.asarray(ours, np.float64), expected.shape)
    return Check(name, relative_to_max(ours, expected), tolerance)


def _cross(case, dtype):
    a, b = (tf.constant(case[name], dtype) for name in ("a", "b"))
    with tf.GradientTape() as tape:
        tape.watch([a, b])
        c = neural_renderer.cross(a, b)
        loss = tf.reduce_sum(c * tf.constant(case["grad_c"], dtype))
    grad_a, grad_b = tape.gradient(loss, [a, b])
    ours = {"c": c, "grad_a": grad_a, "grad_b": grad_b}
    return [_close(name, value, case[name], FLOOR) for name, value in ours.items()]


def _lighting(case, dtype):
    names = ("intensity_ambient", "intensity_directional")
    colors = ("color_ambient", "color_directional", "direction")
    light = {name: case.number(name) for name in names}
    light |= {name: tuple(case[name].tolist()) for name in colors}
    faces = tf.constant(case["faces"], dtype)
    textures = neural_renderer.lighting(faces, tf.constant(case["textures"], dtype), **light)
    white = neural_renderer.lighting(faces, tf.ones([*faces.shape[:2], 1, 1, 1, 3], dtype), **light)
    return [
        _close("textures_out", textures, case["textures_out"], FLOOR),
        _close("light", white, case["light"], FLOOR),
    ]


def _look_at(case, dtype):
    vertices = tf.constant([[case["vertex"]]], dtype)
    at, up = (tf.constant(case[name], dtype) for name in ("at", "up"))
    return [
        _close(
            f"eye {view['eye']}",
            neural_renderer.look_at(vertices, tf.constant(view["eye"], dtype), at, up),
            view["expected"],
            CAMERA_TOLERANCE,
        )
        for view in case["cases"]
    ]


def _perspective(case, dtype):
    vertices = tf.constant([[case["vertex"]]], dtype)
    ours = neural_renderer.perspective(vertices, case["angle_degrees"])
    return [_close("vertex", ours, case["expected"], CAMERA_TOLERANCE)]


def _load(folder, vertices, triangles, **options):
    """Loads an OBJ file with the given vertices and faces of any number of corners."""
    lines = [f"v {x} {y} {z}" for x, y, z in vertices]
    lines += ["f " + " ".join(str(index + 1) for index in face) for face in triangles]
    path = pathlib.Path(folder) / "mesh.obj"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [np.asarray(array) for array in neural_renderer.load_obj(str(path), **options)[:2]]


def _load_obj(case, dtype):
    del dtype  # files are read in float32
    mesh = case["tetrahedron"]
    with tempfile.TemporaryDirectory() as folder:
        original = _load(folder, mesh["vertices"], mesh["triangles"], normalization=False)
        normalised = _load(folder, mesh["vertices"], mesh["triangles"], normalization=True)
        # A square and a pentagon become fans around their first corner.
        _, fan = _load(folder, np.eye(5, 3), [[0, 1, 2, 3], [4, 0, 1, 2, 3]], normalization=False)
    expected_fan = [[0, 1, 2], [0, 2, 3], [4, 0, 1], [4, 1, 2], [4, 2, 3]]
    return [
        _close("vertices", original[0], mesh["vertices"], FLOOR),
        _close("triangles", original[1], mesh["triangles"], 0.0),
        _close("vertices_normalised", normalised[0], mesh["vertices_normalised"], FLOOR),
        _close("fan", fan, expected_fan, 0.0),
        *facts_teapot.counts(case),
    ]


# By the first part of the file's name.
FACTS = {
    "facts_cross": _cross,
    "facts_lighting": _lighting,
    "facts_load_obj": _load_obj,
    "facts_look_at": _look_at,
    "facts_perspective": _perspective,
    "facts_rasterize_backward": facts_gradients.evaluate,
    "facts_silhouettes_backward": facts_gradients.evaluate,
    "facts_depth_backward": facts_gradients.evaluate,
    "facts_teapot_silhouette": facts_teapot.silhouette,
    "facts_teapot_depth": facts_teapot.depth,
}


def evaluate(case, dtype):
    """Runs the check that belongs to the file's name.

    Args:
      case: `Case` of kind facts.
      dtype: tf.float32 or tf.float64.
    Returns:
      List of `Check`.
    Raises:
      CaseError: no check is known for this name.
    """
    for prefix, check in FACTS.items():
        if case.name.startswith(prefix):
            return check(case, dtype)
    raise CaseError(f"unknown facts file, expected one of {', '.join(FACTS)}")
