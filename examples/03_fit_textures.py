"""Paints a mesh so that it looks like a picture from every side.

    python examples/03_fit_textures.py [--mesh FILE] [--steps N] [--seed N]

Each step looks from another random direction. Follows example 3 of the Neural 3D Mesh Renderer.
"""

import keras
import numpy as np
import tensorflow as tf
import tqdm
from absl import app, flags
from inputs import IMAGE_SIZE, image_size, load_mesh, output_folder
from references import colored_bands
from results import report
from viewpoints import orbit_camera, render_turntable

import tf_mesh_renderer as mr

STEPS = flags.DEFINE_integer("steps", 300, "Steps of the optimiser.", lower_bound=1)
SEED = flags.DEFINE_integer("seed", 0, "Decides the random directions.")

LEARNING_RATE, BETA_1 = 0.1, 0.5
TEXTURE_SIZE = 4


def fit(mesh, reference):
    """Returns the mesh with a fitted texture, and the losses on the way there."""
    cubes = tf.Variable(tf.zeros([mesh.num_faces, *[TEXTURE_SIZE] * 3, 3]))
    optimizer = keras.optimizers.Adam(LEARNING_RATE, beta_1=BETA_1, epsilon=1e-8)
    random = tf.random.Generator.from_seed(SEED.value)

    def painted():
        return mr.Mesh(mesh.vertices, mesh.faces, mr.FaceTexture(tf.tanh(cubes)))

    @tf.function
    def step():
        camera = orbit_camera(random.uniform([], 0.0, 360.0), perspective=False)
        with tf.GradientTape() as tape:
            image = mr.render(painted(), camera, image_size=image_size())[0, ..., :3]
            loss = tf.reduce_sum(tf.square(image - reference))
        optimizer.apply(tape.gradient(loss, [cubes]), [cubes])
        return loss

    losses = []
    with tqdm.trange(STEPS.value, desc="fit textures") as progress:
        for _ in progress:
            losses.append(float(step()))
            progress.set_postfix(loss=f"{losses[-1]:.0f}", refresh=False)
    return painted(), losses


def color_error(frames, reference):
    """Root mean square colour error where the object, wholly covering a pixel, meets a band."""
    inside = (frames[..., 3] == 1.0) & (reference.max(axis=-1) > 0)  # [N, H, W]
    return float(np.sqrt(np.mean(np.square(frames[..., :3] - reference)[inside])))


def main(_):
    folder = output_folder()
    reference = colored_bands(IMAGE_SIZE.value)
    fitted, losses = fit(load_mesh(), reference)

    frames = render_turntable(fitted, perspective=False, image_size=image_size())
    mr.write_gif(folder / "result.gif", frames)
    mr.write_image(folder / "result.png", frames[0])
    mr.write_image(folder / "reference.png", reference)
    mr.save_mesh(folder / "fitted.obj", fitted)

    errors = np.sum(np.square(frames[..., :3] - reference), axis=(1, 2, 3))
    report(
        folder,
        iterations=len(losses),
        black_image_error=float(np.sum(np.square(reference))),
        turntable_mean_error=float(errors.mean()),
        turntable_largest_error=float(errors.max()),
        color_rmse_inside=color_error(frames, reference),
    )


if __name__ == "__main__":
    app.run(main)
