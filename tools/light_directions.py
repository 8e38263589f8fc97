"""How well one picture shows where light comes from, for several sorts of light; no network.

    python tools/light_directions.py

Draws random textured objects and lights, and predicts the direction of each light by a linear
regression from the mean brightness of the pixels with each normal. Prints the table of
docs/texture_light.md.
"""

import math
import sys

import numpy as np
import tensorflow as tf

import tf_mesh_renderer as mr
from tf_mesh_renderer.datasets.textured import (
    TexturedStyle,
    draw_illumination,
    textured_batches,
)
from tf_mesh_renderer.shading.harmonics_rotation import harmonics_direction, rotate_harmonics
from tf_mesh_renderer.shading.spherical_harmonics import sh_basis, sh_irradiance_basis

OBJECTS, BATCH, SIDE = 3000, 50, 32
TRAINED = OBJECTS * 3 // 4
BINS = 9  # of normals, along x and along y of the image
BRIGHTEST = 500  # objects whose brightest direction is looked for
RIDGES = (0.01, 0.1, 1.0, 10.0, 100.0)
FULL = math.sqrt(4 * math.pi)  # the constant coefficient of light 1 from everywhere


def uniform(number, seed, low, high):
    return tf.random.stateless_uniform([OBJECTS, number], [number, seed], low, high)


def each_alone(directions):
    x, y, z = tf.split(directions * uniform(1, 1, 0.8, 1.6), 3, axis=-1)
    return tf.concat([uniform(1, 0, 2.0, 3.0), -y, z, -x, uniform(5, 2, -0.4, 0.4)], axis=-1)


def of_the_paper(directions):
    del directions
    return tf.concat([uniform(1, 0, 2.0, 3.0), uniform(8, 1, 0.0, 1.0)], axis=-1)


def sky_and_sun(directions, sky, sun):
    clear = uniform(1, 0, *sky) * FULL * tf.one_hot([0], 9)
    return clear + uniform(1, 1, *sun) * math.pi * sh_basis(directions) + uniform(9, 2, -0.1, 0.1)


KINDS = {
    "each coefficient on its own": each_alone,
    "constant 2 to 3, others 0 to 1": of_the_paper,
    "sky 0.15 to 0.35, sun 0.5 to 0.8": lambda d: sky_and_sun(d, (0.15, 0.35), (0.5, 0.8)),
    "clear day": lambda d: sky_and_sun(d, (0.1, 0.2), (0.7, 0.9)),
    "Lambert's": None,
}


def pictures():
    """Normals in view space, brightness without light, masks, and rotations to view space."""
    style = TexturedStyle(image_size=(SIDE, SIDE), views=1)
    faces = mr.geometry.icosphere(style.subdivisions).faces
    found = []
    for batch in textured_batches(batch_size=BATCH, seed=7, style=style).take(OBJECTS // BATCH):
        to_view, vertices = batch["world_to_view"][:, 0], batch["vertices"]
        ones = tf.ones_like(vertices[..., :1])
        view = tf.concat([vertices, ones], axis=-1) @ tf.linalg.matrix_transpose(to_view)
        clip = view @ tf.linalg.matrix_transpose(batch["view_to_clip"][:, 0])
        fragments = mr.rasterize(clip, faces, image_size=style.image_size, near=0.1, far=100.0)
        normals = mr.geometry.vertex_normals(view[..., :3], faces)
        normals = mr.interpolate(normals, faces, fragments)
        seen = tf.cast(fragments.face_id >= 0, tf.float32)
        paint = tf.reduce_mean(batch["albedos"][:, 0], axis=-1)
        rotation = to_view[:, :3, :3]
        found.append((tf.math.l2_normalize(normals, axis=-1), paint, seen, rotation))
    return (tf.concat(parts, axis=0).numpy() for parts in zip(*found, strict=True))


def degrees(a, b):
    return np.degrees(np.arccos(np.clip(np.sum(a * b, axis=-1), -1, 1)))


def regression(brightness, normals, seen, directions):
    """Mean angle on the last quarter; the weight of the ridge is chosen on the third."""
    column, row = (
        np.clip(((normals[..., axis] + 1) / 2 * BINS).astype(int), 0, BINS - 1) for axis in (0, 1)
    )
    index = (np.arange(OBJECTS)[:, None, None] * BINS * BINS + row * BINS + column).ravel()
    sums, counts = (
        np.bincount(index, values.ravel(), OBJECTS * BINS * BINS).reshape(OBJECTS, -1)
        for values in (brightness * seen, seen)
    )
    filled = counts > 0
    means = sums / np.maximum(counts, 1)
    level = means.sum(1, keepdims=True) / filled.sum(1, keepdims=True)
    inputs = np.where(filled, means / np.maximum(level, 1e-3) - 1, 0)
    inputs = np.concatenate([inputs, filled, np.ones([OBJECTS, 1])], axis=1)
    half = TRAINED * 3 // 4
    errors = []
    for ridge in RIDGES:
        square = inputs[:half].T @ inputs[:half] + ridge * np.eye(inputs.shape[1])
        found = inputs @ np.linalg.solve(square, inputs[:half].T @ directions[:half])
        error = degrees(found / np.linalg.norm(found, axis=1, keepdims=True), directions)
        errors.append((error[half:TRAINED].mean(), error[TRAINED:].mean()))
    return min(errors)[1]


def shading_of(coefficients, directions, normals):
    """Light on normals, of nine coefficients or, without any, of one light."""
    if coefficients is None:
        return np.maximum(np.einsum("b...i,bi->b...", normals, directions), 0)
    basis = sh_irradiance_basis(tf.constant(normals)).numpy()
    return np.einsum("b...k,bk->b...", basis, coefficients)


def main():
    normals, paint, seen, rotations = pictures()
    every = mr.geometry.icosphere(4).vertices.numpy()
    every = np.broadcast_to(
        every / np.linalg.norm(every, axis=-1, keepdims=True), [BRIGHTEST, *every.shape]
    )
    above = draw_illumination("lambert", count=OBJECTS, seed=[5, 6])
    for name, draw in KINDS.items():
        lights = None
        directions = np.einsum("bij,bj->bi", rotations, above)
        if draw is not None:
            lights = rotate_harmonics(draw(above), tf.constant(rotations))
            directions, lights = harmonics_direction(lights).numpy(), lights.numpy()
        shading = shading_of(lights, directions, normals)
        few = None if lights is None else lights[:BRIGHTEST]
        brightest = np.argmax(shading_of(few, directions[:BRIGHTEST], every), axis=1)
        angles = [
            degrees(every[0][brightest], directions[:BRIGHTEST]).mean(),
            regression(shading, normals, seen, directions),
            regression(shading * paint, normals, seen, directions),
        ]
        over = 100 * np.mean(shading[seen > 0] > 1)
        cells = "".join(f"{angle:8.1f}" for angle in angles)
        sys.stdout.write(f"{name:36}{cells}{over:8.1f} %\n")


if __name__ == "__main__":
    main()
