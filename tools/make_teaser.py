"""Makes the pictures of the README from what the demo left: a row of stills and three animations.

make demo && .venv/bin/python tools/make_teaser.py
"""

import argparse
import pathlib

import imageio.v3 as iio
import numpy as np
import tensorflow as tf

import tf_mesh_renderer as mr

ROOT = pathlib.Path(__file__).resolve().parents[1]
PANEL_SIZE = (260, 320)  # height, width
BACKGROUND = np.array([0.10, 0.11, 0.14], np.float32)
CREAM = np.array([0.98, 0.93, 0.85], np.float32)
NEAR_COLOR = np.array([1.00, 0.86, 0.45], np.float32)
FAR_COLOR = np.array([0.27, 0.13, 0.45], np.float32)
LIGHTS = (
    mr.AmbientLight(color=(0.85, 0.92, 1.0), intensity=0.35),
    mr.DirectionalLight(color=(1.0, 0.93, 0.82), intensity=0.65, direction=(0.5, 0.9, 0.7)),
    mr.DirectionalLight(color=(0.55, 0.7, 1.0), intensity=0.25, direction=(-0.9, 0.2, 0.3)),
)
EYE = (0.9, 1.25, 2.6)
FINE_SUBDIVISIONS = 24
# Frames kept of the animations, to stay well below a megabyte each.
ANIMATION_FRAMES = 60


def camera_at(eye, *, fov_y_degrees=33.0):
    height, width = PANEL_SIZE
    return mr.Camera.look_at(eye, fov_y_degrees=fov_y_degrees, aspect=width / height)


def shaded(mesh, camera, lights=LIGHTS):
    image = mr.render(mesh, camera, image_size=PANEL_SIZE, lights=lights, background=BACKGROUND)
    return image[0, ..., :3].numpy()


def silhouette(mesh, camera):
    coverage = mr.render_silhouette(mesh, camera, image_size=PANEL_SIZE)[0].numpy()[..., np.newaxis]
    return coverage * CREAM + (1 - coverage) * BACKGROUND


def depth(mesh, camera):
    values = mr.render_depth(mesh, camera, image_size=PANEL_SIZE)[0].numpy()[..., np.newaxis]
    covered = values > 0
    near, far = values[covered].min(), values[covered].max()
    share = (values - near) / (far - near)
    return np.where(covered, (1 - share) * NEAR_COLOR + share * FAR_COLOR, BACKGROUND)


def teaser(demo):
    """Shading, silhouette and depth of a fine teapot, then the results of examples 2 and 3."""
    teapot = mr.geometry.utah_teapot(FINE_SUBDIVISIONS)
    cream = mr.Mesh(
        teapot.vertices, teapot.faces, mr.VertexColors(tf.ones_like(teapot.vertices) * CREAM)
    )
    square = mr.load_mesh(demo / "02_fit_vertices" / "fitted.obj")
    banded = mr.load_mesh(demo / "03_fit_textures" / "fitted.obj")
    view = camera_at(EYE)
    panels = [
        shaded(cream, view),
        silhouette(teapot, view),
        depth(teapot, view),
        # The camera of example 2 stands at +x; the square shows only near there.
        shaded(square, camera_at((3.0, 0.25, 0.35))),
        # Example 3 paints from the height of the mesh; the lid, seen from above, is not fitted.
        shaded(banded, camera_at((0.9, 0.0, 2.9)), lights=()),
    ]
    return np.concatenate(panels, axis=1)


def animation(*paths):
    """GIFs side by side, each thinned to the same number of frames."""
    films = [iio.imread(path, index=None)[..., :3] for path in paths]
    count = min(ANIMATION_FRAMES, *map(len, films))
    chosen = [film[np.linspace(0, len(film) - 1, count).astype(int)] for film in films]
    return np.concatenate(chosen, axis=2) / 255.0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--demo", type=pathlib.Path, default=ROOT / "output" / "demo")
    parser.add_argument("--images", type=pathlib.Path, default=ROOT / "docs" / "images")
    options = parser.parse_args()
    demo, images = options.demo, options.images
    vertices, textures = demo / "02_fit_vertices", demo / "03_fit_textures"
    animations = {
        "fit_vertices.gif": [vertices / "optimization.gif", vertices / "result.gif"],
        "fit_textures.gif": [textures / "result.gif"],
        "find_camera.gif": [demo / "04_find_camera" / "result.gif"],
    }
    mr.write_image(images / "teaser.png", teaser(demo))
    for name, films in animations.items():
        mr.write_gif(images / name, animation(*films))
    for name in ("teaser.png", *animations):
        print(f"{images / name}: {(images / name).stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
