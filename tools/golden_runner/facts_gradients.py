"""Facts about one triangle and one pixel: the gradient of a loss that looks at that pixel alone."""

import numpy as np
import tensorflow as tf

from tf_mesh_renderer import neural_renderer
from tools.golden_runner.case import CaseError
from tools.golden_runner.compare import Check, relative_to_max

# The stated gradients are those of float32 kernels, divided by distances of a fraction of a pixel.
KERNEL_TOLERANCE = 1e-3
# The original tests allow one percent, of numbers by another implementation or finite differences.
DEFAULT_TOLERANCE = 1e-2
KERNEL_GRADIENT = "grad_vertices_from_reference_kernel"
TEXTURE_SIDE = 4


# Names in the files -> attributes of the renderer; what a file leaves out keeps its default.
ATTRIBUTES = {
    "image_size": ("image_size",),
    "anti_aliasing": ("anti_aliasing",),
    "fill_back": ("fill_back",),
    "perspective": ("perspective",),
    "eye": ("eye",),
    "near": ("near",),
    "far": ("far",),
    "rasterizer_eps": ("rasterizer_eps", "silhouette_eps"),
    "background": ("background_color",),
}


def _renderer(case):
    renderer = neural_renderer.Renderer()
    for name, attributes in ATTRIBUTES.items():
        for attribute in attributes:
            setattr(renderer, attribute, case.get(name, getattr(renderer, attribute)))
    # White textures that light does not change: the file says "ambient 1, directional 0".
    renderer.light_intensity_ambient, renderer.light_intensity_directional = 1.0, 0.0
    return renderer


def _pixel(case, vertices):
    """Value at the file's pixel, the mean over rgb if there is colour."""
    renderer = _renderer(case)
    faces = tf.constant([case["triangles"]], tf.int32)
    row, column = case["pixel_row"], case["pixel_col"]
    if case["mode"] == "rgb":
        sides = [TEXTURE_SIDE] * 3
        textures = tf.ones([1, faces.shape[1], *sides, 3], vertices.dtype)
        return tf.reduce_mean(renderer.render(vertices, faces, textures)[0, :, row, column])
    if case["mode"] in ("alpha", "silhouettes"):
        return renderer.render_silhouettes(vertices, faces)[0, row, column]
    if case["mode"] == "depth":
        return renderer.render_depth(vertices, faces)[0, row, column]
    raise CaseError(f"`mode` is `{case['mode']}`, expected rgb, alpha or depth")


def _loss(case, value):
    """|value - target|, or its square where the file's formula says so."""
    difference = value - tf.cast(case["target"], value.dtype) if "target" in case else value
    formula = str(case["loss"])
    if any(mark in formula for mark in ("^2", "**2", "** 2", "square")):
        return tf.square(difference)
    return tf.abs(difference) if "|" in formula or "abs" in formula else difference


def _expectations(case, shape):
    """Every gradient with the shape of the vertices that the file states: {name: array}."""
    found = {}
    for name, value in case.arrays.items():
        if not any(word in name for word in ("grad", "differen", "expected")):
            continue
        array = np.asarray(value, np.float64) if isinstance(value, list) else None
        if array is not None and array.shape == shape:
            found[name] = array
    if not found:
        raise CaseError("no expected gradient with the shape of `vertices`")
    return found


def evaluate(case, dtype):
    """Renders, differentiates and compares with every gradient that the file states.

    Args:
      case: `Case` of a `facts_*_backward*` file.
      dtype: tf.float32 or tf.float64.
    Returns:
      List of `Check`.
    """
    vertices = tf.constant([case["vertices"]], dtype)
    with tf.GradientTape() as tape:
        tape.watch(vertices)
        value = _pixel(case, vertices)
        loss = _loss(case, value)
    gradient = tape.gradient(loss, vertices).numpy()[0].astype(np.float64)
    stated = case.get("reference_rtol", DEFAULT_TOLERANCE)
    checks = []
    for name, expected in _expectations(case, gradient.shape).items():
        tolerance = KERNEL_TOLERANCE if name == KERNEL_GRADIENT else stated
        checks.append(Check(name, relative_to_max(gradient, expected), tolerance))
    if "value_at_pixel" in case:
        error = abs(float(value) - case["value_at_pixel"])
        checks.append(Check("value_at_pixel", error, KERNEL_TOLERANCE))
    return checks
