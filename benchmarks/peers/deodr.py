"""Process that times DEODR (PyPI): C++ in float64 on one thread, exact gradients, culls back faces.

Timed are its C++ rasterizer and gradient on scenes that are projected already, not the Python
around them: python -m benchmarks.peers.deodr
"""

import importlib
import importlib.metadata

import numpy as np

from benchmarks.worker import serve

# Width of the anti-aliased silhouette in pixels.
SIGMA = 1.0


def prepare():
    """See `worker.serve`."""
    # Imported where it is used; looked for here, so that its absence is known at the start.
    importlib.import_module("deodr.differentiable_renderer")
    facts = {
        "program": "deodr",
        "version": importlib.metadata.version("deodr"),
        "threads": 1,
        "dtype": "float64",
    }
    return facts, make_cases


def make_cases(workload):
    """{case: function}; scenes are made once, as a fitting loop would keep them."""
    from deodr.triangulated_mesh import TriMeshAdjacencies

    edges = TriMeshAdjacencies(workload.faces, nb_vertices=workload.vertices_clip.shape[1])
    # The silhouette of a mesh that is not manifold cannot be found: drawn with hard edges.
    sigma = SIGMA if edges.is_manifold else 0.0
    colored = _scenes(workload, workload.colors, edges)
    white = _scenes(workload, np.ones_like(workload.colors[..., :1]), edges)
    grad_image = workload.grad_image.astype(np.float64)
    target = workload.target[..., None].astype(np.float64)

    def render_backward():
        for scene, grad in zip(colored, grad_image):
            scene.render(sigma)
            _backward(scene, grad)

    def silhouette_backward():
        for scene, disc in zip(white, target):
            image, _ = scene.render(sigma)
            _backward(scene, 2 * (image - disc))

    return {
        "rasterize": lambda: [scene.render(sigma) for scene in colored],
        "render_backward": render_backward,
        "silhouette_backward": silhouette_backward,
    }


def _backward(scene, grad_image):
    scene.clear_gradients()
    scene.render_backward(grad_image, make_copies=False)


def _scenes(workload, colors, edges):
    """One projected scene for each image."""
    height, width = workload.image_size
    scenes = []
    for clip, color in zip(workload.vertices_clip.astype(np.float64), colors.astype(np.float64)):
        ndc = clip[:, :2] / clip[:, 3:]
        pixels = (1 + ndc * [1, -1]) * [width / 2, height / 2]  # x right, y down
        if edges.is_manifold:
            on_silhouette = edges.edge_on_silhouette(pixels)
        else:
            on_silhouette = np.zeros(workload.faces.shape, bool)
        sizes = {"height": height, "width": width}
        scenes.append(_scene(workload.faces, pixels, clip[:, 3], color, on_silhouette, **sizes))
    return scenes


def _scene(faces, pixels, depths, colors, on_silhouette, *, height, width):
    """A scene of plain vertex colours: nothing shaded, nothing textured."""
    from deodr.differentiable_renderer import Scene2D

    faces = faces.astype(np.uint32)
    return Scene2D(
        faces=faces,
        faces_uv=faces,
        ij=pixels,
        depths=depths,
        textured=np.zeros(len(faces), bool),
        uv=np.zeros((len(pixels), 2)),
        shade=np.zeros(len(pixels)),
        colors=colors,
        shaded=np.zeros(len(faces), bool),
        edgeflags=on_silhouette,
        height=height,
        width=width,
        nb_colors=colors.shape[1],
        texture=np.zeros((0, 0)),
        background_color=np.zeros(colors.shape[1]),
        backface_culling=True,
        integer_pixel_centers=False,
    )


if __name__ == "__main__":
    serve(prepare)
