"""Program: writes a digest of every output of every op, computed with a given number of threads.

Arguments: the number, the file to write, and "xla" to compile what is computed.
"""

import hashlib
import json
import pathlib
import sys

import numpy as np
import tensorflow as tf

from tests.support.scenes import grid, triangle_soup
from tf_mesh_renderer.ops import (
    SoftrasSettings,
    dibr_mask,
    face_texture,
    interpolate,
    n3mr,
    rasterize,
    rasterize_layers,
    softras_color,
    softras_fragments,
    softras_silhouette,
    texture,
)

BATCH = 5  # no multiple of the numbers of threads
IMAGE_SIZE = (61, 83)


def _outputs(vertices, faces, seed):
    """Outputs and gradients of all ops by name."""
    rng = np.random.default_rng(seed)
    dtype = vertices.dtype
    inputs = {
        "vertices_clip": tf.constant(vertices),
        "attributes": tf.constant(rng.normal(size=(*vertices.shape[:2], 5)).astype(dtype)),
        "textures": tf.constant(rng.normal(size=(1, len(faces), 3, 3, 3, 3)).astype(dtype)),
    }
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        fragments = rasterize(inputs["vertices_clip"], faces, image_size=IMAGE_SIZE, cull="none")
        layered = rasterize_layers(
            inputs["vertices_clip"],
            faces,
            image_size=IMAGE_SIZE,
            num_layers=3,
            on_overflow="truncate",
            cull="none",
        )
        image = tf.concat(
            [
                interpolate(inputs["attributes"], faces, fragments),
                face_texture(inputs["textures"], fragments, barycentrics_gradient=True),
                fragments.depth[..., None],
                tf.stack([layer.depth for layer in layered.layers], axis=-1),
            ],
            axis=-1,
        )
        output = n3mr(image, inputs["vertices_clip"], faces, fragments.face_id)
    gradients = tape.gradient(output, inputs, rng.normal(size=image.shape).astype(dtype))
    gradients = {"grad_" + name: value for name, value in gradients.items()}
    return {**fragments._asdict(), "count": layered.count, "image": output, **gradients}


def _soft_outputs(vertices, faces, seed):
    """The soft silhouette and its gradient, with a third of the faces hidden to make room."""
    face_id = rasterize(vertices, faces, image_size=IMAGE_SIZE, cull="none").face_id
    face_id = tf.where(face_id % 3 == 0, -1, face_id)
    inputs = tf.constant(vertices)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        mask = dibr_mask(inputs, faces, face_id, sigma_inv=500.0, box_length=0.1, k_faces=20)
    upstream = np.random.default_rng(seed).normal(size=mask.shape).astype(vertices.dtype)
    return {"dibr_mask": mask, "grad_dibr_mask": tape.gradient(mask, inputs, upstream)}


def _softras_outputs(vertices, faces, seed):
    """Silhouette, colours and fragments of SoftRas, and the gradients of all three."""
    rng, dtype = np.random.default_rng(seed), vertices.dtype
    settings = SoftrasSettings(sigma=1e-3, gamma=0.05, near=0.5, far=6.0)
    size = {"image_size": IMAGE_SIZE}
    inputs = {
        "vertices": tf.constant(vertices),
        "colors": tf.constant(rng.uniform(size=(*vertices.shape[:2], 3)).astype(dtype)),
        "background": tf.constant(rng.uniform(size=(len(vertices), 3)).astype(dtype)),
    }
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        clip = inputs["vertices"]
        alpha = softras_silhouette(clip, faces, sigma=settings.sigma, **size)
        image = softras_color(
            clip, faces, inputs["colors"], inputs["background"], settings=settings, **size
        )
        near = softras_fragments(clip, faces, num_fragments=3, settings=settings, **size)
        values = tf.concat([alpha[..., None], image, near.coverage, near.depth], axis=-1)
    upstream = rng.normal(size=values.shape).astype(dtype)
    gradients = tape.gradient(values, inputs, upstream)
    outputs = {"values": values, "soft_face_id": near.face_id, **gradients}
    return {f"softras {name}": value for name, value in outputs.items()}


def _texture_outputs(dtype, seed):
    """A picture for each image, read bilinearly, and one for all with its mip levels."""
    outputs = {}
    for filter, items in (("bilinear", BATCH), ("trilinear", 1)):
        rng = np.random.default_rng(seed)
        inputs = {
            "texture": tf.constant(rng.normal(size=(items, 97, 53, 3)).astype(dtype)),
            "uv": tf.constant(rng.normal(size=(BATCH, *IMAGE_SIZE, 2)).astype(dtype)),
        }
        if filter == "trilinear":
            derivatives = 0.05 * rng.normal(size=(BATCH, *IMAGE_SIZE, 2, 2))
            inputs["uv_derivatives"] = tf.constant(derivatives.astype(dtype))
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            output = texture(**inputs, filter=filter)
        upstream = rng.normal(size=output.shape).astype(dtype)
        gradients = tape.gradient(output, inputs, upstream)
        outputs[f"{filter} texture"] = output
        outputs |= {f"{filter} grad_{name}": value for name, value in gradients.items()}
    return outputs


def _digests(compiled):
    def run(outputs_of, *arguments):
        return tf.function(lambda: outputs_of(*arguments), jit_compile=compiled, autograph=False)()

    digests = {}
    for dtype in (np.float32, np.float64):
        soup = triangle_soup(1, 700, batch=BATCH, size=0.3, dtype=dtype)
        vertices, faces = grid(21, 17, half_extent=1.2, dtype=dtype)
        vertices = np.repeat(vertices, BATCH, axis=0)
        vertices *= np.random.default_rng(2).uniform(0.9, 1.1, vertices.shape).astype(dtype)
        for scene, (vertices_clip, rows) in {"soup": soup, "grid": (vertices, faces)}.items():
            outputs = {}
            for outputs_of in (_outputs, _soft_outputs, _softras_outputs):
                outputs |= run(outputs_of, vertices_clip, rows, 3)
            outputs |= run(_texture_outputs, dtype, 3)
            for name, value in outputs.items():
                key = f"{scene} {dtype.__name__} {name}"
                digests[key] = hashlib.sha256(value.numpy().tobytes()).hexdigest()
    return digests


if __name__ == "__main__":
    tf.config.threading.set_intra_op_parallelism_threads(int(sys.argv[1]))
    pathlib.Path(sys.argv[2]).write_text(
        json.dumps(_digests("xla" in sys.argv[3:])), encoding="utf-8"
    )
