"""Draws a mesh from 90 viewpoints: an animation, and colour, silhouette and depth of one view.

    python examples/01_render_viewpoints.py [--mesh FILE]

A mesh file keeps its colours or textures. Follows example 1 of the Neural 3D Mesh Renderer.
"""

import numpy as np
from absl import app, flags
from inputs import image_size, load_mesh, output_folder
from results import report
from viewpoints import orbit_camera, render_turntable

import tf_mesh_renderer as mr

TEXTURE_SIZE = flags.DEFINE_integer(
    "texture_size", 4, "Texels along each axis of a face's cube; more keep finer pictures."
)

ELEVATION = 30.0
STILL_AZIMUTH = -15.0
LIGHTS = (mr.AmbientLight(intensity=0.5), mr.DirectionalLight(intensity=0.5, direction=(0, 1, 0)))


def depth_as_grey(depth) -> np.ndarray:
    """Near white, far dark grey, nothing black; `depth` is 0 where nothing is."""
    depth = np.asarray(depth)
    covered = depth > 0
    near, far = depth[covered].min(), depth[covered].max()
    return np.where(covered, 1.0 - 0.8 * (depth - near) / (far - near), 0.0)


def main(_):
    folder, size = output_folder(), image_size()
    mesh = load_mesh(texture_size=TEXTURE_SIZE.value)

    frames = render_turntable(mesh, elevation=ELEVATION, lights=LIGHTS, image_size=size)
    mr.write_gif(folder / "turntable.gif", frames)

    camera = orbit_camera(STILL_AZIMUTH, elevation=ELEVATION)
    mr.write_image(folder / "color.png", mr.render(mesh, camera, lights=LIGHTS, image_size=size)[0])
    silhouette = mr.render_silhouette(mesh, camera, image_size=size)[0]
    mr.write_image(folder / "silhouette.png", silhouette)
    depth = mr.render_depth(mesh, camera, image_size=size)[0]
    mr.write_image(folder / "depth.png", depth_as_grey(depth))

    covered = frames[..., 3].mean(axis=(1, 2))
    report(
        folder,
        faces=mesh.num_faces,
        frames=len(frames),
        least_covered_fraction=float(covered.min()),
        most_covered_fraction=float(covered.max()),
        nearest_depth=float(np.min(depth[depth > 0])),
    )


if __name__ == "__main__":
    app.run(main)
