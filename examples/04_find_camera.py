"""Finds the camera position from which a silhouette was seen.

    python examples/04_find_camera.py [--mesh FILE] [--steps N]

The only thing that moves is the camera; it starts far away on the other side. Follows example 4 of
the Neural 3D Mesh Renderer.
"""

import keras
import numpy as np
import tensorflow as tf
import tqdm
from absl import app, flags
from inputs import IMAGE_SIZE, image_size, load_mesh, output_folder
from references import intersection_over_union
from results import report
from viewpoints import DISTANCE, angles_of, orbit_camera

import tf_mesh_renderer as mr

STEPS = flags.DEFINE_integer("steps", 1000, "Most steps to take.", lower_bound=1)

LEARNING_RATE = 0.1
FIRST_EYE = (6.0, 10.0, -14.0)
TRUE_ELEVATION, TRUE_AZIMUTH = 30.0, -15.0
# Half covered pixels count as covered in the reference, so that even the true camera leaves a loss
# along the outline, about 91 for the teapot in 256 pixels; a slightly nearer camera leaves 67.
STOP_LOSS_PER_PIXEL_OF_SIDE = 70 / 256
LIGHTS = (mr.AmbientLight(), mr.DirectionalLight())
REFERENCE_COLOR = np.array([0.15, 0.35, 0.8], np.float32)


def draw_reference(mesh):
    """Coverage [H, W], 0 or 1, seen from the camera that is to be found."""
    camera = orbit_camera(TRUE_AZIMUTH, elevation=TRUE_ELEVATION)
    return tf.cast(mr.render_silhouette(mesh, camera, image_size=image_size())[0] > 0, tf.float32)


def find(mesh, reference):
    """Returns the eye, and the losses and pictures on the way there."""
    eye = tf.Variable(FIRST_EYE)
    optimizer = keras.optimizers.Adam(LEARNING_RATE, epsilon=1e-8)

    @tf.function
    def step():
        seen_from = tf.identity(eye)
        with tf.GradientTape() as tape:
            camera = mr.Camera.from_n3mr(eye)
            silhouette = mr.render_silhouette(mesh, camera, image_size=image_size())[0]
            loss = tf.reduce_sum(tf.square(silhouette - reference))
        optimizer.apply(tape.gradient(loss, [eye]), [eye])
        picture = mr.render(
            mesh, mr.Camera.from_n3mr(seen_from), image_size=image_size(), lights=LIGHTS
        )
        return seen_from, loss, picture[0]

    losses, pictures = [], []
    with tqdm.trange(STEPS.value, desc="find camera") as progress:
        for _ in progress:
            found, loss, picture = step()
            losses.append(float(loss))
            pictures.append(picture.numpy())
            progress.set_postfix(loss=f"{losses[-1]:.1f}", refresh=False)
            if losses[-1] < STOP_LOSS_PER_PIXEL_OF_SIDE * IMAGE_SIZE.value:
                break
    return found.numpy(), losses, pictures


def over_reference(picture, reference):
    """The mesh in front of the blue reference."""
    color, alpha = picture[..., :3], picture[..., 3:]
    return color + (1 - alpha) * reference[..., np.newaxis] * REFERENCE_COLOR


def main(_):
    folder, mesh = output_folder(), load_mesh()
    reference = draw_reference(mesh).numpy()
    eye, losses, pictures = find(mesh, reference)

    frames = [over_reference(picture, reference) for picture in pictures]
    mr.write_gif(folder / "result.gif", frames)
    mr.write_image(folder / "result.png", frames[-1])
    mr.write_image(folder / "reference.png", reference)

    distance, elevation, azimuth = angles_of(eye)
    report(
        folder,
        iterations=len(losses),
        first_loss=losses[0],
        final_loss=losses[-1],
        final_iou=intersection_over_union(pictures[-1][..., 3], reference),
        distance=distance,
        elevation=elevation,
        azimuth=azimuth,
        distance_error=abs(distance - DISTANCE),
        elevation_error=abs(elevation - TRUE_ELEVATION),
        azimuth_error=abs(azimuth - TRUE_AZIMUTH),
    )


if __name__ == "__main__":
    app.run(main)
