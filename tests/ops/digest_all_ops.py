"""Program: writes a digest of every output of every op, computed with a given number of threads."""

import hashlib
import json
import pathlib
import sys

import numpy as np
import tensorflow as tf

from tests.support.scenes import grid, triangle_soup
from tf_mesh_renderer.ops import face_texture, interpolate, n3mr, rasterize

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
        image = tf.concat(
            [
                interpolate(inputs["attributes"], faces, fragments),
                face_texture(inputs["textures"], fragments, barycentrics_gradient=True),
                fragments.depth[..., None],
            ],
            axis=-1,
        )
        output = n3mr(image, inputs["vertices_clip"], faces, fragments.face_id)
    gradients = tape.gradient(output, inputs, rng.normal(size=image.shape).astype(dtype))
    gradients = {"grad_" + name: value for name, value in gradients.items()}
    return {**fragments._asdict(), "image": output, **gradients}


def _digests():
    digests = {}
    for dtype in (np.float32, np.float64):
        soup = triangle_soup(1, 700, batch=BATCH, size=0.3, dtype=dtype)
        vertices, faces = grid(21, 17, half_extent=1.2, dtype=dtype)
        vertices = np.repeat(vertices, BATCH, axis=0)
        vertices *= np.random.default_rng(2).uniform(0.9, 1.1, vertices.shape).astype(dtype)
        for scene, (vertices_clip, rows) in {"soup": soup, "grid": (vertices, faces)}.items():
            for name, value in _outputs(vertices_clip, rows, 3).items():
                key = f"{scene} {dtype.__name__} {name}"
                digests[key] = hashlib.sha256(value.numpy().tobytes()).hexdigest()
    return digests


if __name__ == "__main__":
    tf.config.threading.set_intra_op_parallelism_threads(int(sys.argv[1]))
    pathlib.Path(sys.argv[2]).write_text(json.dumps(_digests()), encoding="utf-8")
