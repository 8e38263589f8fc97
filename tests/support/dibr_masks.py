"""Meshes for tests of DIB-R's mask, and the call that draws and differentiates it."""

import numpy as np
import tensorflow as tf

from tests.support.scenes import screen_to_clip, triangle_soup
from tf_mesh_renderer.ops import dibr_mask, rasterize

# Exact in float32, in which the op keeps them; wide enough for images of few pixels.
WIDE = {"sigma_inv": 48.0, "box_length": 0.25}
FALLOFFS = ("squared", "linear")


def soup(dtype=np.float64):
    return triangle_soup(3, 7, batch=2, size=0.7, dtype=dtype)


def half_plane(left=0.0, copies=1):
    """Triangles that cover the image right of x = `left`, with unequal depths."""
    screen = [[left, -9.0, 1.0], [9.0, 0.0, 2.0], [left, 9.0, 3.0]]
    return screen_to_clip(screen)[None], np.repeat([[0, 1, 2]], copies, axis=0)


def seen_faces(vertices, faces, image_size):
    """What is seen; the mask takes any face_id, so faces behind the camera may stay in."""
    return rasterize(vertices, faces, image_size=image_size, cull="none").face_id.numpy()


def mask_and_gradient(vertices, faces, face_id, upstream=1.0, **options):
    vertices = tf.constant(vertices)
    with tf.GradientTape() as tape:
        tape.watch(vertices)
        mask = dibr_mask(vertices, faces, face_id, **options)
    upstream = tf.broadcast_to(tf.cast(upstream, mask.dtype), mask.shape)
    return mask.numpy(), tape.gradient(mask, vertices, upstream).numpy()
