"""Kind `softras`: SoftRas' aggregation of soft fragments, with the released kernels' gradient."""

import tensorflow as tf

from tf_mesh_renderer import ops
from tools.golden_runner import screen, softras_case
from tools.golden_runner.n3mr import clip_from_screen


def _indices(face_vertices):
    return tf.constant(screen.separate_faces(face_vertices.shape[1]))


def _size(case):
    return (case.number("image_size"), case.number("image_size"))


def _scene(case, face_vertices, textures):
    """What the colour op draws."""
    if not softras_case.has_surface(case):
        textures = tf.reshape(textures, [face_vertices.shape[0], -1, textures.shape[-1]])
    return {
        "vertices_clip": clip_from_screen(face_vertices),
        "faces": _indices(face_vertices),
        "colors": textures,
        "background": tf.constant(softras_case.background(case), textures.dtype),
        "image_size": _size(case),
    }


def _aggregates(scene, settings):
    """[B, S, S, 2], which the op keeps for its gradient and the public function does not return."""
    return ops.library().mesh_renderer_softras_color(**scene, **settings).aggregates


def _silhouette(case, face_vertices):
    """Alpha [B, S, S] by the op that knows no colours."""
    return ops.softras_silhouette(
        clip_from_screen(face_vertices),
        _indices(face_vertices),
        image_size=_size(case),
        **softras_case.silhouette_settings(case),
    )


def evaluate(case, dtype):
    """Draws and differentiates one case with the public ops.

    Args:
      case: `Case` of kind softras.
      dtype: tf.float32 or tf.float64.
    Returns:
      List of `Check`.
    """
    settings = softras_case.color_settings(case) | {"original_gradient": True}
    inputs = [tf.constant(case[name], dtype) for name in ("face_vertices", "textures")]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        scene = _scene(case, *inputs)
        image = ops.softras_color(**scene, settings=ops.SoftrasSettings(**settings))
        upstream = tf.transpose(tf.constant(case["grad_rgba"], dtype), [0, 2, 3, 1])
        loss = tf.reduce_sum(image * upstream)
    gradients = tape.gradient(loss, inputs, unconnected_gradients="zero")
    outputs = {
        "rgba": tf.transpose(image, [0, 3, 1, 2]),
        "aggrs_info": tf.transpose(_aggregates(scene, settings), [0, 3, 1, 2]),
        "grad_face_vertices": gradients[0],
        "grad_textures": gradients[1],
    }
    arrays = {name: tensor.numpy() for name, tensor in outputs.items()}
    return softras_case.check_outputs(case, arrays, _silhouette(case, inputs[0]).numpy())
