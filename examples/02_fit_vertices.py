"""Moves the vertices of a mesh until its silhouette is a square.

    python examples/02_fit_vertices.py [--mesh FILE] [--steps N]

One fixed camera, one reference image, no regularisation. Follows example 2 of the Neural 3D Mesh
Renderer.
"""

import keras
import tensorflow as tf
import tqdm
from absl import app, flags
from inputs import IMAGE_SIZE, image_size, load_mesh, output_folder
from references import centered_square, intersection_over_union, overlay
from results import report
from viewpoints import orbit_camera, render_turntable

import tf_mesh_renderer as mr

STEPS = flags.DEFINE_integer("steps", 300, "Steps of the optimiser.", lower_bound=1)

LEARNING_RATE = 1e-3
AZIMUTH = 90.0
LIGHTS = (mr.AmbientLight(), mr.DirectionalLight())


def fit(mesh, camera, reference):
    """Returns the fitted mesh, and the losses and silhouettes on the way there."""
    vertices = tf.Variable(mesh.vertices)
    optimizer = keras.optimizers.Adam(LEARNING_RATE, epsilon=1e-8)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            moved = mesh.with_vertices(vertices)
            silhouette = mr.render_silhouette(moved, camera, image_size=reference.shape)[0]
            loss = tf.reduce_sum(tf.square(silhouette - reference))
        optimizer.apply(tape.gradient(loss, [vertices]), [vertices])
        return loss, silhouette

    losses, silhouettes = [], []
    with tqdm.trange(STEPS.value, desc="fit vertices") as progress:
        for _ in progress:
            loss, silhouette = step()
            losses.append(float(loss))
            silhouettes.append(silhouette.numpy())
            progress.set_postfix(loss=f"{losses[-1]:.1f}", refresh=False)
    return mesh.with_vertices(tf.convert_to_tensor(vertices)), losses, silhouettes


def main(_):
    folder = output_folder()
    reference = centered_square(IMAGE_SIZE.value)
    camera = orbit_camera(AZIMUTH)
    fitted, losses, silhouettes = fit(load_mesh(), camera, reference)

    final = mr.render_silhouette(fitted, camera, image_size=image_size())[0].numpy()
    mr.write_image(folder / "silhouette.png", overlay(final, reference))
    mr.write_gif(folder / "optimization.gif", [overlay(frame, reference) for frame in silhouettes])
    mr.write_gif(
        folder / "result.gif", render_turntable(fitted, lights=LIGHTS, image_size=image_size())
    )
    mr.save_mesh(folder / "fitted.obj", fitted)

    report(
        folder,
        iterations=len(losses),
        first_loss=losses[0],
        final_loss=losses[-1],
        first_iou=intersection_over_union(silhouettes[0], reference),
        final_iou=intersection_over_union(final, reference),
    )


if __name__ == "__main__":
    app.run(main)
