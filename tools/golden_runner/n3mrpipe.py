"""Kind `n3mrpipe`: the whole pipeline of the Neural 3D Mesh Renderer, camera to image.

The steps between world and image are checked through the functions of the compatibility package,
the image and the gradients to vertices and textures through its `Renderer`.
"""

import numpy as np
import tensorflow as tf

from tf_mesh_renderer import neural_renderer
from tools.golden_runner import compare
from tools.golden_runner.case import CaseError

MODES = ("rgb", "silhouettes", "depth")


def _mode(case):
    mode = str(case["mode"])
    if mode not in MODES:
        raise CaseError(f"`mode` is `{mode}`, expected one of {', '.join(MODES)}")
    return mode


def _faces(case, batch):
    """Vertex indices [B, F, 3], as the original package takes them."""
    return tf.constant(np.broadcast_to(case["triangles"], (batch, *case["triangles"].shape)))


def _light(case):
    """The file's lights as keyword arguments of `lighting`."""
    names = ("intensity_ambient", "intensity_directional")
    colors = ("color_ambient", "color_directional", "direction")
    light = {name: case.number(f"light_{name}") for name in names}
    return light | {name: tuple(case[f"light_{name}"].tolist()) for name in colors}


def _with_backs(case, faces, textures):
    """Appends every face with its vertices in reverse order, if the file says so."""
    if not case.flag("fill_back"):
        return faces, textures
    faces = tf.concat([faces, tf.reverse(faces, [2])], axis=1)
    if textures is not None:
        textures = tf.concat([textures, tf.transpose(textures, [0, 1, 4, 3, 2, 5])], axis=1)
    return faces, textures


def _project(case, vertices, dtype):
    view = neural_renderer.look_at(vertices, tf.constant(case["eye"], dtype))
    return neural_renderer.perspective(view, case.number("viewing_angle"))


def _rasterize(case, faces, textures):
    settings = {name: case.number(name) for name in ("image_size", "near", "far", "eps")}
    settings["anti_aliasing"] = case.flag("anti_aliasing")
    if _mode(case) == "rgb":
        background = tuple(case["background_color"].tolist())
        return neural_renderer.rasterize(faces, textures, background_color=background, **settings)
    if _mode(case) == "silhouettes":
        return neural_renderer.rasterize_silhouettes(faces, **settings)
    return neural_renderer.rasterize_depth(faces, depth_antialiasing="mean", **settings)


def _step_by_step(case, dtype):
    """Arrays between world and image: {name: array}."""
    vertices = tf.constant(case["vertices"], dtype)
    textures = tf.constant(case["textures"], dtype) if _mode(case) == "rgb" else None
    indices, textures = _with_backs(case, _faces(case, vertices.shape[0]), textures)
    outputs = {}
    if textures is not None:
        world = neural_renderer.vertices_to_faces(vertices, indices)
        textures = neural_renderer.lighting(world, textures, **_light(case))
        outputs["textures_lit"] = textures.numpy()
    projected = neural_renderer.vertices_to_faces(_project(case, vertices, dtype), indices)
    outputs["faces_raster"] = projected.numpy()
    # Like the original step, this one starts from projected faces rounded to float32.
    screen_faces = tf.constant(case["faces_raster"], dtype)
    with tf.GradientTape() as tape:
        tape.watch(screen_faces)
        image = _rasterize(case, screen_faces, textures)
        loss = tf.reduce_sum(image * tf.constant(case["grad_image"], dtype))
    outputs["grad_faces_raster"] = tape.gradient(loss, screen_faces).numpy()
    return outputs


def _renderer(case):
    renderer = neural_renderer.Renderer()
    renderer.eye = case["eye"]
    renderer.viewing_angle = case.number("viewing_angle")
    renderer.image_size = case.number("image_size")
    renderer.anti_aliasing = case.flag("anti_aliasing")
    renderer.fill_back = case.flag("fill_back")
    renderer.near, renderer.far = case.number("near"), case.number("far")
    renderer.rasterizer_eps = renderer.silhouette_eps = case.number("eps")
    renderer.depth_antialiasing = "mean"
    if _mode(case) == "rgb":
        renderer.background_color = tuple(case["background_color"].tolist())
        for name, value in _light(case).items():
            setattr(renderer, f"light_{name}", value)
    return renderer


def _whole(case, dtype):
    """Image and gradients through the `Renderer`: {name: array}."""
    vertices = tf.constant(case["vertices"], dtype)
    faces = _faces(case, vertices.shape[0])
    inputs = {"vertices": vertices}
    if _mode(case) == "rgb":
        inputs["textures"] = tf.constant(case["textures"], dtype)
    renderer = _renderer(case)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        if _mode(case) == "rgb":
            image = renderer.render(vertices, faces, inputs["textures"])
        elif _mode(case) == "silhouettes":
            image = renderer.render_silhouettes(vertices, faces)
        else:
            image = renderer.render_depth(vertices, faces)
        loss = tf.reduce_sum(image * tf.constant(case["grad_image"], dtype))
    gradients = tape.gradient(loss, inputs)
    return {"image": image.numpy()} | {f"grad_{k}": g.numpy() for k, g in gradients.items()}


def evaluate(case, dtype):
    """Renders and differentiates one case with the compatibility package.

    Args:
      case: `Case` of kind n3mrpipe.
      dtype: tf.float32 or tf.float64.
    Returns:
      List of `Check`.
    """
    return compare.check_arrays(case, _step_by_step(case, dtype) | _whole(case, dtype))
