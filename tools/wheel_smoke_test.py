"""Renders with an installed package; run it where the source tree is not on Python's path."""

import pathlib

import numpy as np
import tensorflow as tf

import tf_mesh_renderer as mr

IMAGE_SIZE = (48, 64)


def main():
    print(mr.build_info())
    if mr.build_info().xla.startswith("not available"):
        raise SystemExit("wheel_smoke_test: XLA's half of the library does not load")
    print("installed in        ", pathlib.Path(mr.__file__).parent)
    mesh = mr.geometry.icosphere(2).batched()
    camera = mr.Camera.look_at(eye=[[0.0, 0.0, 3.0]])
    vertices = tf.Variable(mesh.vertices)
    with tf.GradientTape() as tape:
        moved = mr.Mesh(vertices, mesh.faces)
        alpha = mr.render_silhouette(moved, camera, image_size=IMAGE_SIZE)
        loss = tf.reduce_sum(alpha)
    gradient = tape.gradient(loss, vertices).numpy()
    covered = float(loss) / np.prod(IMAGE_SIZE)
    print(f"covered             {covered:.1%}, largest gradient {np.abs(gradient).max():.3g}")
    if not (0.1 < covered < 0.9 and np.isfinite(gradient).all() and gradient.any()):
        raise SystemExit("wheel_smoke_test: the picture or its gradient is wrong")


if __name__ == "__main__":
    main()
