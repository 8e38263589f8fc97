"""Facts about pictures of the teapot: a silhouette by another renderer, a depth map."""

import numpy as np
import tensorflow as tf

from tf_mesh_renderer import neural_renderer
from tools.golden_runner.case import CaseError, load_case
from tools.golden_runner.compare import Check

SILHOUETTE_FILE = "facts_teapot_silhouette256.npz"
SIDE = 256
# The original test compares depths scaled to 0..1 with an 8-bit picture.
PICTURE_TOLERANCE = 1e-2
# Twice the rounding of half precision, which keeps 11 bits.
HALF_TOLERANCE = 2.0**-10


def _teapot(case):
    """The file with the mesh: this one, or the silhouette's in the same folder."""
    if "vertices" in case:
        return case
    path = case.folder / SILHOUETTE_FILE
    if not path.exists():
        raise CaseError(f"the file has no `vertices`, and {SILHOUETTE_FILE} is not beside it")
    return load_case(path)


def _scene(case, dtype):
    mesh = _teapot(case)
    renderer = neural_renderer.Renderer()
    renderer.image_size = SIDE
    renderer.anti_aliasing = case.flag("anti_aliasing")
    for name in ("fill_back", "eye", "viewing_angle", "near", "far"):
        if name in case:
            setattr(renderer, name, np.asarray(case[name]).tolist())
    vertices = tf.constant(mesh["vertices"][None], dtype)
    return renderer, vertices, tf.constant(mesh["triangles"][None])


def silhouette(case, dtype):
    """Pixels that differ from the silhouette drawn by another program; none may."""
    renderer, vertices, faces = _scene(case, dtype)
    image = renderer.render_silhouettes(vertices, faces).numpy()[0]
    return [Check("mask", float(np.sum(image != case["mask"])), 0.0)]


def _raw_depth(case, shape):
    for name, array in case.arrays.items():
        if array.shape == shape and array.dtype == np.float16:
            return name, array.astype(np.float64)
    raise CaseError("no depth map in half precision")


def depth(case, dtype):
    """Depth itself, and scaled to 0..1 with the background at 0, against stored pictures."""
    renderer, vertices, faces = _scene(case, dtype)
    image = renderer.render_depth(vertices, faces).numpy()[0].astype(np.float64)
    name, raw = _raw_depth(case, image.shape)
    checks = [Check(name, float(np.max(np.abs(image / raw - 1.0))), HALF_TOLERANCE)]
    image = np.where(image == image.max(), image.min(), image)
    scaled = (image - image.min()) / (image.max() - image.min())
    error = np.max(np.abs(scaled - case["depth_normalised_u8"] / 255.0))
    return [*checks, Check("depth_normalised_u8", float(error), PICTURE_TOLERANCE)]


def counts(case):
    """Sizes of the teapot stated by `facts_load_obj`, if the mesh lies in the same folder."""
    if not (case.folder / SILHOUETTE_FILE).exists():
        return []
    mesh = load_case(case.folder / SILHOUETTE_FILE)
    stated = case["teapot"]
    return [
        Check("num_vertices", abs(len(mesh["vertices"]) - stated["num_vertices"]), 0.0),
        Check("num_triangles", abs(len(mesh["triangles"]) - stated["num_triangles"]), 0.0),
    ]
